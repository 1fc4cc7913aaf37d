"""Contests, what their sides say, rulings and appeals; capabilities; offers to hand an initiative over."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.initiatives import ClaimIn
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.initiatives import selectors, services
from governance.initiatives.rules import (
    Basis,
    ClaimState,
    ContestState,
    Involvement,
    Outcome,
    Part,
    Plan,
    Share,
    Through,
)

READ, SPEAK = "initiatives:contest:read", "initiatives:claim:assert"
TRANSFER = "initiatives:initiative:transfer"


class ContestOut(Out):
    id = serializers.UUIDField()
    title = serializers.CharField()
    code = serializers.CharField(help_text="Of the initiative or capability.")
    kind = serializers.ChoiceField(["initiative", "capability"])
    state = serializers.ChoiceField(list(ContestState))
    level = serializers.IntegerField(help_text="1, or 2 for the appeal.")
    units = serializers.ListField(child=serializers.CharField())
    interim = serializers.CharField(help_text="The unit that answers for it meanwhile.")
    arbiter = serializers.CharField(help_text='"" while there is nobody of neither side.')
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()


class StatementOut(Out):
    level = serializers.IntegerField()
    text = serializers.CharField()
    written_by = serializers.CharField()
    written_at = serializers.DateTimeField()
    revision = serializers.IntegerField()


class ContestSideOut(Out):
    unit = serializers.UUIDField(source="unit_id")
    unit_name = serializers.CharField(source="unit")
    claim = serializers.UUIDField(source="claim_id", allow_null=True)
    basis = serializers.ChoiceField(list(Basis), allow_null=True)
    evidence = serializers.CharField()
    new_evidence = serializers.CharField()
    vouched_by = serializers.CharField()
    made_at = serializers.DateTimeField(allow_null=True)
    is_interim = serializers.BooleanField()
    statements = StatementOut(many=True)


class RulingOut(Out):
    id = serializers.UUIDField()
    level = serializers.IntegerField()
    outcome = serializers.ChoiceField(list(Outcome))
    text = serializers.ListField(child=serializers.CharField(), help_text="What changes, in sentences.")
    reasons = serializers.CharField()
    ruled_by = serializers.CharField(help_text='"" when the date passed and nobody ruled.')
    ruled_at = serializers.DateTimeField()
    effective_date = serializers.DateField()
    review_date = serializers.DateField()
    applied_at = serializers.DateTimeField(allow_null=True)
    replaced_at = serializers.DateTimeField(allow_null=True)


class AppealOut(Out):
    unit = serializers.CharField()
    reasons = serializers.CharField()
    made_by = serializers.CharField()
    made_at = serializers.DateTimeField()


class ContestCommentOut(Out):
    author = serializers.CharField()
    text = serializers.CharField()
    at = serializers.DateTimeField()


class ContestWholeOut(Out):
    row = ContestOut()
    sides = ContestSideOut(many=True)
    rulings = RulingOut(many=True)
    appeal = AppealOut(allow_null=True)
    appeal_until = serializers.DateTimeField(allow_null=True)
    comments = ContestCommentOut(many=True)


class ContestsAsk(ListAsk):
    state = serializers.ChoiceField([*ContestState, "undecided"], required=False)
    whose = serializers.ChoiceField(["rule", "side"], required=False, help_text="Those I rule on, or of my units.")
    sort = serializers.ChoiceField(list(selectors.CONTEST_SORTS), required=False)


class StatementIn(In):
    unit = serializers.UUIDField(source="unit_id")
    text = Text(max_length=8000)
    revision = serializers.IntegerField(min_value=0, default=0, help_text="That of the statement seen; 0 for none.")


class ContestCommentIn(In):
    text = Text(max_length=4000)


class AppealIn(In):
    unit = serializers.UUIDField(source="unit_id")
    reasons = Text(max_length=8000)


class PartIn(In):
    title = Text(max_length=200)
    purpose_text = Text(max_length=4000)
    unit = serializers.UUIDField()
    datasets = serializers.ListField(child=Text(max_length=64), required=False, max_length=100)


class ShareIn(In):
    unit = serializers.UUIDField()
    involvement = serializers.ChoiceField(list(Involvement))


class RulingIn(In):
    outcome = serializers.ChoiceField([each for each in Outcome if each is not Outcome.CONFIRM])
    unit = serializers.UUIDField(required=False, help_text="Who is accountable; not for a merge.")
    parts = PartIn(many=True, required=False)
    into = serializers.UUIDField(required=False, help_text="The initiative a merge joins.")
    shares = ShareIn(many=True, required=False)
    reasons = Text(max_length=8000)
    effective = serializers.DateField()
    review = serializers.DateField()


class Contests(Endpoint):
    @reads(READ, asks=ContestsAsk, gives=page_shape(ContestOut), says="Contests, the next due first.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.contests, ContestOut, standing=caller.standing)


class Contest(Endpoint):
    @reads(READ, gives=ContestWholeOut, says="One contest with all its sides.")
    def get(self, caller: Caller, ask: dict[str, Any], contest: UUID) -> Response:
        return _shown(contest, caller)


class Statement(Endpoint):
    @writes(SPEAK, takes=StatementIn, gives=ContestWholeOut, says="Say, or say again, why it is a unit's.")
    def put(self, caller: Caller, body: dict[str, Any], contest: UUID) -> Response:
        _require_seen(contest, caller)
        services.write_statement(contest_id=contest, **body, by=caller.actor, at=now())
        return _shown(contest, caller)


class ContestComments(Endpoint):
    @writes(
        "initiatives:contest:comment", takes=ContestCommentIn, gives=ContestWholeOut, status=201, says="Comment on it."
    )
    def post(self, caller: Caller, body: dict[str, Any], contest: UUID) -> Response:
        _require_seen(contest, caller)
        services.comment_contest(contest_id=contest, **body, by=caller.actor, at=now())
        return _shown(contest, caller)


class Rulings(Endpoint):
    @writes("initiatives:contest:rule", takes=RulingIn, gives=ContestWholeOut, status=201, says="Rule, as its arbiter.")
    def post(self, caller: Caller, body: dict[str, Any], contest: UUID) -> Response:
        _require_seen(contest, caller)
        if "into" in body:  # an arbiter merges only into what they may see
            selectors.initiative(body["into"], standing=caller.standing)
        dated = {name: body[name] for name in ("reasons", "effective", "review")}
        services.rule_on_contest(contest_id=contest, plan=_plan(body), **dated, by=caller.actor, at=now())
        return _shown(contest, caller)


class Appeals(Endpoint):
    @writes(SPEAK, takes=AppealIn, gives=ContestWholeOut, status=201, says="Appeal a ruling, for a unit that lost.")
    def post(self, caller: Caller, body: dict[str, Any], contest: UUID) -> Response:
        _require_seen(contest, caller)
        services.appeal_ruling(contest_id=contest, **body, by=caller.actor, at=now())
        return _shown(contest, caller)


def _plan(body: dict[str, Any]) -> Plan:
    return Plan(
        outcome=Outcome(body["outcome"]),
        unit=body.get("unit"),
        parts=tuple(
            Part(each["title"], each["purpose_text"], each["unit"], tuple(each.get("datasets", ())))
            for each in body.get("parts", ())
        ),
        into=body.get("into"),
        shares=tuple(Share(each["unit"], Involvement(each["involvement"])) for each in body.get("shares", ())),
    )


def _require_seen(contest: UUID, caller: Caller) -> None:
    selectors.contest(contest, standing=caller.standing, at=now())


def _shown(contest: UUID, caller: Caller) -> Response:
    return Response(ContestWholeOut(selectors.contest(contest, standing=caller.standing, at=now())).data)


class CapabilityClaimOut(Out):
    unit = serializers.CharField()
    basis = serializers.ChoiceField(list(Basis))
    state = serializers.ChoiceField(list(ClaimState))


class CapabilityOut(Out):
    id = serializers.UUIDField()
    code = serializers.CharField()
    title = serializers.CharField()
    purpose_text = serializers.CharField()
    owner = serializers.CharField(help_text='"" while nobody owns it.')
    claims = CapabilityClaimOut(many=True)


class CapabilitiesAsk(ListAsk):
    search = Text(required=False, allow_blank=True, max_length=100)


class CapabilityIn(In):
    title = Text(max_length=200)
    purpose_text = Text(max_length=4000)


class Capabilities(Endpoint):
    @reads("initiatives:capability:read", asks=CapabilitiesAsk, gives=page_shape(CapabilityOut), says="Areas to claim.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.capabilities, CapabilityOut, standing=caller.standing)

    @writes(
        "initiatives:capability:edit",
        takes=CapabilityIn,
        gives=CapabilityOut,
        status=201,
        says="Name an area that units may claim.",
    )
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        return _capability(services.add_capability(**body, by=caller.actor, at=now()).code, caller)


class CapabilityClaims(Endpoint):
    @writes(SPEAK, takes=ClaimIn, gives=CapabilityOut, status=201, says="Claim a capability.")
    def post(self, caller: Caller, body: dict[str, Any], code: str) -> Response:
        found = selectors.capability(code, standing=caller.standing)
        services.assert_claim(capability_id=found.id, **body, by=caller.actor, at=now())
        return _capability(code, caller)


def _capability(code: str, caller: Caller) -> Response:
    return Response(CapabilityOut(selectors.capability(code, standing=caller.standing)).data)


class OwnerOut(Out):
    unit = serializers.CharField()
    since = serializers.DateTimeField()
    through = serializers.ChoiceField(list(Through))


class TransferOut(Out):
    id = serializers.UUIDField()
    unit = serializers.UUIDField(source="to_unit_id", help_text="The unit it is offered to.")
    state = serializers.CharField()
    expires_at = serializers.DateTimeField()


class TransferIn(In):
    unit = serializers.UUIDField(source="unit_id")
    reason = Text(max_length=4000)


class TransferAnswerIn(In):
    accept = serializers.BooleanField()


class Owners(Endpoint):
    @reads(
        "initiatives:initiative:read",
        gives=OwnerOut(many=True),
        says="Who answered for it since when, the present last.",
    )
    def get(self, caller: Caller, ask: dict[str, Any], code: str) -> Response:
        found = selectors.initiative(code, standing=caller.standing)
        return Response(OwnerOut(selectors.periods_of(selectors.initiative_named(found.row.id)), many=True).data)


class Transfers(Endpoint):
    @writes(TRANSFER, takes=TransferIn, gives=TransferOut, status=201, says="Offer an initiative to another unit.")
    def post(self, caller: Caller, body: dict[str, Any], code: str) -> Response:
        found = selectors.initiative(code, standing=caller.standing)
        made = services.offer_transfer(initiative_id=found.row.id, **body, by=caller.actor, at=now())
        return Response(TransferOut(made).data)


class Transfer(Endpoint):
    @writes(TRANSFER, says="Withdraw an offer.")
    def delete(self, caller: Caller, body: dict[str, Any], transfer: UUID) -> Response:
        services.withdraw_transfer(transfer_id=transfer, by=caller.actor, at=now())
        return Response()


class TransferAnswer(Endpoint):
    @writes(TRANSFER, takes=TransferAnswerIn, gives=TransferOut, status=201, says="Accept or decline an offer.")
    def post(self, caller: Caller, body: dict[str, Any], transfer: UUID) -> Response:
        answered = services.answer_transfer(transfer_id=transfer, **body, by=caller.actor, at=now())
        return Response(TransferOut(answered).data)
