"""Scarce datasets and the rounds in which rival requests for them are compared; handling records beside them."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import In, Out, Text
from governance.catalogue.selectors import dataset_named
from governance.core.clock import now
from governance.core.errors import NotFound
from governance.insights.handling import Fault, handling_records
from governance.organisation.services import comment_on_record
from governance.remits import selectors, services
from governance.remits.allocations import (
    LONGEST_ROUND_DAYS,
    SHORTEST_ROUND_DAYS,
    USUAL_ROUND_DAYS,
    Division,
    EntryState,
    Lot,
    RoundState,
    Scarcity,
)
from governance.remits.selectors.allocations import SORTS

READ, AWARD, DRAFT = "remits:allocation:read", "remits:allocation:award", "remits:remit:draft"
RECORD, COMMENT, DATASET = "insights:handling:read", "organisation:record:comment", "catalogue:dataset:read"


class MarkingOut(Out):
    scarcity = serializers.ChoiceField(list(Scarcity))
    why = serializers.CharField()
    until_at = serializers.DateTimeField(allow_null=True)
    round_days = serializers.IntegerField()
    marked_by = serializers.CharField()


class UseOut(Out):
    title = serializers.CharField(help_text="Empty when the caller may not see this initiative.")
    code = serializers.CharField()
    unit = serializers.CharField()
    stage = serializers.ChoiceField(["used", "asked", "planned"])
    ends_at = serializers.DateTimeField(allow_null=True)


class DatasetUseOut(Out):
    marking = MarkingOut(allow_null=True)
    uses = UseOut(many=True)
    round = serializers.UUIDField(source="round_id", allow_null=True)


class AllocationOut(Out):
    id = serializers.UUIDField()
    dataset = serializers.CharField(source="dataset_ref")
    title = serializers.CharField(source="dataset")
    steward = serializers.CharField()
    state = serializers.ChoiceField(list(RoundState))
    opened_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    entries = serializers.IntegerField()
    place = serializers.IntegerField(help_text="Of the caller's own request in the queue; 0 without one.")
    division = serializers.ChoiceField(list(Division), allow_null=True)


class EntryOut(Out):
    id = serializers.UUIDField()
    place = serializers.IntegerField()
    unit = serializers.CharField()
    whole = serializers.BooleanField(help_text="False: a rival's, of which the caller learns unit and place.")
    title = serializers.CharField()
    code = serializers.CharField()
    purpose_text = serializers.CharField()
    expected_value = serializers.CharField()
    beneficiaries = serializers.CharField()
    entered_at = serializers.DateTimeField()
    state = serializers.ChoiceField(list(EntryState))
    reason = serializers.CharField()
    share = serializers.CharField()
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)


class AllocationWholeOut(Out):
    row = AllocationOut()
    marking = MarkingOut(allow_null=True)
    reasons = serializers.CharField()
    awarded_by = serializers.CharField()
    awarded_at = serializers.DateTimeField(allow_null=True)
    entries = EntryOut(many=True)


class LineOut(Out):
    fault = serializers.ChoiceField(list(Fault))
    number = serializers.IntegerField()
    base = serializers.IntegerField()
    per = serializers.IntegerField(help_text="What the rate is reckoned on.")
    rate = serializers.FloatField(allow_null=True, help_text="Null while the base is too small to say.")


class RecordCommentOut(Out):
    text = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class HandlingRecordOut(Out):
    unit = serializers.UUIDField(source="unit_id")
    unit_name = serializers.CharField(source="unit")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    lines = LineOut(many=True)
    comments = RecordCommentOut(many=True)


class AllocationsAsk(ListAsk):
    search = Text(required=False, allow_blank=True, max_length=100)
    state = serializers.ChoiceField(list(RoundState), required=False)
    sort = serializers.ChoiceField(list(SORTS), required=False)


class MarkIn(In):
    scarcity = serializers.ChoiceField(list(Scarcity))
    why = Text(max_length=4000)
    until = serializers.DateField(required=False)
    round_days = serializers.IntegerField(
        min_value=SHORTEST_ROUND_DAYS, max_value=LONGEST_ROUND_DAYS, default=USUAL_ROUND_DAYS
    )


class CaseIn(In):
    expected_value = Text(max_length=4000)
    beneficiaries = Text(max_length=4000)


class LotIn(In):
    entry = serializers.UUIDField()
    awarded = serializers.BooleanField()
    reason = Text(max_length=4000, required=False, allow_blank=True)
    starts = serializers.DateField(required=False)
    ends = serializers.DateField(required=False)
    share = Text(max_length=400, required=False, allow_blank=True)


class AwardIn(In):
    division = serializers.ChoiceField(list(Division))
    reasons = Text(max_length=4000)
    lots = LotIn(many=True)


class RecordCommentIn(In):
    text = Text(max_length=2000)


class DatasetUse(Endpoint):
    @reads(DATASET, gives=DatasetUseOut, says="Who uses a dataset, asks for it or plans to.")
    def get(self, caller: Caller, ask: dict[str, Any], ref: str) -> Response:
        return _use(ref, caller)


class DatasetScarcity(Endpoint):
    @writes(AWARD, takes=MarkIn, gives=DatasetUseOut, says="Mark a dataset as scarce or exclusive.")
    def put(self, caller: Caller, body: dict[str, Any], ref: str) -> Response:
        told = {"until": None} | body
        services.mark_dataset(dataset_id=dataset_named(ref).pk, **told, by=caller.actor, at=now())
        return _use(ref, caller)

    @writes(AWARD, says="Say that there is enough of a dataset again.")
    def delete(self, caller: Caller, body: dict[str, Any], ref: str) -> Response:
        services.unmark_dataset(dataset_id=dataset_named(ref).pk, by=caller.actor, at=now())
        return Response()


class Allocations(Endpoint):
    @reads(READ, asks=AllocationsAsk, gives=page_shape(AllocationOut), says="Rounds over scarce datasets.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.allocations, AllocationOut, standing=caller.standing)


class Allocation(Endpoint):
    @reads(READ, gives=AllocationWholeOut, says="One round, with its requests side by side.")
    def get(self, caller: Caller, ask: dict[str, Any], allocation: UUID) -> Response:
        return _shown(allocation, caller)


class AllocationAward(Endpoint):
    @writes(AWARD, takes=AwardIn, gives=AllocationWholeOut, says="Award a round that has closed.")
    def post(self, caller: Caller, body: dict[str, Any], allocation: UUID) -> Response:
        selectors.allocation(allocation, standing=caller.standing)
        lots = {lot.pop("entry"): lot for lot in body.pop("lots")}
        given = {entry: Lot(**lot) for entry, lot in lots.items()}
        services.award(allocation_id=allocation, **body, lots=given, by=caller.actor, at=now())
        return _shown(allocation, caller)


class EntryCase(Endpoint):
    @writes(DRAFT, takes=CaseIn, says="Say what a request in a round is worth and who benefits.")
    def put(self, caller: Caller, body: dict[str, Any], entry: UUID) -> Response:
        services.state_case(entry_id=entry, **body, by=caller.actor, at=now())
        return Response()


class HandlingRecord(Endpoint):
    @reads(RECORD, gives=HandlingRecordOut, says="A unit's refusals, overrides, holds and late confirmations.")
    def get(self, caller: Caller, ask: dict[str, Any], unit_id: UUID) -> Response:
        return _record(unit_id)


class HandlingComments(Endpoint):
    @writes(COMMENT, takes=RecordCommentIn, gives=HandlingRecordOut, status=201, says="Comment on one's own record.")
    def post(self, caller: Caller, body: dict[str, Any], unit_id: UUID) -> Response:
        comment_on_record(unit_id=unit_id, **body, by=caller.actor, at=now())
        return _record(unit_id)


def _use(ref: str, caller: Caller) -> Response:
    return Response(DatasetUseOut(selectors.dataset_use(dataset_named(ref), standing=caller.standing)).data)


def _shown(allocation: UUID, caller: Caller) -> Response:
    return Response(AllocationWholeOut(selectors.allocation(allocation, standing=caller.standing)).data)


def _record(unit_id: UUID) -> Response:
    found = handling_records([unit_id], at=now()).get(unit_id)
    if found is None:
        raise NotFound("no_such_unit", "There is no such unit.")
    return Response(HandlingRecordOut(found).data)
