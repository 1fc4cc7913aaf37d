"""The ruleset in force, what is held, and mistakes that wait for an answer."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, page_shape, whole
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.core.errors import Unavailable
from governance.scanning import selectors, services

ANSWER = "scanning:mistake:answer"


class FindingOut(Out):
    """A finding: type and place, never the text."""

    id = serializers.UUIDField()
    type = serializers.CharField()
    subtype = serializers.CharField()
    detector = serializers.CharField()
    place = serializers.CharField(help_text="The field of the request.")
    start = serializers.IntegerField(help_text="In code points, from 0.")
    end = serializers.IntegerField(help_text="Exclusive.")
    score = serializers.FloatField()
    view = serializers.CharField(
        help_text='How the text had to be read: raw, folded, decoded, respelt, joined, lined; "" if unknown.'
    )
    action = serializers.CharField()
    way = serializers.CharField(
        help_text='What stands in its place: placeholder, hash, stand_in, mask; "" where nothing was replaced.'
    )
    rule = serializers.CharField()
    sentence = serializers.CharField()
    would_be = serializers.CharField(help_text='What the rule would do were it not only observed; "" where it does.')


class MistakeOut(Out):
    id = serializers.UUIDField()
    comment = serializers.CharField()
    reported_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="When an analyst has answered at the latest.")


class MistakeWholeOut(Out):
    id = serializers.UUIDField()
    finding = FindingOut()
    subject = serializers.CharField(help_text="What was scanned, e.g. exchange:<id>.")
    reported_by = serializers.CharField()
    unit_name = serializers.CharField(source="unit")
    comment = serializers.CharField()
    reported_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField()


class MistakeAnswerIn(In):
    answer = Text(max_length=2000)
    suppress_until = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="The same value passes in that unit until then."
    )


class HoldOut(Out):
    id = serializers.UUIDField()
    subject = serializers.CharField()
    unit_name = serializers.CharField(source="unit")
    reason = serializers.CharField()
    held_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class RulesetOut(Out):
    version = serializers.IntegerField()
    digest = serializers.CharField()
    detectors = serializers.CharField(source="detectors.digest", help_text="The part that a worker must have loaded.")


class Mistakes(Endpoint):
    @reads(
        ANSWER, asks=ListAsk, gives=page_shape(MistakeWholeOut), says="Reports of mistakes that wait for the caller."
    )
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return whole(ask, selectors.mistakes_open(caller.standing), MistakeWholeOut)


class MistakeAnswer(Endpoint):
    @writes(ANSWER, takes=MistakeAnswerIn, gives=MistakeWholeOut, says="Answer a report of a mistake.")
    def post(self, caller: Caller, body: dict[str, Any], mistake: UUID) -> Response:
        selectors.mistake(mistake, standing=caller.standing)
        services.answer_mistake(report_id=mistake, **body, by=caller.actor, at=now())
        return Response(MistakeWholeOut(selectors.mistake(mistake, standing=caller.standing)).data)


class Holds(Endpoint):
    @reads("scanning:hold:read", asks=ListAsk, gives=page_shape(HoldOut), says="What is held for two people.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return whole(ask, selectors.holds_open(caller.standing), HoldOut)


class Ruleset(Endpoint):
    @reads("scanning:ruleset:read", gives=RulesetOut, says="The ruleset in force.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        enforced = selectors.enforced_ruleset()
        if enforced is None:
            raise Unavailable("no_ruleset", "No ruleset is in force.", remedy="Run the installation again.")
        return Response(RulesetOut(enforced).data)
