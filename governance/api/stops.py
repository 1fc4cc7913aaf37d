"""Stops and drills: one person stops what is sent at once, two lift it; each tells after how long every process had stopped."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.gateway.selectors import stops as selectors
from governance.gateway.services import stops as services
from governance.gateway.stopping import LONGEST_REASON, StopScope, StopState

READ, MAKE, LIFT = "gateway:stop:read", "gateway:stop:make", "gateway:stop:lift"


class EffectOut(Out):
    process = serializers.CharField(help_text="A process of the gateway: its machine and number.")
    milliseconds = serializers.IntegerField(help_text="After how long nothing of it ran there any more.")
    calls = serializers.IntegerField(help_text="Open calls it cut; in a drill, those it would have cut.")
    at = serializers.DateTimeField()


class StopOut(Out):
    id = serializers.UUIDField()
    scope = serializers.ChoiceField(list(StopScope))
    target = serializers.CharField(
        source="ref", help_text="Code of the initiative, reference of the destination or login; empty for everything."
    )
    title = serializers.CharField()
    drill = serializers.BooleanField()
    state = serializers.ChoiceField(list(StopState))
    reason = serializers.CharField()
    made_by = serializers.CharField()
    made_at = serializers.DateTimeField()
    lift_asked_by = serializers.CharField()
    lift_asked_at = serializers.DateTimeField(allow_null=True)
    lift_reason = serializers.CharField()
    lifted_by = serializers.CharField()
    lifted_at = serializers.DateTimeField(allow_null=True)
    effects = EffectOut(many=True)
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="Processes that were alive when it began and have said nothing."
    )
    held_after_ms = serializers.IntegerField(
        source="slowest_ms", allow_null=True, help_text="The slowest process that answered; null when none did."
    )


class StopsAsk(ListAsk):
    state = serializers.ChoiceField(list(StopState), required=False)
    scope = serializers.ChoiceField(list(StopScope), required=False)


class StopIn(In):
    scope = serializers.ChoiceField(list(StopScope))
    target = Text(
        max_length=200,
        required=False,
        help_text="Code of an initiative, reference of a destination, login of a person.",
    )
    reason = Text(max_length=LONGEST_REASON, help_text="Whoever is refused from now on reads it.")
    drill = serializers.BooleanField(default=False, help_text="Hold nothing up; only measure.")


class LiftIn(In):
    reason = Text(max_length=LONGEST_REASON, help_text="What has changed: the second person decides by it.")


class Stops(Endpoint):
    @reads(
        READ, asks=StopsAsk, gives=page_shape(StopOut), says="Stops and drills the caller may see, the newest first."
    )
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.stops, StopOut, standing=caller.standing, at=now())

    @writes(MAKE, takes=StopIn, gives=StopOut, status=201, says="Stop what is sent, at once; or drill it.")
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        told = {"target": body.get("target"), "reason": body["reason"], "drill": body["drill"]}
        made = services.place_stop(scope=StopScope(body["scope"]), **told, by=caller.actor, at=now())
        return _shown(made.pk, caller)


class Stop(Endpoint):
    @reads(READ, gives=StopOut, says="One stop or drill, and after how long each process had stopped.")
    def get(self, caller: Caller, ask: dict[str, Any], stop: UUID) -> Response:
        return _shown(stop, caller)


class StopLift(Endpoint):
    @writes(
        MAKE, takes=LiftIn, gives=StopOut, says="Ask to lift it: it holds until a second person confirms.", step_up=True
    )
    def post(self, caller: Caller, body: dict[str, Any], stop: UUID) -> Response:
        services.ask_lift(stop_id=stop, reason=body["reason"], by=caller.actor, at=now())
        return _shown(stop, caller)

    @writes(MAKE, says="Set the wish to lift it aside, or take back one's own: it holds on.")
    def delete(self, caller: Caller, body: dict[str, Any], stop: UUID) -> Response:
        services.keep_stop(stop_id=stop, by=caller.actor, at=now())
        return Response()


class StopLiftConfirmation(Endpoint):
    @writes(LIFT, gives=StopOut, says="Be the second of the two: what was stopped is sent again.", step_up=True)
    def post(self, caller: Caller, body: dict[str, Any], stop: UUID) -> Response:
        services.confirm_lift(stop_id=stop, by=caller.actor, at=now())
        return _shown(stop, caller)


def _shown(stop_id: UUID, caller: Caller) -> Response:
    return Response(StopOut(selectors.stop(stop_id, standing=caller.standing, at=now()).row).data)
