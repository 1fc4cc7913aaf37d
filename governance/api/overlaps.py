"""Overlaps: what seems to do the same, what is near a purpose, and who asks to join instead."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape, whole
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.core.vocabulary import Purpose
from governance.initiatives.rules.overlaps import JoinState, Resolution
from governance.initiatives.selectors import overlaps as selectors
from governance.initiatives.services.joins import answer_join, ask_to_join
from governance.initiatives.services.overlaps import resolve_overlap
from governance.remits.selectors import similar_initiatives

READ, RESOLVE = "initiatives:initiative:read", "initiatives:overlap:resolve"
EDIT, PROPOSE = "initiatives:initiative:edit", "initiatives:initiative:propose"


class OverlapSideOut(Out):
    id = serializers.UUIDField()
    title = serializers.CharField()
    unit = serializers.CharField()
    owner = serializers.CharField(help_text="Whom to talk to.")
    code = serializers.CharField(help_text="Empty when the caller may not see this initiative.")
    purpose_text = serializers.CharField(help_text="Empty when the caller may not see this initiative.")
    visible = serializers.BooleanField()


class SignalsOut(Out):
    words = serializers.ListField(child=serializers.CharField(), required=False)
    purposes = serializers.ListField(child=serializers.CharField(), required=False)
    techniques = serializers.ListField(child=serializers.CharField(), required=False)
    datasets = serializers.ListField(child=serializers.CharField(), required=False)
    destinations = serializers.ListField(child=serializers.CharField(), required=False)


class OverlapOut(Out):
    id = serializers.UUIDField()
    sides = OverlapSideOut(many=True)
    score = serializers.FloatField(help_text="How alike, 0 to 1.")
    signals = SignalsOut()
    found_at = serializers.DateTimeField()
    resolution = serializers.ChoiceField(list(Resolution), allow_null=True)
    reasons = serializers.CharField()
    resolved_by = serializers.CharField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    remains = serializers.UUIDField(allow_null=True, help_text="After a merge: the initiative that goes on.")


class SimilarOut(Out):
    side = OverlapSideOut()
    score = serializers.FloatField(source="resemblance.score")
    signals = SignalsOut(source="resemblance.signals")


class SimilarsOut(Out):
    rows = SimilarOut(many=True)


class JoinOut(Out):
    id = serializers.UUIDField()
    initiative = serializers.UUIDField(source="initiative_id")
    title = serializers.CharField(source="initiative")
    person = serializers.CharField()
    reason = serializers.CharField()
    state = serializers.ChoiceField(list(JoinState))
    asked_at = serializers.DateTimeField()


class OverlapsAsk(ListAsk):
    search = Text(required=False, allow_blank=True, max_length=100)
    waiting = serializers.BooleanField(required=False)
    resolution = serializers.ChoiceField(list(Resolution), required=False)
    initiative = serializers.UUIDField(required=False)
    sort = serializers.ChoiceField(list(selectors.SORTS), required=False)


class ResolutionIn(In):
    resolution = serializers.ChoiceField(list(Resolution))
    reasons = Text(max_length=4000)
    remains = serializers.UUIDField(source="remains_id", required=False, help_text="In a merge: which one goes on.")


class SimilarIn(In):
    title = Text(max_length=120)
    purpose_text = Text(max_length=4000)
    purpose = serializers.ChoiceField(list(Purpose), required=False)


class JoinIn(In):
    initiative = serializers.UUIDField(source="initiative_id")
    reason = Text(max_length=4000)


class JoinAnswerIn(In):
    accept = serializers.BooleanField()


class Overlaps(Endpoint):
    @reads(READ, asks=OverlapsAsk, gives=page_shape(OverlapOut), says="Initiatives that seem to do the same.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.overlaps, OverlapOut, standing=caller.standing)


class Overlap(Endpoint):
    @reads(READ, gives=OverlapOut, says="One overlap.")
    def get(self, caller: Caller, ask: dict[str, Any], overlap: UUID) -> Response:
        return _shown(overlap, caller)


class OverlapResolution(Endpoint):
    @writes(RESOLVE, takes=ResolutionIn, gives=OverlapOut, says="Say what is done about an overlap.")
    def post(self, caller: Caller, body: dict[str, Any], overlap: UUID) -> Response:
        selectors.overlap(overlap, standing=caller.standing)
        resolve_overlap(overlap_id=overlap, **body, by=caller.actor, at=now())
        return _shown(overlap, caller)


class Similar(Endpoint):
    @writes(PROPOSE, takes=SimilarIn, gives=SimilarsOut, says="What already does something near a purpose.")
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        rows = similar_initiatives(**({"purpose": ""} | body), standing=caller.standing)
        return Response(SimilarsOut({"rows": rows}).data)


class Joins(Endpoint):
    @reads(EDIT, asks=ListAsk, gives=page_shape(JoinOut), says="Who asks to join an initiative of yours.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return whole(ask, selectors.joins_to_answer(caller.standing), JoinOut)

    @writes(PROPOSE, takes=JoinIn, gives=JoinOut, status=201, says="Ask to join an initiative.")
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        asked = ask_to_join(**body, by=caller.actor, at=now())
        return Response(JoinOut(selectors.join_row(asked)).data)


class JoinAnswer(Endpoint):
    @writes(EDIT, takes=JoinAnswerIn, gives=JoinOut, says="Take somebody on as a builder, or not.")
    def post(self, caller: Caller, body: dict[str, Any], join: UUID) -> Response:
        answered = answer_join(join_id=join, **body, by=caller.actor, at=now())
        return Response(JoinOut(selectors.join_row(answered)).data)


def _shown(overlap: UUID, caller: Caller) -> Response:
    return Response(OverlapOut(selectors.overlap(overlap, standing=caller.standing)).data)
