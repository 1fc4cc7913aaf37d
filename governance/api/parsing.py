"""What comes in is read strictly: one meaning or a refusal, and no field that nobody asked for."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from governance.core import strict_json
from governance.core.errors import Invalid


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return strict_json.loads(stream.read())
        except Invalid as wrong:
            raise ParseError(wrong.reason, code=wrong.code) from None


UNKNOWN = "There is no such field here."


class In(serializers.Serializer[Any]):
    """A body: an unknown field is a mistake to be told, not a wish to be ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({str(name): [UNKNOWN] for name in unknown}, code="unknown")
        return super().to_internal_value(data)


class Out(serializers.Serializer[Any]):
    """An answer: only the fields written here leave, whatever the row holds."""


class Text(serializers.CharField):
    """Text that the database can hold: no NUL, no lone surrogate."""

    def __init__(self, **limits: Any) -> None:
        limits.setdefault("max_length", 2000)
        limits.setdefault("trim_whitespace", False)
        super().__init__(**limits)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if any("\ud800" <= character <= "\udfff" for character in data):
            raise serializers.ValidationError("It holds half of a surrogate pair.", code="surrogate")
        return str(super().to_internal_value(data))
