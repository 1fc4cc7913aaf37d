"""Evaluation sets: registered, watched for, retired; which training sets and calls have seen them; what initiatives are measured by.

Their items come in by `governance.api.uploads`, past Django.
"""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape, whole
from governance.api.parsing import In, Out, Text
from governance.catalogue import selectors, services
from governance.catalogue.rules import ExamState, Secrecy
from governance.core.clock import now
from governance.gateway.selectors.exposures import exposures
from governance.initiatives.selectors import initiative
from governance.remits import services as remits
from governance.remits.evidence import ExamEvidence, ExamOutcome
from governance.remits.selectors import checks_of_exam, exams_of

READ, EDIT = "catalogue:exam:read", "catalogue:exam:edit"


class EvaluationSetOut(Out):
    ref = serializers.CharField()
    title = serializers.CharField()
    secrecy = serializers.ChoiceField(list(Secrecy))
    unit_name = serializers.CharField(source="unit")
    state = serializers.ChoiceField(list(ExamState))
    items = serializers.IntegerField()
    too_short = serializers.IntegerField(help_text="Items of fewer than six words, which cannot be recognised.")
    index_digest = serializers.CharField(help_text='SHA-256 of the fingerprints; "" until the items have been read.')
    fault = serializers.CharField(help_text='Why the last file could not be read; "" when it could.')
    added_by = serializers.CharField()
    added_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    retired_at = serializers.DateTimeField(allow_null=True)


class SeenItemOut(Out):
    item = serializers.CharField()
    coverage = serializers.FloatField(help_text="The share of the item in one record, 0 to 1.")
    line = serializers.IntegerField(help_text="From 1.")
    records = serializers.IntegerField()


class ExamCheckOut(Out):
    exam = serializers.CharField(source="exam_ref")
    initiative = serializers.CharField(source="initiative_code")
    training_set = serializers.UUIDField(source="set_id")
    training_set_title = serializers.CharField(source="set_title")
    outcome = serializers.ChoiceField(list(ExamOutcome))
    items = serializers.IntegerField()
    items_seen = serializers.IntegerField()
    coverage = serializers.FloatField(help_text="The share of the whole exam in the set, 0 to 1.")
    seen = SeenItemOut(many=True)
    checked_at = serializers.DateTimeField()
    is_stale = serializers.BooleanField(help_text="The exam has had other items since.")


class ExamExposureOut(Out):
    exchange = serializers.UUIDField(source="exchange.id")
    at = serializers.DateTimeField(source="exchange.at")
    initiative = serializers.CharField(source="exchange.initiative")
    destination = serializers.CharField(source="exchange.destination")
    verdict = serializers.CharField(source="exchange.verdict")
    items = serializers.IntegerField()
    left = serializers.BooleanField(help_text="It was sent, or may have been.")


class MeasuredByOut(Out):
    ref = serializers.CharField()
    title = serializers.CharField()
    items = serializers.IntegerField()
    is_named = serializers.BooleanField(help_text="The initiative is measured by it.")
    evidence = serializers.ChoiceField(list(ExamEvidence))
    checks = ExamCheckOut(many=True)


class EvaluationSetsAsk(ListAsk):
    search = Text(required=False, allow_blank=True, max_length=100)
    state = serializers.ChoiceField(list(ExamState), required=False)
    sort = serializers.ChoiceField(list(selectors.EXAM_SORTS), required=False)


class EvaluationSetIn(In):
    ref = Text(max_length=64)
    title = Text(max_length=200)
    secrecy = serializers.ChoiceField(list(Secrecy))
    unit = serializers.UUIDField(source="unit_id")


class NamedExamIn(In):
    exam = Text(max_length=64, help_text="The ref of an evaluation set.")


class EvaluationSets(Endpoint):
    @reads(READ, asks=EvaluationSetsAsk, gives=page_shape(EvaluationSetOut), says="Evaluation sets.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.exams, EvaluationSetOut, standing=caller.standing)

    @writes(
        EDIT, takes=EvaluationSetIn, gives=EvaluationSetOut, status=201, says="Register an evaluation set, still empty."
    )
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        added = services.add_exam(**body, by=caller.actor, at=now())
        return Response(EvaluationSetOut(selectors.ExamRow.of(added)).data)


class EvaluationSet(Endpoint):
    @reads(READ, gives=EvaluationSetOut, says="One evaluation set, by its ref. Its items are shown to nobody.")
    def get(self, caller: Caller, ask: dict[str, Any], ref: str) -> Response:
        return _shown(ref, caller)


class EvaluationSetRetirement(Endpoint):
    @writes(EDIT, gives=EvaluationSetOut, says="Stop watching for an evaluation set; what was seen stays on record.")
    def post(self, caller: Caller, body: dict[str, Any], ref: str) -> Response:
        services.retire_exam(exam_id=selectors.exam_named(ref).pk, by=caller.actor, at=now())
        return _shown(ref, caller)


class ExamChecks(Endpoint):
    @reads(READ, asks=ListAsk, gives=page_shape(ExamCheckOut), says="What training sets have seen of it, most first.")
    def get(self, caller: Caller, ask: dict[str, Any], ref: str) -> Response:
        row = selectors.exam(ref, standing=caller.standing).row
        return listed(ask, checks_of_exam, ExamCheckOut, exam_id=row.id, standing=caller.standing)


class ExamExposures(Endpoint):
    @reads(READ, asks=ListAsk, gives=page_shape(ExamExposureOut), says="Calls in which items of it were found.")
    def get(self, caller: Caller, ask: dict[str, Any], ref: str) -> Response:
        row = selectors.exam(ref, standing=caller.standing).row
        return listed(ask, exposures, ExamExposureOut, exam=row.ref, standing=caller.standing, at=now())


class InitiativeExams(Endpoint):
    @reads(
        "initiatives:initiative:read",
        asks=ListAsk,
        gives=page_shape(MeasuredByOut),
        says="The exams of an initiative: which it is measured by, and what its training sets have seen of each.",
    )
    def get(self, caller: Caller, ask: dict[str, Any], code: str) -> Response:
        return whole(ask, _exams_of(code, caller), MeasuredByOut)

    @writes(
        "remits:remit:draft",
        takes=NamedExamIn,
        gives=MeasuredByOut,
        status=201,
        says="Say that an initiative is measured by an exam.",
    )
    def post(self, caller: Caller, body: dict[str, Any], code: str) -> Response:
        initiative(code, standing=caller.standing)
        remits.name_exam(initiative=code, exam=body["exam"], by=caller.actor, at=now())
        named = next(row for row in _exams_of(code, caller) if row.ref == body["exam"])
        return Response(MeasuredByOut(named).data)


class NamedExam(Endpoint):
    @writes("remits:remit:draft", says="Take back that an initiative is measured by an exam.")
    def delete(self, caller: Caller, body: dict[str, Any], code: str, ref: str) -> Response:
        initiative(code, standing=caller.standing)
        remits.unname_exam(initiative=code, exam=ref, by=caller.actor, at=now())
        return Response()


def _exams_of(code: str, caller: Caller) -> list[Any]:
    return exams_of(initiative(code, standing=caller.standing).row.id)


def _shown(ref: str, caller: Caller) -> Response:
    return Response(EvaluationSetOut(selectors.exam(ref, standing=caller.standing).row).data)
