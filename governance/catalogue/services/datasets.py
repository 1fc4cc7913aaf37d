"""Writes of datasets."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.catalogue.models import Dataset, EvaluationSet, SourceRegister
from governance.catalogue.rules import BUILT_IN_REF, DatasetFacts, is_raised, may_catalogue, may_edit
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotFound
from governance.core.ids import slug
from governance.core.revisions import require_fresh
from governance.core.verdict import require
from governance.core.vocabulary import Classification
from governance.organisation.selectors import authorize, unit
from governance.scanning.services import name_fingerprints
from governance.work.consequences import follow

if TYPE_CHECKING:  # the fingerprints load numpy, which nobody needs to write a row
    from governance.detection.fingerprints.rows import Made as Rows

EDIT = "catalogue:dataset:edit"


class DatasetChanges(TypedDict, total=False):
    """What may be changed about a dataset; what is left out stays."""

    title: str
    about: str
    steward_unit_id: UUID
    classification: str
    personal_data: Sequence[str]
    jurisdictions: Sequence[str]
    licence: str
    crown_jewel: bool
    synthetic: bool
    pictures: bool


def add_dataset(
    *,
    title: str,
    steward_unit_id: UUID,
    classification: str,
    by: Actor,
    at: datetime,
    ref: str = "",
    about: str = "",
    personal_data: Sequence[str] = (),
    jurisdictions: Sequence[str] = (),
    licence: str = "",
    crown_jewel: bool = False,
    synthetic: bool = False,
    pictures: bool = False,
) -> Dataset:
    """Add a dataset to the catalogue. `ref` is made from the title when it is left out.

    Raises:
        NotAllowed: the actor is no data steward of the unit.
        Invalid: what the rules forbid, with the rule's code.
        Conflict: "ref_taken".
    """
    steward = unit(steward_unit_id)
    authorize(by, EDIT, steward.path)
    dataset = Dataset(
        ref=ref or slug(title),
        title=title.strip(),
        about=about,
        steward_unit=steward,
        classification=classification,
        personal_data=sorted(set(personal_data)),
        jurisdictions=sorted(set(jurisdictions)),
        licence=licence,
        crown_jewel=crown_jewel,
        synthetic=synthetic,
        pictures=pictures,
        created_at=at,
    )
    require(may_catalogue(_facts(dataset)), Invalid)
    _insert(dataset, by=by, at=at)
    return dataset


@transaction.atomic
def edit_dataset(
    *, dataset_id: UUID, revision: int, by: Actor, at: datetime, **changes: Unpack[DatasetChanges]
) -> Dataset:
    """Change what is said of a dataset. A raised classification is followed by whoever relied on the lower one.

    Raises:
        NotAllowed: the actor is no data steward of the unit, or not of the unit it would move to.
        Conflict: "stale_revision", "built_in", "retired".
        Invalid: what the rules forbid, with the rule's code.
    """
    dataset = _locked(dataset_id)
    authorize(by, EDIT, dataset.steward_unit.path)
    require(may_edit(built_in=dataset.built_in, retired=dataset.retired_at is not None), Conflict)
    require_fresh(held=dataset.revision, seen=revision)
    before = dataset.classification
    changed = _apply(dataset, changes)
    if not changed:
        return dataset
    if "steward_unit_id" in changed:
        authorize(by, EDIT, unit(dataset.steward_unit_id).path)
    require(may_catalogue(_facts(dataset)), Invalid)
    dataset.revision += 1
    dataset.save()
    record(
        EventKind.DATASET_EDITED,
        subject=f"dataset:{dataset.pk}",
        by=by,
        at=at,
        unit_path=dataset.steward_unit.path,
        fields=changed,
        classification=dataset.classification,
        revision=dataset.revision,
    )
    if is_raised(before, dataset.classification):
        follow("catalogue.classification_raised", dataset_id=dataset.pk, by=by, at=at)
    return dataset


@transaction.atomic
def retire_dataset(*, dataset_id: UUID, revision: int, by: Actor, at: datetime) -> Dataset:
    """Take a dataset out of use; it stays in the catalogue's history.

    Raises:
        NotAllowed: the actor is no data steward of the unit.
        Conflict: "stale_revision", "built_in", "retired".
    """
    dataset = _locked(dataset_id)
    authorize(by, EDIT, dataset.steward_unit.path)
    require(may_edit(built_in=dataset.built_in, retired=dataset.retired_at is not None), Conflict)
    require_fresh(held=dataset.revision, seen=revision)
    dataset.retired_at = at
    dataset.revision += 1
    dataset.save(update_fields=["retired_at", "revision"])
    subject = f"dataset:{dataset.pk}"
    record(EventKind.DATASET_RETIRED, subject=subject, by=by, at=at, unit_path=dataset.steward_unit.path)
    follow("catalogue.dataset_retired", dataset_id=dataset.pk, by=by, at=at)
    return dataset


@transaction.atomic
def follow_dissolution(*, unit_id: UUID, successor_id: UUID, by: Actor, at: datetime) -> int:
    """Let the successor of a dissolved unit look after its datasets, registers and exams; return how many datasets."""
    successor = unit(successor_id)
    datasets = list(Dataset.objects.filter(steward_unit_id=unit_id).select_for_update(of=("self",)).order_by("pk"))
    for dataset in datasets:
        dataset.steward_unit = successor
        dataset.revision += 1
        dataset.save(update_fields=["steward_unit", "revision"])
        named = {"before": str(unit_id), "after": str(successor_id)}
        subject, path = f"dataset:{dataset.pk}", successor.path
        record(EventKind.STEWARD_UNIT_CHANGED, subject=subject, by=by, at=at, unit_path=path, **named)
    SourceRegister.objects.filter(unit_id=unit_id).update(unit=successor)
    EvaluationSet.objects.filter(unit_id=unit_id).update(unit=successor)
    return len(datasets)


@transaction.atomic
def ensure_built_in(*, unit_id: UUID, by: Actor, at: datetime) -> Dataset:
    """Return "what staff type", made now with `unit_id` as its steward unit if the installation has none yet."""
    steward = unit(unit_id)
    authorize(by, EDIT, steward.path)
    dataset, made = Dataset.objects.get_or_create(
        ref=BUILT_IN_REF,
        defaults={
            "title": "What staff type",
            "about": "Prompts that people write themselves, without a dataset from the catalogue.",
            "steward_unit": steward,
            "classification": Classification.INTERNAL,
            "built_in": True,
            "created_at": at,
        },
    )
    if made:
        subject = f"dataset:{dataset.pk}"
        record(EventKind.DATASET_ADDED, subject=subject, by=by, at=at, unit_path=steward.path, ref=dataset.ref)
    return dataset


@transaction.atomic
def close_rows(*, dataset_id: UUID, made: "Rows", folder: str, by: Actor, at: datetime) -> Dataset:
    """Know the rows of a dataset in prompts from now on.

    Raises:
        NotFound: "no_such_dataset". NotAllowed: "retired", "built_in", or the actor is no data steward of its unit.
    """
    row = _locked(dataset_id)
    authorize(by, EDIT, row.steward_unit.path)
    require(may_edit(built_in=row.built_in, retired=row.retired_at is not None))
    subject, path = f"dataset:{row.pk}", row.steward_unit.path
    record(EventKind.ROWS_REGISTERED, subject=subject, by=by, at=at, unit_path=path, digest=made.digest, rows=made.rows)
    entry = {"id": row.ref, "kind": "rows", "digest": made.digest, "folder": folder}
    name_fingerprints(detector="datasets", option="rows", entry=entry, by=by, at=at)
    return row


def _insert(dataset: Dataset, *, by: Actor, at: datetime) -> None:
    stated = {"ref": dataset.ref, "classification": dataset.classification}
    subject, path = f"dataset:{dataset.pk}", dataset.steward_unit.path
    try:
        with transaction.atomic():
            dataset.save(force_insert=True)
            record(EventKind.DATASET_ADDED, subject=subject, by=by, at=at, unit_path=path, **stated)
    except IntegrityError as taken:
        raise Conflict("ref_taken", "Another dataset has this reference.", field="ref") from taken


def _locked(dataset_id: UUID) -> Dataset:
    found = Dataset.objects.select_related("steward_unit").select_for_update(of=("self",)).filter(pk=dataset_id).first()
    if found is None:
        raise NotFound("no_such_dataset", "There is no such dataset in the catalogue.")
    return found


def _apply(dataset: Dataset, changes: DatasetChanges) -> list[str]:
    """Set what differs and return the names of those fields, sorted."""
    changed = []
    for name, value in changes.items():
        wanted = sorted(set(value)) if name in {"personal_data", "jurisdictions"} else value  # type: ignore[call-overload]
        if getattr(dataset, name) != wanted:
            setattr(dataset, name, wanted)
            changed.append(name)
    return sorted(changed)


def _facts(dataset: Dataset) -> DatasetFacts:
    return DatasetFacts(
        ref=dataset.ref,
        title=dataset.title,
        classification=dataset.classification,
        personal_data=tuple(dataset.personal_data),
        jurisdictions=tuple(dataset.jurisdictions),
        synthetic=dataset.synthetic,
    )
