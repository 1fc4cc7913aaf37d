"""Exchanges: what left, what was changed, why; reasons people give, and mistakes they report."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape, whole
from governance.api.parsing import In, Out, Text
from governance.api.scanning import FindingOut, MistakeOut
from governance.core.clock import now
from governance.core.errors import NotFound
from governance.destinations.rules import ReplyCheck
from governance.detection.policy import Verdict
from governance.gateway import selectors, services
from governance.gateway.confirming import ConfirmationState
from governance.gateway.rules import POSSIBLY_SENT, ExchangeState, JustificationOutcome, NextStep, Provenance
from governance.gateway.selectors.confirmations import calls_of, confirmation_of
from governance.gateway.selectors.pages import SORTS
from governance.gateway.services.confirmations import answer_confirmation
from governance.scanning.services import report_mistake

READ, REVIEW = "gateway:exchange:read", "gateway:exchange:review"
STATES = [*ExchangeState, POSSIBLY_SENT]


class ExchangeOut(Out):
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    initiative = serializers.CharField()
    initiative_title = serializers.CharField()
    unit_name = serializers.CharField(source="unit")
    destination = serializers.CharField()
    model = serializers.CharField()
    verdict = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    error_code = serializers.CharField()
    would_be = serializers.ChoiceField(
        ["", *Verdict], help_text='The verdict had no rule been only observed; "" where none was.'
    )
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Findings by type.")
    stream = serializers.BooleanField()
    end_user = serializers.CharField(help_text="As the application names them; not verified.")
    verified_user = serializers.CharField(help_text="As a token proved; empty where the initiative has no issuer.")
    tokens_in = serializers.IntegerField(allow_null=True)
    tokens_out = serializers.IntegerField(allow_null=True)
    cost = serializers.IntegerField(allow_null=True, help_text="Micro-euro.")


class ReasonOut(Out):
    rule = serializers.CharField()
    sentence = serializers.CharField()
    type = serializers.CharField()
    action = serializers.CharField()
    would_be = serializers.CharField(required=False, help_text="What the rule would do were it not only observed.")


class AnswerOut(Out):
    check = serializers.ChoiceField(["", *ReplyCheck], help_text='How it was checked; "" when nothing came back.')
    verdict = serializers.CharField()
    would_be = serializers.ChoiceField(["", *Verdict])
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Findings by type.")
    findings = FindingOut(many=True)
    reasons = ReasonOut(many=True)


class JustificationOut(Out):
    id = serializers.UUIDField()
    person = serializers.CharField()
    reason = serializers.CharField()
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    used_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(["", *JustificationOutcome])


class ExchangeWholeOut(Out):
    row = ExchangeOut()
    initiative = serializers.UUIDField(source="initiative_id", allow_null=True)
    destination = serializers.UUIDField(source="destination_id", allow_null=True)
    findings = FindingOut(many=True)
    reasons = ReasonOut(many=True)
    provenance = serializers.ChoiceField(list(Provenance))
    datasets = serializers.ListField(child=serializers.CharField())
    run = serializers.UUIDField(source="run_id", allow_null=True, help_text="The run it named; null for none.")
    run_name = serializers.CharField()
    observation = serializers.UUIDField(
        allow_null=True, help_text="The period in which most rules were only observed; null where none was."
    )
    bytes_in = serializers.IntegerField()
    bytes_out = serializers.IntegerField()
    digest = serializers.CharField(help_text='SHA-256 of the bytes that left; "" when none did.')
    ruleset = serializers.CharField()
    timings = serializers.DictField(child=serializers.FloatField(), help_text="Milliseconds.")
    closed_at = serializers.DateTimeField(allow_null=True)
    answer = AnswerOut(help_text="What came back.")
    justifications = JustificationOut(many=True)
    steps = serializers.ListField(child=serializers.ChoiceField(list(NextStep)), help_text="What can be done next.")
    may_justify = serializers.BooleanField()


class ToReviewOut(Out):
    exchange = ExchangeOut()
    justification = JustificationOut()


class CallPieceOut(Out):
    text = serializers.CharField()
    kind = serializers.CharField(help_text='The type of what is masked here, "" for a text.')


class ArgumentOut(Out):
    name = serializers.CharField()
    pieces = CallPieceOut(many=True)


class CallOut(Out):
    tool = serializers.CharField()
    arguments = ArgumentOut(many=True)


class ConfirmationOut(Out):
    state = serializers.ChoiceField(list(ConfirmationState))
    tools = serializers.ListField(child=serializers.CharField(), help_text="The lines of the remit's list.")
    asked_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    answered_by = serializers.CharField(help_text='"" while nobody has.')
    answered_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    served_at = serializers.DateTimeField(allow_null=True, help_text="When the answer went out.")
    calls = CallOut(many=True, help_text="While it waits, for builders of the initiative; values masked.")
    may_answer = serializers.BooleanField()


class CallRowOut(Out):
    exchange = serializers.UUIDField()
    initiative = serializers.CharField()
    initiative_title = serializers.CharField()
    tools = serializers.ListField(child=serializers.CharField(), help_text="The lines of the remit's list.")
    state = serializers.ChoiceField(list(ConfirmationState))
    asked_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="Until then its application waits for the word.")
    expires_at = serializers.DateTimeField(help_text="Until then the same request gets a confirmed answer.")
    answered_by = serializers.CharField(help_text='"" while nobody has.')


class ConfirmationsAsk(ListAsk):
    state = serializers.ChoiceField(list(ConfirmationState), required=False)
    sort = serializers.ChoiceField(["asked", "-asked"], required=False)


class CallAnswerIn(In):
    confirm = serializers.BooleanField()
    reason = Text(max_length=2000, required=False, allow_blank=True, default="", help_text="Needed to refuse.")


class ExchangesAsk(ListAsk):
    initiative = serializers.UUIDField(required=False)
    verdict = serializers.ChoiceField(list(Verdict), required=False)
    state = serializers.ChoiceField(STATES, required=False)
    destination = Text(max_length=100, required=False, help_text="Its ref.")
    dataset = Text(
        max_length=100, required=False, help_text="Its ref; the built-in one stands for calls that named none."
    )
    run = serializers.UUIDField(required=False, help_text="The run they belong to.")
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)
    sort = serializers.ChoiceField(list(SORTS), required=False)


class JustificationIn(In):
    reason = Text(max_length=2000)


class ReasonReviewIn(In):
    outcome = serializers.ChoiceField(list(JustificationOutcome))


class MistakeIn(In):
    finding = serializers.UUIDField()
    comment = Text(required=False, allow_blank=True, default="")


class Exchanges(Endpoint):
    @reads(READ, asks=ExchangesAsk, gives=page_shape(ExchangeOut), says="Calls through the gateway, the newest first.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.exchanges, ExchangeOut, standing=caller.standing, at=now())


class Exchange(Endpoint):
    @reads(READ, gives=ExchangeWholeOut, says="One call: findings, reasons, and what can be done next.")
    def get(self, caller: Caller, ask: dict[str, Any], exchange: UUID) -> Response:
        return _shown(exchange, caller)


class ExchangeJustifications(Endpoint):
    @writes(
        "gateway:exchange:justify",
        takes=JustificationIn,
        gives=ExchangeWholeOut,
        status=201,
        says="Give a reason: exactly the same request passes once within fifteen minutes.",
        in_person=True,
    )
    def post(self, caller: Caller, body: dict[str, Any], exchange: UUID) -> Response:
        selectors.exchange(exchange, standing=caller.standing, at=now())
        services.justify(exchange_id=exchange, **body, by=caller.actor, at=now())
        return _shown(exchange, caller)


class Justifications(Endpoint):
    @reads(REVIEW, asks=ListAsk, gives=page_shape(ToReviewOut), says="Used reasons that nobody has looked at yet.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        waiting = selectors.justifications_to_review(standing=caller.standing, at=now())
        return whole(ask, [{"exchange": row, "justification": given} for row, given in waiting], ToReviewOut)


class JustificationReview(Endpoint):
    @writes(REVIEW, takes=ReasonReviewIn, gives=ExchangeWholeOut, says="Say afterwards whether a reason was fine.")
    def post(self, caller: Caller, body: dict[str, Any], exchange: UUID, justification: UUID) -> Response:
        found = selectors.exchange(exchange, standing=caller.standing, at=now())
        _require_among(justification, found.justifications, "no_such_justification", "There is no such reason.")
        services.review_justification(justification_id=justification, **body, by=caller.actor, at=now())
        return _shown(exchange, caller)


class ExchangeConfirmation(Endpoint):
    @reads(READ, gives=ConfirmationOut, says="What the answer would call and waits, or waited, for a person.")
    def get(self, caller: Caller, ask: dict[str, Any], exchange: UUID) -> Response:
        return _confirmation(exchange, caller)

    @writes(
        "gateway:call:confirm",
        takes=CallAnswerIn,
        gives=ConfirmationOut,
        says="Confirm or refuse the calls of an answer: once confirmed, it goes out once.",
        in_person=True,
    )
    def post(self, caller: Caller, body: dict[str, Any], exchange: UUID) -> Response:
        selectors.exchange(exchange, standing=caller.standing, at=now())
        answer_confirmation(exchange_id=exchange, **body, by=caller.actor, at=now())
        return _confirmation(exchange, caller)


class Confirmations(Endpoint):
    @reads(
        "gateway:call:confirm",
        asks=ConfirmationsAsk,
        gives=page_shape(CallRowOut),
        says="Calls of tools that wait, or waited, for a builder's word, of the initiatives the reader builds.",
    )
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, calls_of, CallRowOut, standing=caller.standing, at=now())


class ExchangeMistakes(Endpoint):
    @writes(
        "scanning:mistake:report",
        takes=MistakeIn,
        gives=MistakeOut,
        status=201,
        says="Say that a finding is a mistake; an analyst answers within three days.",
    )
    def post(self, caller: Caller, body: dict[str, Any], exchange: UUID) -> Response:
        found = selectors.exchange(exchange, standing=caller.standing, at=now())
        _require_among(
            body["finding"], [*found.findings, *found.answer.findings], "no_such_finding", "There is no such finding."
        )
        made = report_mistake(finding_id=body["finding"], comment=body["comment"], by=caller.actor, at=now())
        return Response(MistakeOut(made).data)


def _require_among(wanted: UUID, rows: list[Any], code: str, sentence: str) -> None:
    if wanted not in {row.id for row in rows}:
        raise NotFound(code, sentence)


def _shown(exchange: UUID, caller: Caller) -> Response:
    return Response(ExchangeWholeOut(selectors.exchange(exchange, standing=caller.standing, at=now())).data)


def _confirmation(exchange: UUID, caller: Caller) -> Response:
    selectors.exchange(exchange, standing=caller.standing, at=now())
    found = confirmation_of(exchange, standing=caller.standing, at=now())
    if found is None:
        raise NotFound("no_such_confirmation", "Nothing of this call waits for a person.")
    return Response(ConfirmationOut(found).data)
