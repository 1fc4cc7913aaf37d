"""The live table of options: the same request for every destination and technique, with who decides and what it costs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.approvals.definitions import WorkflowDefinition
from governance.approvals.policy import SlotPlan, route
from governance.approvals.selectors import waiting_stats, workflow_for
from governance.approvals.selectors.seats import Roster, candidates_for
from governance.approvals.selectors.workflows import definition_of
from governance.catalogue.rules import BUILT_IN_REF
from governance.core.errors import Invalid, NotFound
from governance.core.verdict import Denied
from governance.core.vocabulary import Purpose, Technique, WeightsOwner
from governance.destinations.selectors import DestinationRow, open_destinations
from governance.initiatives.selectors import is_contested_now, visible_ids
from governance.organisation.permissions import Standing
from governance.organisation.selectors import time_zone_of
from governance.remits.answers import with_option
from governance.remits.body import MAIN_MODE, RemitBody, parse_body
from governance.remits.evidence import ExamEvidence
from governance.remits.facts import Asked, stated_facts
from governance.remits.models import Remit
from governance.remits.rules import DestinationFacts, World, may_reach, outside_field, usual_end
from governance.remits.selectors.exams import evidence_of
from governance.remits.selectors.patterns import PatternBook
from governance.remits.selectors.promises import is_trusted, promise_in
from governance.remits.selectors.world import destination_facts, names

CHANGES_WEIGHTS = frozenset({Technique.ADAPTER, Technique.FINE_TUNE, Technique.TRAIN})


@dataclass(frozen=True, slots=True)
class OptionStage:
    """One step of the route. `deciders` can fill it today; `usual_hours` is None while there is no history."""

    name: str
    position: int
    reason: str
    skipped: bool
    deciders: tuple[str, ...]
    usual_hours: float | None


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One way to do what the draft asks. Prices in micro-euro per million tokens, None when not known.

    `refused` says why nobody could approve it ("" otherwise). `pattern` decides it at once; else `outside_pattern_field`
    is the first field that stands outside the closest pattern. Both are None while the draft lacks answers.
    `expected_hours` adds the waits of the stages, None while one of them has no history.
    """

    destination: str
    destination_title: str
    hosting: str
    region: str
    technique: Technique
    stages: tuple[OptionStage, ...]
    refused: str
    expected_hours: float | None
    price_in: int | None
    price_out: int | None
    weights_owner: WeightsOwner | None
    chosen: bool
    pattern: str | None
    outside_pattern_field: str | None

    @property
    def deciders(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for stage in self.stages for name in stage.deciders))


@dataclass(frozen=True, slots=True)
class _Table:
    """What every row of one table shares."""

    remit: Remit
    draft: Mapping[str, Any]
    world: World
    person: UUID
    definition: WorkflowDefinition
    contest_open: bool
    exam_evidence: ExamEvidence
    trusted: bool
    roster: Roster
    hours: Mapping[str, float]
    book: PatternBook


def options(remit_id: UUID, standing: Standing, *, at: datetime) -> list[OptionRow]:
    """Return a row for every open destination cleared for the draft's data, and every technique it offers.

    Sorted by destination, then technique. Without a dataset in the draft, the built-in one stands in.

    Raises:
        NotFound: when there is no such remit, or the reader may not see it.
        Invalid: when the draft names a dataset that does not exist.
    """
    found = Remit.objects.filter(pk=remit_id, initiative__in=visible_ids(standing))
    remit = found.select_related("initiative__accountable_unit").first()
    if remit is None:
        raise NotFound("remit_not_found", "There is no such remit, or you may not see it.")
    table = _table(remit, standing.person, at)
    return [
        _option(table, row, technique)
        for row in open_destinations(at=at)
        if _reaches_all(table.world, destination_facts(row))
        for technique in Technique
        if not _leaves_no_weights(row, technique)
    ]


def _table(remit: Remit, person: UUID, at: datetime) -> _Table:
    draft = _with_a_dataset(remit, at)
    refs = {grant["dataset"] for grant in draft["grants"]}
    named = names(refs, (), remit.initiative.accountable_unit, at=at)
    definition = definition_of(workflow_for("remit", at=at))
    usual = waiting_stats((stage.name for stage in definition.stages), at=at)
    return _Table(
        remit=remit,
        draft=draft,
        world=named.world,
        person=person,
        definition=definition,
        contest_open=is_contested_now(remit.initiative_id),
        exam_evidence=evidence_of(remit.initiative_id),
        trusted=is_trusted(remit.initiative_id, promise_in(draft)),
        roster=Roster(at),
        hours={name: waited.hours for name, waited in usual.items()},
        book=PatternBook(at=at),
    )


