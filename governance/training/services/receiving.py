"""A set has arrived in sealed storage: write it down and have it scanned."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotFound
from governance.core.storage import SealedFile
from governance.detection.ways import Way
from governance.initiatives.models import Initiative
from governance.organisation.selectors import authorize
from governance.training.models import TrainingSet
from governance.work.services import enqueue

LONGEST_TITLE = 120


@transaction.atomic
def register_set(
    *,
    initiative_id: UUID,
    title: str,
    file: SealedFile,
    by: Actor,
    at: datetime,
    parent_id: UUID | None = None,
    demand: Way | None = None,
) -> TrainingSet:
    """Write down the set whose bytes lie in `file` and queue its scan. `demand`: what its making kept to, as a redacted copy.

    Raises:
        Invalid: `empty_set`, or `title_length`.
        Conflict: `already_uploaded`, when the initiative has a set of the same bytes.
        NotFound: `no_initiative`. NotAllowed: `not_permitted`.
    """
    initiative = Initiative.objects.select_related("accountable_unit").filter(pk=initiative_id).first()
    if initiative is None:
        raise NotFound("no_initiative", "There is no such initiative.", field="initiative")
    unit_path = initiative.accountable_unit.path
    authorize(by, "training:set:upload", unit_path)
    _check(title, file)
    if by.person is None:
        raise Invalid("no_person", "A training set needs a person who answers for it.")
    row = TrainingSet(
        initiative=initiative,
        parent_id=parent_id,
        demand=str(demand or ""),
        title=title,
        digest=file.digest,
        bytes=file.size,
        storage_ref=file.ref,
        uploaded_by_id=by.person,
        uploaded_at=at,
    )
    _add_once(row)
    subject = f"training_set:{row.pk}"
    told = {"initiative": str(initiative.pk), "digest": row.digest, "bytes": row.bytes, "parent": str(parent_id or "")}
    record(EventKind.TRAINING_SET_RECEIVED, subject=subject, by=by, at=at, unit_path=unit_path, **told)
    enqueue(kind="training.split", input={"training_set": str(row.pk)}, by=by, at=at, dedupe_key=f"split:{row.pk}")
    return row


def _check(title: str, file: SealedFile) -> None:
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise Invalid("title_length", f"A title has 1 to {LONGEST_TITLE} characters.", field="title")
    if not file.size:
        raise Invalid(
            "empty_set", "The file is empty.", field="file", remedy="Choose a JSONL file with one record a line."
        )


def _add_once(row: TrainingSet) -> None:
    # Of two at once the later waits here for the first; no lock, for the gateway may lock no initiative.
    TrainingSet.objects.bulk_create([row], ignore_conflicts=True)
    same = TrainingSet.objects.get(initiative=row.initiative, digest=row.digest)
    if same.pk != row.pk:
        raise Conflict(
            "already_uploaded",
            f"These bytes were uploaded before as “{same.title}”.",
            field="file",
            remedy=f"See /training-sets/{same.pk}/.",
        )
