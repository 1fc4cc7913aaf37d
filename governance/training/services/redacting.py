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
from governance.detection.ways import Way, strictest_demand
from governance.organisation.selectors import authorize
from governance.training.models import TrainingSet
from governance.training.rules import TrainingSetState, may_redact
from governance.training.selectors import demanded_of_copies, redaction_key
from governance.training.services.receiving import LONGEST_TITLE, register_set
from governance.work.models import Job
from governance.work.rules import LeasedJob
from governance.work.services import enqueue, finish_job

ENDING = ", redacted"


@transaction.atomic
def ask_redacted_copy(*, training_set_id: UUID, by: Actor, at: datetime) -> Job:
    """Queue the making of a redacted copy; asking twice makes one, until grants demand something else of copies.

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
    return enqueue(
        kind="training.redact",
        input=asked,
        by=by,
        at=at,
        dedupe_key=redaction_key(row.pk, demanded_of_copies(row.initiative_id, at=at)),
    )


@transaction.atomic
def close_redaction(
    *, job: LeasedJob, parent_id: UUID, file: SealedFile, demand: Way | None, by: Actor, at: datetime
) -> TrainingSet:
    """Register the copy and mark its job done, together. A copy of the same bytes keeps to `demand` as well, and stands for it.

    Raises:
        Conflict: `already_uploaded`, as something else than a copy of this set; `lease_lost`.
    """
    parent = TrainingSet.objects.get(pk=parent_id)
    copy = TrainingSet.objects.select_for_update().filter(parent=parent, digest=file.digest).first()
    if copy:
        held = [Way(copy.demand)] if copy.demand else []
        copy.demand = str(strictest_demand([*held, demand]) or "")
        copy.save(update_fields=["demand"])
    else:
        copy = _registered(parent, file, demand, by=by, at=at)
    finish_job(job=job, at=at)
    record(
        EventKind.TRAINING_COPY_MADE,
        subject=f"training_set:{copy.pk}",
        by=by,
        at=at,
        parent=str(parent.pk),
        digest=copy.digest,
        demand=copy.demand,
    )
    return copy


def _registered(parent: TrainingSet, file: SealedFile, demand: Way | None, *, by: Actor, at: datetime) -> TrainingSet:
    title = parent.title[: LONGEST_TITLE - len(ENDING)] + ENDING
    of = {"initiative_id": parent.initiative_id, "parent_id": parent.pk}
    return register_set(**of, title=title, file=file, demand=demand, by=by, at=at)
