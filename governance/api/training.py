"""Training sets: how far their scan is, what was found, redacted copies and releases.

The bytes themselves come in by `governance.api.uploads`, past Django.
"""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.exams import ExamCheckOut
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.gateway.rules import PublicationState
from governance.gateway.selectors.publications import SETTLE, PublicationRow, publications_of
from governance.gateway.services.publications import settle_publication
from governance.training import selectors, services
from governance.training.rules import TrainingSetState

READ = "training:set:read"


class TrainingSetOut(Out):
    id = serializers.UUIDField()
    title = serializers.CharField()
    initiative = serializers.CharField(source="initiative_code")
    initiative_title = serializers.CharField()
    state = serializers.ChoiceField(list(TrainingSetState))
    verdict = serializers.CharField(help_text='"" until the scan is done.')
    digest = serializers.CharField(help_text="SHA-256 of the bytes.")
    bytes = serializers.IntegerField()
    records = serializers.IntegerField()
    findings = serializers.IntegerField()
    uploaded_by = serializers.CharField()
    uploaded_at = serializers.DateTimeField()


class ProgressOut(Out):
    chunks = serializers.IntegerField()
    scanned = serializers.IntegerField()
    percent = serializers.IntegerField()
    complete = serializers.BooleanField(help_text="False when a scanned part could not be checked wholly.")
    broken_lines = serializers.IntegerField()
    records = serializers.IntegerField()


class FoundAtOut(Out):
    """Where something was found, never what."""

    type = serializers.CharField()
    line = serializers.IntegerField(help_text="From 1.")
    path = serializers.CharField()
    start = serializers.IntegerField(help_text="In code points, from 0.")
    end = serializers.IntegerField(help_text="Exclusive.")
    score = serializers.FloatField()


class BrokenLineOut(Out):
    line = serializers.IntegerField()
    code = serializers.CharField()
    reason = serializers.CharField()


class ReleaseOut(Out):
    destination = serializers.CharField()
    request = serializers.UUIDField(source="request_id", allow_null=True)
    request_state = serializers.CharField()
    asked_at = serializers.DateTimeField()
    permit = serializers.UUIDField(source="permit_id", allow_null=True, help_text="The release permit, once approved.")
    permit_expires_at = serializers.DateTimeField(allow_null=True)


class TrainingSetWholeOut(Out):
    row = TrainingSetOut()
    progress = ProgressOut()
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Findings by type.")
    places = FoundAtOut(many=True)
    broken = BrokenLineOut(many=True)
    broken_lines = serializers.IntegerField()
    parent_set = TrainingSetOut(source="parent", allow_null=True, help_text="What this is a redacted copy of.")
    copies = TrainingSetOut(source="children", many=True)
    releases = ReleaseOut(many=True)
    ruleset = serializers.CharField(source="ruleset_digest")
    exams = ExamCheckOut(many=True, help_text="What it holds of each exam it was checked against.")


class PublicationOut(Out):
    """One time that a training set was sent."""

    id = serializers.UUIDField()
    destination = serializers.CharField(source="destination_ref")
    state = serializers.ChoiceField(
        list(PublicationState),
        help_text="unknown: it was possibly sent, and a person says what became of it. arrived: a person saw it there.",
    )
    begun_at = serializers.DateTimeField(source="at")
    exchange = serializers.UUIDField(help_text="The call in which it was sent.")
    settled_by = serializers.CharField(help_text='Who said what became of it; "" where the provider did.')
    settled_at = serializers.DateTimeField(allow_null=True)
    may_settle = serializers.BooleanField(help_text="Whether you can say what became of it.")


class SettlementIn(In):
    arrived = serializers.BooleanField(
        help_text="Whether it is among the files of the provider. One that is not there may be sent again by the same release."
    )


class TrainingSetsAsk(ListAsk):
    initiative = serializers.UUIDField(required=False)
    state = serializers.ChoiceField(list(TrainingSetState), required=False)
    search = Text(required=False, allow_blank=True, max_length=100)


class ReleaseIn(In):
    destination = serializers.UUIDField(source="destination_id")


class TrainingSets(Endpoint):
    @reads(READ, asks=TrainingSetsAsk, gives=page_shape(TrainingSetOut), says="Training sets, the newest first.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.training_sets, TrainingSetOut, standing=caller.standing)


class TrainingSet(Endpoint):
    @reads(READ, gives=TrainingSetWholeOut, says="One training set: findings by type with places, and its releases.")
    def get(self, caller: Caller, ask: dict[str, Any], training_set: UUID) -> Response:
        return _shown(training_set, caller)


class Progress(Endpoint):
    @reads(READ, gives=ProgressOut, says="How far the scan of a training set is.")
    def get(self, caller: Caller, ask: dict[str, Any], training_set: UUID) -> Response:
        return Response(
            ProgressOut(selectors.training_set(training_set, standing=caller.standing, at=now()).progress).data
        )


class RedactedCopies(Endpoint):
    @writes(
        "training:set:upload",
        gives=TrainingSetWholeOut,
        status=202,
        says="Have a redacted copy made: a set of its own, scanned like any other. Asking twice makes one.",
    )
    def post(self, caller: Caller, body: dict[str, Any], training_set: UUID) -> Response:
        selectors.training_set(training_set, standing=caller.standing, at=now())
        services.ask_redacted_copy(training_set_id=training_set, by=caller.actor, at=now())
        return _shown(training_set, caller)


class Releases(Endpoint):
    @writes(
        "training:set:ask_release",
        takes=ReleaseIn,
        gives=TrainingSetWholeOut,
        status=201,
        says="Ask to send exactly these bytes to a destination.",
        step_up=True,
    )
    def post(self, caller: Caller, body: dict[str, Any], training_set: UUID) -> Response:
        selectors.training_set(training_set, standing=caller.standing, at=now())
        services.ask_release(training_set_id=training_set, **body, by=caller.actor, at=now())
        return _shown(training_set, caller)


class Publications(Endpoint):
    @reads(READ, gives=PublicationOut(many=True), says="When and to where a training set was sent, the newest first.")
    def get(self, caller: Caller, ask: dict[str, Any], training_set: UUID) -> Response:
        return Response(PublicationOut(_publications(training_set, caller), many=True).data)


class Settlement(Endpoint):
    @writes(
        SETTLE,
        takes=SettlementIn,
        gives=PublicationOut,
        says="Say whether a training set that was possibly sent is at the provider.",
    )
    def post(self, caller: Caller, body: dict[str, Any], training_set: UUID, publication: UUID) -> Response:
        _publications(training_set, caller)
        settle_publication(publication_id=publication, training_set_id=training_set, **body, by=caller.actor, at=now())
        (settled,) = [row for row in _publications(training_set, caller) if row.id == publication]
        return Response(PublicationOut(settled).data)


def _publications(training_set: UUID, caller: Caller) -> list[PublicationRow]:
    """Raises NotFound for a set that the caller may not see."""
    found = selectors.training_set(training_set, standing=caller.standing, at=now())
    return publications_of(training_set, unit_path=found.unit_path, standing=caller.standing)


def _shown(training_set: UUID, caller: Caller) -> Response:
    return Response(TrainingSetWholeOut(selectors.training_set(training_set, standing=caller.standing, at=now())).data)
