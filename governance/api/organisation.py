"""The caller, and the units of the organisation."""

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads
from governance.api.parsing import Out
from governance.organisation.selectors import units_tree


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


class Me(Endpoint):
    @reads("organisation:unit:read", gives=MeOut, says="Who calls, and with which roles.")
    def get(self, caller: Caller, ask: dict[str, object]) -> Response:
        roles = [{"role": str(role), "unit_path": path} for role, path in sorted(caller.standing.roles)]
        return Response(MeOut({"person": caller.standing.person, "roles": roles, "writes": caller.writes}).data)


class Units(Endpoint):
    @reads("organisation:unit:read", gives=UnitOut(many=True), says="All units, parents before children.")
    def get(self, caller: Caller, ask: dict[str, object]) -> Response:
        return Response(UnitOut(units_tree(), many=True).data)
