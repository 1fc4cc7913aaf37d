"""When units work: hours, public holidays, closures."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.organisation import services
from governance.organisation.calendars import hours_row


class ClosureOut(Out):
    id = serializers.UUIDField()
    unit = serializers.CharField()
    first_date = serializers.DateField()
    last_date = serializers.DateField()
    reason = serializers.CharField()
    own = serializers.BooleanField(help_text="False: stated by a unit above.")


class HoursOut(Out):
    unit = serializers.UUIDField(source="unit_id")
    time_zone = serializers.CharField()
    days = serializers.ListField(child=serializers.IntegerField(), help_text="ISO weekdays; Monday is 1.")
    opens = serializers.TimeField(format="%H:%M")
    closes = serializers.TimeField(format="%H:%M", help_text="00:00 means the end of the day.")
    country = serializers.CharField(help_text='Whose public holidays are free: "CH" or "CH-ZH"; "" for none.')
    stated_by = serializers.CharField(help_text='The unit whose hours these are; "" for the usual week.')
    closures = ClosureOut(many=True)


class HoursIn(In):
    days = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=7), min_length=1, max_length=7)
    opens = serializers.TimeField(input_formats=["%H:%M"])
    closes = serializers.TimeField(input_formats=["%H:%M"])
    country = Text(required=False, allow_blank=True, max_length=10)


class ClosureIn(In):
    first_date = serializers.DateField()
    last_date = serializers.DateField()
    reason = Text(max_length=services.LONGEST_CLOSURE_REASON)


class Hours(Endpoint):
    @reads("organisation:unit:read", gives=HoursOut, says="When a unit works, and its closures to come.")
    def get(self, caller: Caller, ask: dict[str, Any], unit_id: UUID) -> Response:
        return _shown(unit_id)

    @writes("organisation:hours:edit", takes=HoursIn, gives=HoursOut, says="State when a unit and those below it work.")
    def put(self, caller: Caller, body: dict[str, Any], unit_id: UUID) -> Response:
        services.set_working_hours(unit_id=unit_id, **body, by=caller.actor, at=now())
        return _shown(unit_id)


class Closures(Endpoint):
    @writes("organisation:hours:edit", takes=ClosureIn, gives=HoursOut, status=201, says="Close a unit for some days.")
    def post(self, caller: Caller, body: dict[str, Any], unit_id: UUID) -> Response:
        services.add_closure(unit_id=unit_id, **body, by=caller.actor, at=now())
        return _shown(unit_id)


class Closure(Endpoint):
    @writes("organisation:hours:edit", says="Take a closure back.")
    def delete(self, caller: Caller, body: dict[str, Any], closure: UUID) -> Response:
        services.remove_closure(closure_id=closure, by=caller.actor, at=now())
        return Response(status=204)


def _shown(unit_id: UUID) -> Response:
    return Response(HoursOut(hours_row(unit_id, on=now().date())).data)
