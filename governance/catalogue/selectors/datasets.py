"""What the catalogue shows. Everyone signed in may read what data there is and who looks after it; not the data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from governance.catalogue.models import Dataset, SourceRegister
from governance.catalogue.rules import BUILT_IN_REF, may_edit
from governance.core.errors import Invalid, NotFound
from governance.core.paging import Page, page_window
from governance.core.verdict import Denied, Verdict, require
from governance.core.vocabulary import Classification
from governance.organisation.permissions import Standing, may
from governance.organisation.roles import Role
from governance.organisation.selectors import paths_for, people_with, within

SORTS = {
    "title": ("title", "id"),
    "-title": ("-title", "-id"),
    "created": ("created_at", "id"),
    "-created": ("-created_at", "-id"),
    "steward": ("steward_unit__name", "title", "id"),
}

REGISTER_READ, REGISTER_EDIT = "catalogue:register:read", "catalogue:register:edit"
REGISTER_SORTS = {
    "title": ("title", "id"),
    "-title": ("-title", "-id"),
    "indexed": ("indexed_at", "id"),
    "-indexed": ("-indexed_at", "-id"),
}


@dataclass(frozen=True, slots=True)
class DatasetRow:
    id: UUID
    ref: str
    title: str
    about: str
    steward_unit_id: UUID
    steward: str
    classification: Classification
    personal_data: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    licence: str
    crown_jewel: bool
    synthetic: bool
    pictures: bool
    built_in: bool
    created_at: datetime
    retired_at: datetime | None
    revision: int

    @classmethod
    def of(cls, dataset: Dataset) -> "DatasetRow":
        return cls(
            id=dataset.pk,
            ref=dataset.ref,
            title=dataset.title,
            about=dataset.about,
            steward_unit_id=dataset.steward_unit_id,
            steward=dataset.steward_unit.name,
            classification=Classification(dataset.classification),
            personal_data=tuple(dataset.personal_data),
            jurisdictions=tuple(dataset.jurisdictions),
            licence=dataset.licence,
            crown_jewel=dataset.crown_jewel,
            synthetic=dataset.synthetic,
            pictures=dataset.pictures,
            built_in=dataset.built_in,
            created_at=dataset.created_at,
            retired_at=dataset.retired_at,
            revision=dataset.revision,
        )


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """A dataset, the names of those who decide about it, and whether the reader may change it."""

    row: DatasetRow
    stewards: tuple[str, ...]
    may_edit: Verdict


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """`indexed_at` is None, `files` and `lines` 0, until the register has been indexed.

    `left_out` counts files by why they were left out (detection.fingerprints.left_out); None where nobody counted.
    """

    id: UUID
    title: str
    kind: str
    unit: str
    files: int
    lines: int
    indexed_at: datetime | None
    index_digest: str
    left_out: dict[str, int] | None
    retired_at: datetime | None
    may_retire: bool


def datasets(
    *,
    standing: Standing,
    search: str = "",
    classification: str = "",
    personal_data: str = "",
    steward: UUID | None = None,
    retired: bool = False,
    sort: str = "title",
    page: int = 1,
    size: int = 50,
) -> Page[DatasetRow]:
    """Return one page of the catalogue; `steward` is a unit, `retired` adds what is no longer used.

    Raises:
        NotAllowed: when the reader's account is not active.
        Invalid: "unknown_sort".
    """
    require(may(standing, "catalogue:dataset:read", None))
    found = _matching(search, classification, personal_data, steward, retired=retired).order_by(*_order(sort, SORTS))
    start, end = page_window(page, size)
    rows = [DatasetRow.of(dataset) for dataset in found.select_related("steward_unit")[start:end]]
    return Page(rows, found.count(), max(page, 1), end - start)


def dataset_names(standing: Standing, *, most: int) -> list[tuple[str, str]]:
    """Return (reference, title) of the datasets in use, by title, at most `most`; [] for whoever may not read them."""
    if isinstance(may(standing, "catalogue:dataset:read", None), Denied):
        return []
    return list(Dataset.objects.filter(retired_at=None).order_by("title", "id").values_list("ref", "title")[:most])


def _matching(
    search: str, classification: str, personal_data: str, steward: UUID | None, *, retired: bool
) -> QuerySet[Dataset]:
    wanted = Q() if retired else Q(retired_at=None)
    if search:
        wanted &= Q(title__icontains=search) | Q(ref__icontains=search) | Q(about__icontains=search)
    if classification:
        wanted &= Q(classification=classification)
    if personal_data:
        wanted &= Q(personal_data__contains=[personal_data])
    if steward:
        wanted &= Q(steward_unit_id=steward)
    return Dataset.objects.filter(wanted)


def _order(sort: str, sorts: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if sort not in sorts:
        raise Invalid("unknown_sort", f"Sort by one of: {', '.join(sorts)}.", field="sort")
    return sorts[sort]


def dataset(ref_or_id: str | UUID, *, standing: Standing, at: datetime) -> DatasetPage:
    """Return one dataset by its reference or id.

    Raises:
        NotFound: "no_such_dataset".
        NotAllowed: when the reader's account is not active.
    """
    require(may(standing, "catalogue:dataset:read", None))
    found = dataset_named(ref_or_id)
    path = found.steward_unit.path
    permitted = may(standing, "catalogue:dataset:edit", path)
    return DatasetPage(
        row=DatasetRow.of(found),
        stewards=tuple(person.name for person in people_with(Role.DATA_STEWARD, path, at=at)),
        may_edit=permitted and may_edit(built_in=found.built_in, retired=found.retired_at is not None),
    )


def dataset_named(ref_or_id: str | UUID) -> Dataset:
    """Return the dataset itself with its steward unit, for the areas above.

    Raises:
        NotFound: "no_such_dataset".
    """
    key = _as_id(ref_or_id)
    wanted = Q(ref=str(ref_or_id)) if key is None else Q(pk=key)
    found = Dataset.objects.select_related("steward_unit").filter(wanted).first()
    if found is None:
        raise NotFound("no_such_dataset", "There is no such dataset in the catalogue.", field="dataset")
    return found


def built_in_dataset() -> Dataset:
    """Return "what staff type", which stands for prompts without a dataset of their own.

    Raises:
        NotFound: "no_such_dataset", before the installation has made it.
    """
    return dataset_named(BUILT_IN_REF)


def registers(
    *, standing: Standing, search: str = "", retired: bool = False, sort: str = "title", page: int = 1, size: int = 50
) -> Page[RegisterRow]:
    """Return the source registers of the units whose registers the reader may see; `retired` adds what is no longer scanned for.

    Raises:
        Invalid: "unknown_sort".
    """
    paths = paths_for(standing, REGISTER_READ)
    found = SourceRegister.objects.filter(within(paths, "unit__path"), title__icontains=search)
    found = (found if retired else found.filter(retired_at=None)).order_by(*_order(sort, REGISTER_SORTS))
    start, end = page_window(page, size)
    rows = [
        RegisterRow(
            id=register.pk,
            title=register.title,
            kind=register.kind,
            unit=register.unit.name,
            files=register.files,
            lines=register.lines,
            indexed_at=register.indexed_at,
            index_digest=register.index_digest,
            left_out=register.left_out,
            retired_at=register.retired_at,
            may_retire=register.retired_at is None and bool(may(standing, REGISTER_EDIT, register.unit.path)),
        )
        for register in found.select_related("unit")[start:end]
    ]
    return Page(rows, found.count(), max(page, 1), end - start)


def register_by_id(register_id: UUID) -> SourceRegister:
    """Return the register itself, for the areas above. Raises NotFound: "no_such_register"."""
    found = SourceRegister.objects.filter(pk=register_id).first()
    if found is None:
        raise NotFound("no_such_register", "There is no such register.")
    return found


def register_titled(title: str) -> SourceRegister:
    """Return the register itself, for the areas above and the command line.

    Raises:
        NotFound: "no_such_register".
    """
    found = SourceRegister.objects.filter(title=title).first()
    if found is None:
        raise NotFound("no_such_register", "There is no register of this title.", remedy="Add it first.")
    return found


def _as_id(ref_or_id: str | UUID) -> UUID | None:
    if isinstance(ref_or_id, UUID):
        return ref_or_id
    try:
        return UUID(ref_or_id)
    except ValueError:
        return None
