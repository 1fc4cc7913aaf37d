"""Remits: drafted, compared with other options, sent, revoked."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, page_shape, whole
from governance.api.parsing import In, Out, Text
from governance.api.verdicts import VerdictField
from governance.core.clock import now
from governance.core.vocabulary import Hosting, Technique, WeightsOwner
from governance.initiatives.selectors import initiative
from governance.remits import selectors, services
from governance.remits.rules import RemitState
from governance.remits.services.endings import LONGEST_REASON

BODY = (
    "The answers: title, purpose_text, purpose, unit, technique, accuracy_need, human_oversight, tier, ai_act_class, ends "
    "and grants, each with dataset, purpose, mode, destination, terms, conditions and ends. A draft may lack some. Also "
    "oversight, which may be left out: share (per cent of the answers a person looks at), least_seconds, reviewers, verified_only, "
    "tools, the list of those that calls may declare, each with name and class (free or confirm), and runs, what a run of an agent may "
    "do: depth, fan_out, calls, spend (micro-euro) and must_be_named; what it leaves out is as usual."
)


class RemitOut(Out):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(list(RemitState))
    sandbox = serializers.BooleanField()
    pattern = serializers.CharField(help_text='The pattern that decided it, "" otherwise.')
    drafted_by = serializers.CharField()
    drafted_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    digest = serializers.CharField()


class RemitWholeOut(Out):
    row = RemitOut()
    initiative = serializers.UUIDField(source="initiative_id")
    initiative_code = serializers.CharField(source="code")
    unit_name = serializers.CharField(source="unit")
    body = serializers.DictField(help_text=BODY)
    revision = serializers.IntegerField()
    request = serializers.UUIDField(source="request.id", default=None, allow_null=True, help_text="The newest request.")
    may_edit = VerdictField()
    may_submit = VerdictField()
    may_revoke = VerdictField()


class DraftIn(In):
    revision = serializers.IntegerField(min_value=1, help_text="The revision you read; a stale one is refused.")
    body = serializers.DictField(help_text=BODY)


class OptionIn(In):
    revision = serializers.IntegerField(min_value=1)
    destination = Text(max_length=120, help_text="The ref of a row of the table.")
    technique = serializers.ChoiceField(list(Technique))


class OptionStageOut(Out):
    name = serializers.CharField()
    position = serializers.IntegerField()
    reason = serializers.CharField()
    skipped = serializers.BooleanField()
    deciders = serializers.ListField(child=serializers.CharField())
    usual_hours = serializers.FloatField(allow_null=True, help_text="Null while there is no history.")


class OptionOut(Out):
    destination = serializers.CharField()
    destination_title = serializers.CharField()
    hosting = serializers.ChoiceField(list(Hosting))
    region = serializers.CharField()
    technique = serializers.ChoiceField(list(Technique))
    stages = OptionStageOut(many=True)
    refused = serializers.CharField(help_text='Why nobody could approve it; "" otherwise.')
    expected_hours = serializers.FloatField(allow_null=True)
    price_in = serializers.IntegerField(allow_null=True, help_text="Micro-euro per million tokens.")
    price_out = serializers.IntegerField(allow_null=True, help_text="Micro-euro per million tokens.")
    weights_owner = serializers.ChoiceField(list(WeightsOwner), allow_null=True)
    chosen = serializers.BooleanField()
    pattern = serializers.CharField(allow_null=True, help_text="The pattern that would decide it at once.")
    outside_pattern_field = serializers.CharField(allow_null=True)


class SubmissionIn(In):
    revision = serializers.IntegerField(min_value=1)


class SandboxOut(Out):
    secret = serializers.CharField(
        help_text='The sandbox key: shown this once and kept nowhere. "" when none was made.'
    )
    ends_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(help_text="Why none was made.")


class OutcomeOut(Out):
    remit = serializers.UUIDField(source="remit.pk")
    state = serializers.ChoiceField(list(RemitState), source="remit.state")
    digest = serializers.CharField(source="remit.digest")
    request = serializers.UUIDField(source="request_id", allow_null=True, help_text="The people who were asked.")
    pattern = serializers.CharField(source="pattern.name", default=None, allow_null=True)
    sandbox = SandboxOut(allow_null=True)


class EndingIn(In):
    reason = Text(max_length=LONGEST_REASON)


class Remits(Endpoint):
    @reads(
        "remits:remit:read", asks=ListAsk, gives=page_shape(RemitOut), says="The versions of a remit, the newest first."
    )
    def get(self, caller: Caller, ask: dict[str, Any], code: str) -> Response:
        return whole(ask, selectors.remits_of(initiative(code, standing=caller.standing).row.id), RemitOut)

    @writes("remits:remit:draft", gives=RemitWholeOut, status=201, says="Start a draft, or return the one there is.")
    def post(self, caller: Caller, body: dict[str, Any], code: str) -> Response:
        found = initiative(code, standing=caller.standing).row
        return _shown(services.start_draft(initiative_id=found.id, by=caller.actor, at=now()).pk, caller)


class Remit(Endpoint):
    @reads("remits:remit:read", gives=RemitWholeOut, says="One version of a remit.")
    def get(self, caller: Caller, ask: dict[str, Any], remit: UUID) -> Response:
        return _shown(remit, caller)

    @writes("remits:remit:draft", takes=DraftIn, gives=RemitWholeOut, says="Keep the answers of a draft given so far.")
    def put(self, caller: Caller, body: dict[str, Any], remit: UUID) -> Response:
        _require_seen(remit, caller)
        services.save_draft(remit_id=remit, **body, by=caller.actor, at=now())
        return _shown(remit, caller)


class Options(Endpoint):
    @reads(
        "remits:remit:read",
        asks=ListAsk,
        gives=page_shape(OptionOut),
        says="The same request for every destination and technique: who decides, how long, at what price.",
    )
    def get(self, caller: Caller, ask: dict[str, Any], remit: UUID) -> Response:
        return whole(ask, selectors.options(remit, caller.standing, at=now()), OptionOut)

    @writes("remits:remit:draft", takes=OptionIn, gives=RemitWholeOut, says="Change a draft to a row of the table.")
    def post(self, caller: Caller, body: dict[str, Any], remit: UUID) -> Response:
        _require_seen(remit, caller)
        services.choose_option(remit_id=remit, **body, by=caller.actor, at=now())
        return _shown(remit, caller)


class Submission(Endpoint):
    @writes(
        "remits:remit:submit",
        takes=SubmissionIn,
        gives=OutcomeOut,
        status=201,
        says="Send a draft as it stands. Sent again after changes were asked, it is the request's next revision.",
        told_once=("secret",),
    )
    def post(self, caller: Caller, body: dict[str, Any], remit: UUID) -> Response:
        _require_seen(remit, caller)
        return Response(OutcomeOut(services.submit(remit_id=remit, **body, by=caller.actor, at=now())).data)


class RemitRevocation(Endpoint):
    @writes("remits:remit:revoke", takes=EndingIn, gives=RemitWholeOut, says="End a remit and all its grants now.")
    def post(self, caller: Caller, body: dict[str, Any], remit: UUID) -> Response:
        _require_seen(remit, caller)
        services.revoke_remit(remit_id=remit, **body, by=caller.actor, at=now())
        return _shown(remit, caller)


def _require_seen(remit: UUID, caller: Caller) -> None:
    """Do nothing when the caller may see the remit, so that a hidden one is not found, whatever is asked of it."""
    selectors.remit_page(remit, standing=caller.standing)


def _shown(remit: UUID, caller: Caller) -> Response:
    return Response(RemitWholeOut(selectors.remit_page(remit, standing=caller.standing)).data)
