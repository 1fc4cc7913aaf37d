"""The caller, and the units of the organisation."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.organisation.rules import UnitKind
from governance.organisation.selectors import units_tree
from governance.organisation.services import dissolve_unit, make_unit, name_head


class HeldOut(Out):
    role = serializers.CharField()
    unit_path = serializers.CharField()


class MeOut(Out):
    person = serializers.UUIDField()
    roles = HeldOut(many=True)
    writes = serializers.BooleanField(help_text="False for a key that may only read.")


class UnitOut(Out):
    id = serializers.UUIDField()
    ref = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    path = serializers.CharField(help_text="Ids from the root down, with / around each: a subtree is a prefix.")
    head = serializers.UUIDField(
        source="head_id", allow_null=True, help_text="The person named as its head, null for nobody."
    )
    revision = serializers.IntegerField()


class UnitIn(In):
    name = Text(max_length=120)
    ref = Text(max_length=48)
    kind = serializers.ChoiceField(list(UnitKind))
    parent = serializers.UUIDField(source="parent_id")  # type: ignore[assignment]  # fields of a shape are no attributes
    time_zone = Text(required=False, allow_blank=True, max_length=60, help_text="IANA name; empty: the parent's.")


class Me(Endpoint):
    @reads("organisation:unit:read", gives=MeOut, says="Who calls, and with which roles.")
    def get(self, caller: Caller, ask: dict[str, object]) -> Response:
        roles = [{"role": str(role), "unit_path": path} for role, path in sorted(caller.standing.roles)]
        return Response(MeOut({"person": caller.standing.person, "roles": roles, "writes": caller.writes}).data)


class Units(Endpoint):
    @reads("organisation:unit:read", gives=UnitOut(many=True), says="All units, parents before children.")
    def get(self, caller: Caller, ask: dict[str, object]) -> Response:
        return Response(UnitOut(units_tree(), many=True).data)

    @writes("organisation:unit:edit", takes=UnitIn, gives=UnitOut, status=201, says="Make a unit below another.")
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        return Response(UnitOut(make_unit(**body, by=caller.actor, at=now())).data)


class DissolutionIn(In):
    successor = serializers.UUIDField(
        source="successor_id", required=False, help_text="Who takes over what it answers for; left out: the unit above."
    )


class Dissolution(Endpoint):
    @writes("organisation:unit:edit", takes=DissolutionIn, says="Dissolve a unit; its successor takes over.")
    def post(self, caller: Caller, body: dict[str, Any], unit: UUID) -> Response:
        dissolve_unit(unit_id=unit, **body, by=caller.actor, at=now())
        return Response()


class HeadIn(In):
    person = serializers.UUIDField(
        source="person_id", allow_null=True, help_text="A unit head there; null: nobody by name."
    )
    revision = serializers.IntegerField(min_value=1)


class UnitHead(Endpoint):
    @writes("organisation:unit:edit", takes=HeadIn, gives=UnitOut, says="Name the person who heads a unit.")
    def put(self, caller: Caller, body: dict[str, Any], unit: UUID) -> Response:
        return Response(UnitOut(name_head(unit_id=unit, **body, by=caller.actor, at=now())).data)
