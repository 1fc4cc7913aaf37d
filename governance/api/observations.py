"""Observing: for a while most rules toward one destination only write down what they would do. Security decides."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.detection.policy import Verdict
from governance.gateway.observing import LONGEST_DAYS, LONGEST_REASON, Because, ObservationState
from governance.gateway.selectors import observations as selectors
from governance.gateway.services import observations as services
from governance.insights.observing import would_be

READ, ASK, END = "gateway:observation:read", "gateway:observation:ask", "gateway:observation:end"


class ObservationOut(Out):
    id = serializers.UUIDField()
    initiative = serializers.CharField(help_text="Its code.")
    initiative_title = serializers.CharField()
    unit_name = serializers.CharField(source="unit")
    destination = serializers.CharField(help_text="Its ref.")
    destination_title = serializers.CharField()
    state = serializers.ChoiceField(list(ObservationState))
    days = serializers.IntegerField(help_text="For how many days it was asked.")
    reason = serializers.CharField()
    asked_by = serializers.CharField()
    asked_at = serializers.DateTimeField()
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(
        allow_null=True, help_text="When it ends or ended; null before security said yes."
    )
    ended_because = serializers.ChoiceField(list(Because), allow_null=True)
    ended_by = serializers.CharField()
    end_reason = serializers.CharField()
    request = serializers.UUIDField(allow_null=True, help_text="The request that security decides.")


class ObservationsAsk(ListAsk):
    state = serializers.ChoiceField(list(ObservationState), required=False)
    initiative = serializers.UUIDField(required=False)
    destination = Text(max_length=120, required=False, help_text="Its ref.")


class WishIn(In):
    days = serializers.IntegerField(min_value=1, max_value=LONGEST_DAYS, help_text="From the yes on.")
    reason = Text(max_length=LONGEST_REASON, help_text="What is to be found out: security decides by it.")


class ObserveIn(WishIn):
    destination = Text(max_length=120, help_text="Ref or id.")


class EndIn(In):
    reason = Text(max_length=LONGEST_REASON, help_text="Whoever uses the initiative reads it.")


class ObservedCallsOut(Out):
    calls = serializers.IntegerField()
    refused = serializers.IntegerField(help_text="Passed, and would have been refused.")
    held = serializers.IntegerField(help_text="Passed, and would have waited for two people.")
    reasons = serializers.IntegerField(help_text="Passed, and would have needed a reason.")
    changed = serializers.IntegerField(help_text="Passed as they were, and parts would have been replaced.")
    answers = serializers.IntegerField(help_text="Answers that would have been changed or stopped.")
    stopped_anyway = serializers.IntegerField(help_text="Stopped even so.")


class ObservedRuleOut(Out):
    back = serializers.BooleanField(help_text="In what came back.")
    rule = serializers.CharField()
    sentence = serializers.CharField()
    type = serializers.CharField()
    would_be = serializers.ChoiceField(list(Verdict))
    calls = serializers.IntegerField()
    people = serializers.IntegerField()
    newest_at = serializers.DateTimeField()
    newest = serializers.UUIDField(help_text="The newest call it concerned.")


class ObservedPersonOut(Out):
    name = serializers.CharField()
    told = serializers.BooleanField(help_text="Named by the application, and not verified; else who made the key.")
    calls = serializers.IntegerField()
    concerned = serializers.IntegerField()


class WouldBeOut(Out):
    calls = ObservedCallsOut()
    rules = ObservedRuleOut(many=True, help_text="The most frequent first, 50 at most.")
    people = ObservedPersonOut(many=True, help_text="The most concerned first, 50 at most.")


class Observations(Endpoint):
    @reads(READ, asks=ObservationsAsk, gives=page_shape(ObservationOut), says="Periods of observing, the newest first.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.observations, ObservationOut, standing=caller.standing)


class Observe(Endpoint):
    @writes(
        ASK,
        takes=ObserveIn,
        gives=ObservationOut,
        status=201,
        says="Ask security that most rules toward a destination are only observed for a while.",
    )
    def post(self, caller: Caller, body: dict[str, Any], code: str) -> Response:
        return _shown(services.ask_to_observe(initiative=code, **body, by=caller.actor, at=now()).pk, caller)


class Observation(Endpoint):
    @reads(READ, gives=ObservationOut, says="One period, asked for, in force or over.")
    def get(self, caller: Caller, ask: dict[str, Any], observation: UUID) -> Response:
        return _shown(observation, caller)

    @writes(ASK, takes=WishIn, gives=ObservationOut, says="Answer what security wanted changed: it is decided anew.")
    def put(self, caller: Caller, body: dict[str, Any], observation: UUID) -> Response:
        services.ask_again(observation_id=observation, **body, by=caller.actor, at=now())
        return _shown(observation, caller)


class ObservationEnd(Endpoint):
    @writes(END, takes=EndIn, gives=ObservationOut, says="Let every rule hold again, from the next call on.")
    def post(self, caller: Caller, body: dict[str, Any], observation: UUID) -> Response:
        services.end_observing(observation_id=observation, **body, by=caller.actor, at=now())
        return _shown(observation, caller)


class ObservationReport(Endpoint):
    @reads(READ, gives=WouldBeOut, says="What the rules would have stopped or changed, by rule and by person.")
    def get(self, caller: Caller, ask: dict[str, Any], observation: UUID) -> Response:
        selectors.observation(observation, standing=caller.standing)
        return Response(WouldBeOut(would_be(observation)).data)


def _shown(observation: UUID, caller: Caller) -> Response:
    return Response(ObservationOut(selectors.observation(observation, standing=caller.standing).row).data)
