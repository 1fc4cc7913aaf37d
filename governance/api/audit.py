"""The audit log as a stream: by number, without gaps for an auditor, in constant memory."""

from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from governance.api.doors import Endpoint, admitted, checked
from governance.api.parsing import In
from governance.api.schema import REFUSALS
from governance.audit.formats import FORMATS
from governance.audit.selectors import events_after
from governance.organisation.selectors import paths_for

EXPORT = "audit:event:export"
LARGEST = 1_000_000


class EventsAsk(In):
    after = serializers.IntegerField(
        min_value=-1, max_value=2**62, default=-1, help_text="The last number you have; -1 for all."
    )
    limit = serializers.IntegerField(min_value=1, max_value=LARGEST, default=1000)
    format = serializers.ChoiceField(list(FORMATS), default="ndjson")


class Events(Endpoint):
    """Continue with `after` set to the last `idx` you received: nothing is missed, nothing comes twice."""

    @extend_schema(
        parameters=[EventsAsk],
        summary="Events after a number, in the order of the log.",
        responses={
            (200, "application/x-ndjson"): OpenApiResponse(OpenApiTypes.STR),
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR),
            (200, "application/json"): {"type": "array", "items": {"type": "object"}},
            **REFUSALS,
        },
    )
    def get(self, request: Request) -> Response | StreamingHttpResponse:
        caller = admitted(request, EXPORT, writes=False)
        ask: dict[str, Any] = checked(EventsAsk, request.query_params.dict())
        content_type, write = FORMATS[ask["format"]]
        found = events_after(ask["after"], ask["limit"], paths=paths_for(caller.standing, EXPORT))
        answer = StreamingHttpResponse(write(found), content_type=content_type)
        answer["Content-Disposition"] = f'attachment; filename="remit-events-after-{ask["after"]}.{ask["format"]}"'
        return answer

    get.permission = EXPORT  # type: ignore[attr-defined]  # stated here, since the door is not made by `reads`