def _with_a_dataset(remit: Remit, at: datetime) -> dict[str, Any]:
    grants = [grant for grant in remit.body.get("grants", []) if grant.get("dataset")]
    ends = remit.body.get("ends") or usual_end(at, time_zone_of(remit.initiative.accountable_unit)).isoformat()
    purpose = remit.body.get("purpose") or Purpose.ASSIST_STAFF
    stand_in: dict[str, Any] = {"dataset": BUILT_IN_REF, "purpose": str(purpose), "conditions": {}, "ends": ends}
    return {**remit.body, "grants": grants or [stand_in]}


def _reaches_all(world: World, destination: DestinationFacts) -> bool:
    return all(may_reach(dataset, destination) for dataset in world.datasets.values())


def _leaves_no_weights(row: DestinationRow, technique: Technique) -> bool:
    nothing = row.terms is None or row.terms.weights_owner is WeightsOwner.NONE_RESULT
    return technique in CHANGES_WEIGHTS and nothing


def _option(table: _Table, row: DestinationRow, technique: Technique) -> OptionRow:
    stages, refused = _stages(table, row, technique)
    pattern, outside = _pattern(table, row, technique)
    return OptionRow(
        destination=row.ref,
        destination_title=row.title,
        hosting=row.hosting,
        region=row.region,
        technique=technique,
        stages=stages,
        refused=refused,
        expected_hours=0.0 if pattern else _expected(stages),
        price_in=row.terms.price_in if row.terms else None,
        price_out=row.terms.price_out if row.terms else None,
        weights_owner=row.terms.weights_owner if row.terms and technique in CHANGES_WEIGHTS else None,
        chosen=_is_chosen(table.remit.body, row, technique),
        pattern=pattern,
        outside_pattern_field=outside,
    )


def _stages(table: _Table, row: DestinationRow, technique: Technique) -> tuple[tuple[OptionStage, ...], str]:
    asked = Asked(
        ai_act_class=table.draft.get("ai_act_class") or table.remit.initiative.ai_act_class,
        tier=table.draft.get("tier") or table.remit.initiative.tier,
        purposes={str(grant["purpose"]) for grant in table.draft["grants"] if grant.get("purpose")},
        modes=[MAIN_MODE[technique]],
        techniques=[technique],
        contest_open=table.contest_open,
        exam_evidence=table.exam_evidence,
        oversight_share=(table.draft.get("oversight") or {}).get("share", 0),
    )
    facts = stated_facts(
        asked, world=table.world, datasets=table.world.datasets.values(), destinations=[destination_facts(row)]
    )
    planned = route(table.definition, facts)
    if isinstance(planned, Denied):
        return (), planned.reason
    return tuple(
        OptionStage(
            name=stage.name,
            position=stage.position,
            reason=stage.reason,
            skipped=stage.skipped,
            deciders=_deciders(table, stage.slots),
            usual_hours=table.hours.get(stage.name),
        )
        for stage in planned.stages
    ), ""


def _deciders(table: _Table, seats: Iterable[SlotPlan]) -> tuple[str, ...]:
    apart_from = {table.person, table.remit.drafted_by_id, *(UUID(person) for person in table.remit.authors)}
    people = [person for seat in seats for person in candidates_for(seat, apart_from=apart_from, roster=table.roster)]
    return tuple(dict.fromkeys(person.name for person in people))


def _expected(stages: tuple[OptionStage, ...]) -> float | None:
    """Stages of one position run side by side, so the slowest of them counts."""
    by_position: dict[int, list[float]] = {}
    for stage in stages:
        if stage.skipped:
            continue
        if stage.usual_hours is None:
            return None
        by_position.setdefault(stage.position, []).append(stage.usual_hours)
    return sum(max(hours) for hours in by_position.values())


def _pattern(table: _Table, row: DestinationRow, technique: Technique) -> tuple[str | None, str | None]:
    body = _as_asked(table.draft, row, technique)
    if body is None:
        return None, None
    facts = destination_facts(row)
    world = World(
        on=table.world.on,
        unit=table.world.unit,
        unit_path=table.world.unit_path,
        unit_refs=table.world.unit_refs,
        datasets=table.world.datasets,
        destinations={row.ref: facts},
    )
    coverage = table.book.coverage(body, world, table.person)
    if not table.trusted:
        return None, "oversight"
    if coverage.verdict and coverage.pattern:
        return f"{coverage.pattern.name}, version {coverage.pattern.version}", None
    return None, outside_field(coverage.verdict)


def _as_asked(draft: Mapping[str, Any], row: DestinationRow, technique: Technique) -> RemitBody | None:
    if row.terms is None:
        return None
    try:
        return parse_body(with_option(draft, row.ref, row.terms.digest, technique))
    except Invalid:
        return None  # the draft is not finished: nothing can be said about patterns yet


def _is_chosen(body: Mapping[str, Any], row: DestinationRow, technique: Technique) -> bool:
    toward = {grant.get("destination") for grant in body.get("grants", [])}
    return toward == {row.ref} and body.get("technique") == technique
