"""Delegations: who decides in the caller's place while they are away, and for whom the caller sits in."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, page_shape, whole
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.organisation import away, services
from governance.organisation.away import DelegationState
from governance.organisation.delegation import LONGEST_REASON
from governance.organisation.roles import DECIDERS

MAKE = "organisation:delegation:make"
DECIDING = sorted(DECIDERS)


class DelegationOut(Out):
    id = serializers.UUIDField()
    giver = serializers.CharField()
    deputy = serializers.CharField()
    given_by_me = serializers.BooleanField()
    role = serializers.ChoiceField(["", *DECIDING], help_text="Empty: every role of the giver.")
    unit_name = serializers.CharField(source="unit", help_text="Empty: every unit of the giver.")
    subject_kind = serializers.CharField(help_text="Empty: every kind of request.")
    reason = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    state = serializers.ChoiceField(list(DelegationState))


class DelegationIn(In):
    deputy = serializers.UUIDField(source="deputy_id")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(help_text="At most 180 days later.")
    reason = Text(max_length=LONGEST_REASON)
    role = serializers.ChoiceField(DECIDING, required=False)
    unit = serializers.UUIDField(source="unit_id", required=False, help_text="It and all below it.")
    subject_kind = Text(max_length=40, required=False, allow_blank=True)


class Delegations(Endpoint):
    @reads(MAKE, asks=ListAsk, gives=page_shape(DelegationOut), says="What the caller handed on, and what others did.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return whole(ask, away.delegations(caller.standing.person, at=now()), DelegationOut)

    @writes(
        MAKE,
        takes=DelegationIn,
        gives=DelegationOut,
        status=201,
        says="Let somebody decide in the caller's place for a time.",
        step_up=True,
    )
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        made = services.delegate(**body, by=caller.actor, at=now())
        rows = away.delegations(caller.standing.person, at=now())
        return Response(DelegationOut(next(row for row in rows if row.id == made.pk)).data)


class Delegation(Endpoint):
    @writes(MAKE, says="Take a delegation back, or lay one down.")
    def delete(self, caller: Caller, body: dict[str, Any], delegation: UUID) -> Response:
        services.end_delegation(delegation_id=delegation, by=caller.actor, at=now())
        return Response()
