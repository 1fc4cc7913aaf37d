"""Initiatives, who claims them, and who builds them."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.initiatives import selectors, services
from governance.initiatives.rules import AiActClass, Basis, ClaimState, InitiativeState, Tier


class InitiativeOut(Out):
    id = serializers.UUIDField()
    code = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(list(InitiativeState))
    tier = serializers.ChoiceField(list(Tier))
    ai_act_class = serializers.ChoiceField(list(AiActClass))
    unit = serializers.UUIDField(source="unit_id", help_text="The accountable unit.")
    unit_name = serializers.CharField(source="unit")
    claims = serializers.IntegerField()
    contested = serializers.BooleanField()
    members = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    revision = serializers.IntegerField()


class ClaimOut(Out):
    id = serializers.UUIDField()
    unit = serializers.UUIDField(source="unit_id")
    unit_name = serializers.CharField(source="unit")
    basis = serializers.ChoiceField(list(Basis))
    evidence = serializers.CharField()
    state = serializers.ChoiceField(list(ClaimState))
    made_by = serializers.CharField()
    made_at = serializers.DateTimeField()
    is_owner = serializers.BooleanField()


class MemberOut(Out):
    person = serializers.UUIDField(source="person_id")
    name = serializers.CharField()
    since = serializers.DateTimeField()


class InitiativeWholeOut(Out):
    row = InitiativeOut()
    purpose_text = serializers.CharField()
    human_oversight = serializers.CharField()
    accuracy_need = serializers.CharField()
    proposed_by = serializers.CharField()
    claims = ClaimOut(many=True)
    members = MemberOut(many=True)


class InitiativesAsk(ListAsk):
    search = Text(required=False, allow_blank=True, max_length=100)
    state = serializers.ChoiceField(list(InitiativeState), required=False)
    tier = serializers.ChoiceField(list(Tier), required=False)
    contested = serializers.BooleanField(required=False)
    mine = serializers.BooleanField(required=False)
    sort = serializers.ChoiceField(list(selectors.SORTS), required=False)


class InitiativeIn(In):
    title = Text(max_length=120)
    purpose_text = Text(max_length=4000)
    unit = serializers.UUIDField(source="unit_id")
    tier = serializers.ChoiceField(list(Tier), required=False)
    ai_act_class = serializers.ChoiceField(list(AiActClass), required=False)
    human_oversight = Text(required=False, allow_blank=True)
    accuracy_need = Text(required=False, allow_blank=True)


class InitiativeChangesIn(In):
    revision = serializers.IntegerField(min_value=1)
    title = Text(max_length=120, required=False)
    purpose_text = Text(max_length=4000, required=False)
    tier = serializers.ChoiceField(list(Tier), required=False)
    ai_act_class = serializers.ChoiceField(list(AiActClass), required=False)
    human_oversight = Text(required=False, allow_blank=True)
    accuracy_need = Text(required=False, allow_blank=True)


class ClaimIn(In):
    unit = serializers.UUIDField(source="unit_id")
    basis = serializers.ChoiceField(list(Basis))
    evidence = Text(max_length=4000)
    head = serializers.UUIDField(source="head_id", help_text="The person who heads the unit and stands for the claim.")
    accountable = serializers.BooleanField(required=False, help_text="False: the unit only has a part in it.")
    new_evidence = Text(required=False, max_length=4000, allow_blank=True, help_text="What is new since the unit lost.")


class MemberIn(In):
    person = serializers.UUIDField(source="person_id")


class Initiatives(Endpoint):
    @reads("initiatives:initiative:read", asks=InitiativesAsk, gives=page_shape(InitiativeOut), says="Initiatives.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.initiatives, InitiativeOut, standing=caller.standing)

    @writes(
        "initiatives:initiative:propose",
        takes=InitiativeIn,
        gives=InitiativeWholeOut,
        status=201,
        says="Propose an initiative.",
    )
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        return _shown(services.propose_initiative(**body, by=caller.actor, at=now()).code, caller)


class Initiative(Endpoint):
    @reads("initiatives:initiative:read", gives=InitiativeWholeOut, says="One initiative, by its code or id.")
    def get(self, caller: Caller, ask: dict[str, Any], code: str) -> Response:
        return _shown(code, caller)

    @writes(
        "initiatives:initiative:edit", takes=InitiativeChangesIn, gives=InitiativeWholeOut, says="Change an initiative."
    )
    def patch(self, caller: Caller, body: dict[str, Any], code: str) -> Response:
        services.edit_initiative(initiative_id=_id(code, caller), **body, by=caller.actor, at=now())
        return _shown(code, caller)


class Claims(Endpoint):
    @writes(
        "initiatives:claim:assert", takes=ClaimIn, gives=InitiativeWholeOut, status=201, says="Claim an initiative."
    )
    def post(self, caller: Caller, body: dict[str, Any], code: str) -> Response:
        services.assert_claim(initiative_id=_id(code, caller), **body, by=caller.actor, at=now())
        return _shown(code, caller)


class Claim(Endpoint):
    @writes("initiatives:claim:assert", says="Withdraw a claim.")
    def delete(self, caller: Caller, body: dict[str, Any], claim: UUID) -> Response:
        services.withdraw_claim(claim_id=claim, by=caller.actor, at=now())
        return Response()


class Members(Endpoint):
    @writes("initiatives:initiative:edit", takes=MemberIn, gives=InitiativeWholeOut, status=201, says="Add a builder.")
    def post(self, caller: Caller, body: dict[str, Any], code: str) -> Response:
        services.add_member(initiative_id=_id(code, caller), **body, by=caller.actor, at=now())
        return _shown(code, caller)


class Member(Endpoint):
    @writes("initiatives:initiative:edit", says="Remove a builder.")
    def delete(self, caller: Caller, body: dict[str, Any], code: str, person: UUID) -> Response:
        services.remove_member(initiative_id=_id(code, caller), person_id=person, by=caller.actor, at=now())
        return Response()


def _id(code: str, caller: Caller) -> UUID:
    """Return the id of an initiative the caller may see, so that a hidden one is not found, whatever is asked of it."""
    return selectors.initiative(code, standing=caller.standing).row.id


def _shown(code: str, caller: Caller) -> Response:
    return Response(InitiativeWholeOut(selectors.initiative(code, standing=caller.standing)).data)
