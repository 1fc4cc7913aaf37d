"""Have a redacted copy made: a new set with its own digest, which is scanned like any other."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import NotFound
from governance.core.storage import SealedFile
from governance.core.verdict import require
from governance.organisation.selectors import authorize
from governance.training.models import TrainingSet
from governance.training.rules import TrainingSetState, may_redact
from governance.training.selectors import redaction_key
from governance.training.services.receiving import LONGEST_TITLE, register_set
from governance.work.models import Job
from governance.work.rules import LeasedJob
from governance.work.services import enqueue, finish_job

ENDING = ", redacted"


@transaction.atomic
def ask_redacted_copy(*, training_set_id: UUID, by: Actor, at: datetime) -> Job:
    """Queue the making of a redacted copy; asking twice makes one.

    Raises:
        NotFound: `no_training_set`. NotAllowed: a code of `rules.may_redact`, or `not_permitted`.
    """
    rows = TrainingSet.objects.select_related("initiative__accountable_unit").select_for_update(of=["self"])
    row = rows.filter(pk=training_set_id).first()
    if row is None:
        raise NotFound("no_training_set", "There is no such training set.")
    unit_path = row.initiative.accountable_unit.path
    authorize(by, "training:set:upload", unit_path)
    require(may_redact(TrainingSetState(row.state), row.counts))
    record(EventKind.TRAINING_COPY_ASKED, subject=f"training_set:{row.pk}", by=by, at=at, unit_path=unit_path)
    asked = {"training_set": str(row.pk), "by": str(by.person or row.uploaded_by_id)}
    return enqueue(kind="training.redact", input=asked, by=by, at=at, dedupe_key=redaction_key(row.pk))


@transaction.atomic
def close_redaction(*, job: LeasedJob, parent_id: UUID, file: SealedFile, by: Actor, at: datetime) -> TrainingSet:
    """Register the copy and mark its job done, together.

    Raises:
        Conflict: `already_uploaded`, or `lease_lost`.
    """
    parent = TrainingSet.objects.get(pk=parent_id)
    title = parent.title[: LONGEST_TITLE - len(ENDING)] + ENDING
    copy = register_set(initiative_id=parent.initiative_id, title=title, file=file, by=by, at=at, parent_id=parent.pk)
    finish_job(job=job, at=at)
    record(
        EventKind.TRAINING_COPY_MADE,
        subject=f"training_set:{copy.pk}",
        by=by,
        at=at,
        parent=str(parent.pk),
        digest=copy.digest,
    )
    return copy
