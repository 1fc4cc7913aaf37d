"""Patterns, which decide at once what lies wholly inside them, and the looks at what they decided."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, page_shape, whole
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.remits import selectors, services
from governance.remits.rules import PatternState, SampleOutcome
from governance.remits.services.patterns import LONGEST_COMMENT, LONGEST_NAME

PROPOSE, REVIEW = "remits:pattern:propose", "remits:pattern:review_sample"
BODY = (
    "The bounds: purposes, units, techniques, modes, tier, ai_act_class, datasets, highest_classification, synthetic, "
    "destinations (each with destination and terms), redact, calls_per_day, ruleset, longest_days; and, if one is asked, way "
    "(hash, placeholder or stand_in: the most that may be told of what is replaced)."
)


class PatternOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(list(PatternState))
    sandbox = serializers.BooleanField()
    sampling_rate = serializers.FloatField()
    owner_unit = serializers.CharField()
    approved_by = serializers.ListField(child=serializers.CharField())
    ends_at = serializers.DateTimeField()
    body = serializers.DictField(source="body.to_json", help_text=BODY)
    samples = serializers.IntegerField(help_text="Looked at afterwards.")
    concerns = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="Still to be looked at.")


class PatternIn(In):
    name = Text(max_length=LONGEST_NAME)
    body = serializers.DictField(help_text=BODY)
    owner_unit = serializers.UUIDField(source="owner_unit_id")
    ends_at = serializers.DateTimeField()
    sampling_rate = serializers.FloatField(min_value=0, max_value=1)
    sandbox = serializers.BooleanField(required=False)


class BoundsIn(In):
    body = serializers.DictField(help_text=BODY)


class SampleOut(Out):
    id = serializers.UUIDField()
    remit = serializers.UUIDField(source="remit_id")
    initiative = serializers.CharField(source="code")
    initiative_title = serializers.CharField(source="initiative")
    pattern = serializers.CharField()
    picked_at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(["", *SampleOutcome], help_text='"" until somebody looked.')


class LookIn(In):
    outcome = serializers.ChoiceField(list(SampleOutcome))
    comment = Text(max_length=LONGEST_COMMENT, required=False, allow_blank=True, default="")


class Patterns(Endpoint):
    @reads("remits:pattern:read", asks=ListAsk, gives=page_shape(PatternOut), says="All patterns, by name.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return whole(ask, selectors.patterns(), PatternOut)

    @writes(PROPOSE, takes=PatternIn, gives=PatternOut, status=201, says="Propose a pattern: people are asked at once.")
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        return _shown(services.propose_pattern(**body, by=caller.actor, at=now()).pk)


class Pattern(Endpoint):
    @reads("remits:pattern:read", gives=PatternOut, says="One pattern.")
    def get(self, caller: Caller, ask: dict[str, Any], pattern: UUID) -> Response:
        return _shown(pattern)

    @writes(PROPOSE, takes=BoundsIn, gives=PatternOut, says="Send a pattern again after changes were asked.")
    def put(self, caller: Caller, body: dict[str, Any], pattern: UUID) -> Response:
        services.revise_pattern(pattern_id=pattern, **body, by=caller.actor, at=now())
        return _shown(pattern)


class PatternRetirement(Endpoint):
    @writes(PROPOSE, gives=PatternOut, says="End a pattern now; what it decided stays.")
    def post(self, caller: Caller, body: dict[str, Any], pattern: UUID) -> Response:
        services.retire_pattern(pattern_id=pattern, by=caller.actor, at=now())
        return _shown(pattern)


class Samples(Endpoint):
    @reads(REVIEW, asks=ListAsk, gives=page_shape(SampleOut), says="Remits that a pattern decided, waiting for a look.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return whole(ask, selectors.samples_waiting(caller.standing), SampleOut)


class SampleLook(Endpoint):
    @writes(REVIEW, takes=LookIn, gives=SampleOut, says="Say whether what a pattern decided was fine.")
    def post(self, caller: Caller, body: dict[str, Any], sample: UUID) -> Response:
        selectors.sample(sample, standing=caller.standing)
        services.review_sample(sample_id=sample, **body, by=caller.actor, at=now())
        return Response(SampleOut(selectors.sample(sample, standing=caller.standing)).data)


def _shown(pattern: UUID) -> Response:
    return Response(PatternOut(selectors.pattern(pattern)).data)
