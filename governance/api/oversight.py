"""Oversight: what people did with the answers of an initiative against what it promised, and letting it go on."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.gateway.observing import LONGEST_REASON
from governance.gateway.oversight import ShortfallState, Stamping, Standing
from governance.gateway.selectors.oversight import LIFT, PERIODS, READ, USUAL_DAYS, oversight
from governance.gateway.services.shortfalls import let_go_on


class OversightAsk(In):
    days = serializers.ChoiceField(PERIODS, default=USUAL_DAYS)


class PromiseOut(Out):
    share = serializers.IntegerField(help_text="Per cent of the answers that somebody looks at.")
    least_seconds = serializers.IntegerField()
    reviewers = serializers.CharField()
    verified_only = serializers.BooleanField()


class TallyOut(Out):
    answers = serializers.IntegerField()
    looked = serializers.IntegerField(help_text="Answers that somebody looked at, as the promise wants it.")
    accepted = serializers.IntegerField()
    edited = serializers.IntegerField()
    rejected = serializers.IntegerField()
    verified = serializers.IntegerField(help_text="Looked at by somebody an identity provider vouches for.")
    quick = serializers.IntegerField(help_text="Looked at for less time than was promised.")
    half = serializers.FloatField(allow_null=True, help_text="Seconds within which half were decided.")
    most = serializers.FloatField(allow_null=True, help_text="Seconds within which nine in ten were decided.")


class LookedWeekOut(Out):
    week = serializers.DateField(help_text="Its first day, in UTC.")
    tally = TallyOut()


class ReviewerOut(Out):
    reviewer = serializers.CharField()
    verified = serializers.BooleanField(help_text="Else it is a name that the program gave.")
    looks = serializers.IntegerField()
    accepted = serializers.IntegerField()
    edited = serializers.IntegerField()
    rejected = serializers.IntegerField()
    half = serializers.FloatField(help_text="Seconds within which half were decided.")


class FlagOut(Out):
    reviewer = serializers.CharField(help_text='"" for readers who may not know.')
    rule = serializers.ChoiceField(list(Stamping), source="flag.rule")
    sentence = serializers.CharField(source="flag.sentence")
    base = serializers.IntegerField(source="flag.base", help_text="Over how many looks it is counted.")
    exchanges = serializers.ListField(child=serializers.UUIDField(), source="flag.exchanges")


class ShortfallOut(Out):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(list(ShortfallState))
    sentences = serializers.ListField(child=serializers.CharField())
    warned_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="When its rights rest unless it is made up for.")
    rested_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    lifted_by = serializers.CharField()
    lift_reason = serializers.CharField()


class OversightOut(Out):
    initiative = serializers.CharField(source="code")
    days = serializers.IntegerField()
    promise = PromiseOut(allow_null=True)
    tally = TallyOut()
    standing = serializers.ChoiceField(list(Standing), source="judgement.standing")
    short = serializers.ListField(child=serializers.CharField(), source="judgement.sentences")
    weeks = LookedWeekOut(many=True)
    reviewers = ReviewerOut(
        many=True, allow_null=True, help_text="Null unless the reader heads the unit or is an auditor."
    )
    flags = FlagOut(many=True, help_text="What may be stamping through. It decides nothing.")
    shortfalls = ShortfallOut(many=True, help_text="Warnings and what came of them, the newest first.")


class GoOnIn(In):
    reason = Text(max_length=LONGEST_REASON, help_text="What has changed, so that what was promised is done.")


class Oversight(Endpoint):
    @reads(READ, asks=OversightAsk, gives=OversightOut, says="What people did with an initiative's answers.")
    def get(self, caller: Caller, ask: dict[str, Any], code: str) -> Response:
        found = oversight(code, standing=caller.standing, at=now(), days=ask["days"])
        return Response(OversightOut(found).data)


class OversightLift(Endpoint):
    @writes(LIFT, takes=GoOnIn, gives=OversightOut, says="Let the rights go on that rest because oversight fell short.")
    def post(self, caller: Caller, body: dict[str, Any], code: str) -> Response:
        let_go_on(initiative=code, reason=body["reason"], by=caller.actor, at=now())
        return Response(OversightOut(oversight(code, standing=caller.standing, at=now())).data)
