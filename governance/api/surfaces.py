"""What the gateway reads: each path of each provider's interface, and what becomes of a call."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import Out, Text
from governance.destinations.rules import Dialect
from governance.gateway.dialects.wire_format import Treatment
from governance.gateway.selectors.surfaces import SORTS, surfaces


class SurfaceOut(Out):
    dialect = serializers.ChoiceField(list(Dialect))
    method = serializers.CharField(help_text="ANY: all methods are treated alike.")
    path = serializers.CharField(help_text="{model} stands for the name of a model, {rest} for anything.")
    title = serializers.CharField()
    treatment = serializers.ChoiceField(list(Treatment))
    recorded_as = serializers.CharField(help_text='The name in the record of a call; "" when none is sent.')
    why = serializers.CharField()
    remedy = serializers.CharField()


class SurfacesAsk(ListAsk):
    search = Text(required=False, allow_blank=True, max_length=100)
    dialect = serializers.ChoiceField(list(Dialect), required=False)
    treatment = serializers.ChoiceField(list(Treatment), required=False)
    sort = serializers.ChoiceField([*SORTS, *(f"-{each}" for each in SORTS)], required=False)


class Surfaces(Endpoint):
    @reads(
        "destinations:destination:read",
        asks=SurfacesAsk,
        gives=page_shape(SurfaceOut),
        says="What the gateway does with each path: scanned, answered, refused or unsupported.",
    )
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, surfaces, SurfaceOut)
