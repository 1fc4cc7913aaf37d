"""What the names in a remit's or a pattern's body stand for at one moment."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from governance.catalogue.models import Dataset
from governance.core.errors import Invalid, NotFound
from governance.core.vocabulary import Classification
from governance.destinations.selectors import DestinationRow, destination_row
from governance.organisation.models import Unit
from governance.organisation.selectors import ancestors, time_zone_of
from governance.remits.body import RemitBody
from governance.remits.patterns import PatternBody
from governance.remits.rules import DatasetFacts, DestinationFacts, World


@dataclass(frozen=True, slots=True)
class Named:
    """The world of a body, with the rows behind its names."""

    world: World
    datasets: dict[str, Dataset]
    destinations: dict[str, DestinationRow]
    time_zone: str

    @property
    def titles(self) -> dict[str, str]:
        """Return ref -> title, for pages."""
        shown = {ref: dataset.title for ref, dataset in self.datasets.items()}
        return {**shown, **{ref: row.title for ref, row in self.destinations.items()}}


def named_in(body: RemitBody, unit: Unit, *, at: datetime) -> Named:
    """Return what `body` names, seen from the accountable `unit`.

    Raises:
        Invalid: for a name that nothing has.
    """
    datasets = {grant.dataset for grant in body.grants}
    return names(datasets, {grant.destination for grant in body.grants}, unit, at=at)


def named_in_pattern(body: PatternBody, unit: Unit, *, at: datetime) -> Named:
    return names(body.datasets, {ref for ref, _ in body.destinations}, unit, at=at)


def names(datasets: Collection[str], destinations: Collection[str], unit: Unit, *, at: datetime) -> Named:
    """Return the rows and facts behind the refs.

    Raises:
        Invalid: for a name that nothing has.
    """
    data = _datasets(datasets)
    toward = {ref: _destination(ref, at=at) for ref in sorted(destinations)}
    zone = time_zone_of(unit)
    world = World(
        on=at.astimezone(ZoneInfo(zone)).date(),
        unit=unit.name,
        unit_path=unit.path,
        unit_refs=frozenset(Unit.objects.filter(path__in=ancestors(unit.path)).values_list("ref", flat=True)),
        datasets={ref: dataset_facts(dataset) for ref, dataset in data.items()},
        destinations={ref: destination_facts(row) for ref, row in toward.items()},
    )
    return Named(world, data, toward, zone)


def _datasets(refs: Collection[str]) -> dict[str, Dataset]:
    found = Dataset.objects.filter(ref__in=list(refs)).select_related("steward_unit").order_by("ref")
    data = {dataset.ref: dataset for dataset in found}
    unknown = sorted(set(refs) - data.keys())
    if unknown:
        raise Invalid("unknown_dataset", f"The catalogue has no dataset {unknown[0]}.", field="dataset")
    return data


def _destination(ref: str, *, at: datetime) -> DestinationRow:
    try:
        return destination_row(ref, at=at)
    except NotFound as unknown:
        raise Invalid("unknown_destination", f"There is no destination {ref}.", field="destination") from unknown


def dataset_facts(dataset: Dataset) -> DatasetFacts:
    return DatasetFacts(
        ref=dataset.ref,
        title=dataset.title,
        classification=Classification(dataset.classification),
        synthetic=dataset.synthetic,
        retired=dataset.retired_at is not None,
        steward=dataset.steward_unit.name,
        steward_path=dataset.steward_unit.path,
        personal_data=tuple(dataset.personal_data),
        jurisdictions=tuple(dataset.jurisdictions),
        crown_jewel=dataset.crown_jewel,
    )


def destination_facts(row: DestinationRow) -> DestinationFacts:
    return DestinationFacts(
        ref=row.ref,
        title=row.title,
        hosting=row.hosting,
        region=row.region,
        state=row.state,
        terms=row.terms.facts() if row.terms else None,
        digest=row.terms.digest if row.terms else "",
    )


def terms_ids(named: Named) -> dict[str, UUID]:
    """Return destination ref -> id of its terms in force."""
    return {ref: row.terms.id for ref, row in named.destinations.items() if row.terms}
