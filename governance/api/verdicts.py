"""What a caller may do with a thing, and why not."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from governance.api.parsing import Out
from governance.core.verdict import Denied, Verdict


class VerdictOut(Out):
    allowed = serializers.BooleanField()
    code = serializers.CharField(help_text='Stable and machine-readable; "" when allowed.')
    reason = serializers.CharField()
    remedy = serializers.CharField()


@extend_schema_field(VerdictOut)
class VerdictField(serializers.Field[Verdict, Any, dict[str, Any], Any]):
    """A verdict in an answer."""

    def to_representation(self, value: Verdict) -> dict[str, Any]:
        if isinstance(value, Denied):
            return {"allowed": False, "code": value.code, "reason": value.reason, "remedy": value.remedy}
        return {"allowed": True, "code": "", "reason": "", "remedy": ""}
