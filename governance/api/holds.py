"""One held request: what was found in it, masked, and what people do about it."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.gateway.held_copies import held_folder
from governance.gateway.selectors.holds import held_request
from governance.gateway.services.holds import decide_held
from governance.scanning.rules import HoldAct, HoldState

# Reading it unmasked is for a person at the page, where it is shown once.
DECIDED = [HoldAct.RELEASE, HoldAct.DISCARD]


class PieceOut(Out):
    text = serializers.CharField(help_text='Words around what was found; "" where something was found.')
    kind = serializers.CharField(help_text="The type of what was found and is masked here.")


class HeldTextOut(Out):
    place = serializers.CharField(help_text="The field of the request.")
    pieces = PieceOut(many=True)


class ActOut(Out):
    person = serializers.CharField()
    kind = serializers.ChoiceField(list(HoldAct))
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class HoldWholeOut(Out):
    exchange = serializers.UUIDField()
    initiative = serializers.CharField()
    destination = serializers.CharField()
    unit_name = serializers.CharField(source="unit")
    reason = serializers.CharField()
    state = serializers.ChoiceField(list(HoldState))
    held_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    acts = ActOut(many=True)
    texts = HeldTextOut(many=True, help_text="Masked; empty once nothing waits any more.")
    released_until = serializers.DateTimeField(allow_null=True)
    used_at = serializers.DateTimeField(allow_null=True)
    may_decide = serializers.BooleanField()
    may_reveal = serializers.BooleanField()


class HoldActIn(In):
    act = serializers.ChoiceField(DECIDED)
    reason = Text(max_length=2000)


class Hold(Endpoint):
    @reads("scanning:hold:read", gives=HoldWholeOut, says="One held request, masked.")
    def get(self, caller: Caller, ask: dict[str, Any], exchange: UUID) -> Response:
        return _shown(exchange, caller)


class HoldActs(Endpoint):
    @writes(
        "scanning:hold:release",
        takes=HoldActIn,
        gives=HoldWholeOut,
        status=201,
        says="Release it (two people) or discard it: released, exactly the same request passes once within a day.",
        step_up=True,
        in_person=True,
    )
    def post(self, caller: Caller, body: dict[str, Any], exchange: UUID) -> Response:
        _shown(exchange, caller)
        act = HoldAct(body["act"])
        decide_held(exchange_id=exchange, act=act, reason=body["reason"], by=caller.actor, at=now())
        return _shown(exchange, caller)


def _shown(exchange: UUID, caller: Caller) -> Response:
    found = held_request(exchange, standing=caller.standing, folder=held_folder(), at=now())
    return Response(HoldWholeOut(found).data)
