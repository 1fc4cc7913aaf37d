"""Writes of evaluation sets: registered, their items read and forgotten but for fingerprints, watched for, retired."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.catalogue.models import EvaluationSet
from governance.catalogue.rules import ExamState, Secrecy, exam_fault, may_retire_exam, may_send_items
from governance.catalogue.vault import exam_vault
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotFound
from governance.core.storage import SealedFile
from governance.core.verdict import require
from governance.organisation.models import Unit
from governance.organisation.selectors import authorize, root_unit, unit
from governance.scanning.services import forget_fingerprints, name_fingerprints
from governance.work.consequences import follow
from governance.work.rules import LeasedJob
from governance.work.services import enqueue, finish_job

if TYPE_CHECKING:  # the fingerprints load numpy, which nobody needs to write a row
    from governance.detection.fingerprints.exam import Made

EDIT = "catalogue:exam:edit"
KINDS = {Secrecy.SECRET: "exam", Secrecy.PUBLIC: "public_exam"}  # of an entry of the ruleset


def add_exam(*, ref: str, title: str, secrecy: str, unit_id: UUID, by: Actor, at: datetime) -> EvaluationSet:
    """Register an evaluation set, empty until its items are sent.

    Raises:
        NotAllowed: the actor may not register exams for the unit.
        Invalid: "bad_ref", "bad_title", "unknown_secrecy". Conflict: "ref_taken".
    """
    owner = unit(unit_id)
    authorize(by, EDIT, owner.path)
    require(exam_fault(ref=ref, title=title, secrecy=secrecy), Invalid)
    return _added(ref=ref, title=title.strip(), secrecy=Secrecy(secrecy), owner=owner, by=by, at=at)


@transaction.atomic
def receive_items(*, exam_id: UUID, file: SealedFile, by: Actor, at: datetime) -> EvaluationSet:
    """Have the items in a sealed file read. What was known of the set before stays in force until they have been.

    Raises:
        NotFound: "no_such_exam". NotAllowed: the actor may not register exams for its unit.
        Conflict: "being_read", "retired". Invalid: "empty_file".
    """
    row = _locked(exam_id)
    authorize(by, EDIT, row.unit.path)
    require(may_send_items(ExamState(row.state)), Conflict)
    if not file.size:
        raise Invalid("empty_file", "The file is empty.", field="file", remedy="Choose a file with one item a line.")
    row.state, row.storage_ref, row.fault = ExamState.READING, file.ref, ""
    row.save(update_fields=["state", "storage_ref", "fault"])
    _tell(EventKind.EXAM_RECEIVED, row, by, at, digest=file.digest, bytes=file.size)
    enqueue(kind="catalogue.read_exam", input={"exam": str(row.pk)}, by=by, at=at)
    return row


@transaction.atomic
def close_reading(
    *, job: LeasedJob, exam_id: UUID, made: "Made", folder: str, by: Actor, at: datetime
) -> EvaluationSet:
    """Watch for the items from now on, and forget where their file lay."""
    row = _locked(exam_id)
    _watch(row, made=made, folder=folder, by=by, at=at)
    finish_job(job=job, at=at)
    return row


@transaction.atomic
def refuse_items(*, job: LeasedJob, exam_id: UUID, code: str, reason: str, by: Actor, at: datetime) -> EvaluationSet:
    """Say why the file could not be read. Fingerprints of an earlier one stay in force."""
    row = _locked(exam_id)
    _fault(row, reason, by, at, code=code)
    finish_job(job=job, at=at)
    return row


@transaction.atomic
def give_up_reading(*, job: LeasedJob, by: Actor, at: datetime) -> None:
    """The job was given up after its last try: the file is not read."""
    row = _locked(UUID(job.input["exam"]))
    if row.state == ExamState.READING:
        _fault(row, "Its items could not be read. Send them again.", by, at, code="job_given_up")


@transaction.atomic
def close_exam(*, name: str, made: "Made", folder: str, by: Actor, at: datetime) -> EvaluationSet:
    """Watch for a set whose fingerprints were made on this machine, under `name`; one that is new belongs to the whole organisation.

    Raises:
        Invalid: "bad_ref". NotFound: "no_organisation". NotAllowed: the actor may not register exams there.
    """
    row = EvaluationSet.objects.select_related("unit").select_for_update(of=("self",)).filter(ref=name).first()
    if row is None:
        owner = root_unit()
        if owner is None:
            raise NotFound("no_organisation", "There is no organisation yet.")
        require(exam_fault(ref=name, title=name, secrecy=Secrecy.SECRET), Invalid)
        row = _added(ref=name, title=name, secrecy=Secrecy.SECRET, owner=owner, by=by, at=at)
    authorize(by, EDIT, row.unit.path)
    _watch(row, made=made, folder=folder, by=by, at=at)
    return row


@transaction.atomic
def retire_exam(*, exam_id: UUID, by: Actor, at: datetime) -> EvaluationSet:
    """Stop watching for a set. What was seen of it stays on record.

    Raises:
        NotFound: "no_such_exam". NotAllowed: the actor may not register exams for its unit. Conflict: "being_read", "retired".
    """
    row = _locked(exam_id)
    authorize(by, EDIT, row.unit.path)
    require(may_retire_exam(ExamState(row.state)), Conflict)
    row.state, row.retired_at = ExamState.RETIRED, at
    row.save(update_fields=["state", "retired_at"])
    _tell(EventKind.EXAM_RETIRED, row, by, at)
    if row.index_digest:
        forget_fingerprints(detector="evaluation", option="sets", name=row.ref, by=by, at=at)
    return row


def _added(*, ref: str, title: str, secrecy: Secrecy, owner: Unit, by: Actor, at: datetime) -> EvaluationSet:
    row = EvaluationSet(ref=ref, title=title, secrecy=secrecy, unit=owner, added_by_id=by.person, added_at=at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _tell(EventKind.EXAM_REGISTERED, row, by, at, secrecy=str(secrecy))
    except IntegrityError as taken:
        raise Conflict("ref_taken", "Another evaluation set has this name.", field="ref") from taken
    return row


def _watch(row: EvaluationSet, *, made: "Made", folder: str, by: Actor, at: datetime) -> None:
    _forget_file(row)
    row.state, row.storage_ref, row.fault, row.retired_at = ExamState.WATCHED, "", "", None
    row.index_digest, row.items, row.too_short, row.read_at = made.digest, made.items, made.too_short, at
    row.save()
    _tell(EventKind.EXAM_ADDED, row, by, at, digest=made.digest, items=made.items)
    entry = {"id": row.ref, "kind": KINDS[Secrecy(row.secrecy)], "digest": made.digest, "folder": folder}
    name_fingerprints(detector="evaluation", option="sets", entry=entry, by=by, at=at)
    follow("catalogue.exam_watched", exam_id=row.pk, by=by, at=at)


def _fault(row: EvaluationSet, reason: str, by: Actor, at: datetime, *, code: str) -> None:
    _forget_file(row)
    row.state, row.storage_ref, row.fault = ExamState.FAULTY, "", reason
    row.save(update_fields=["state", "storage_ref", "fault"])
    _tell(EventKind.EXAM_REFUSED, row, by, at, code=code)


def _forget_file(row: EvaluationSet) -> None:
    """Remove the sealed file once what came of it is written down: nobody needs the items again."""
    if row.storage_ref:
        transaction.on_commit(partial(exam_vault().delete, row.storage_ref), robust=True)


def _locked(exam_id: UUID) -> EvaluationSet:
    found = EvaluationSet.objects.select_related("unit").select_for_update(of=("self",)).filter(pk=exam_id).first()
    if found is None:
        raise NotFound("no_such_exam", "There is no such evaluation set.")
    return found


def _tell(kind: EventKind, row: EvaluationSet, by: Actor, at: datetime, **detail: object) -> None:
    record(kind, subject=f"exam:{row.ref}", by=by, at=at, unit_path=row.unit.path, **detail)
