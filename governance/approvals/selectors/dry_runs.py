"""What rules would make of one request, made up or real, without anything coming of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from governance.approvals.document import Fault
from governance.approvals.drafting import ACTIVATION
from governance.approvals.facts import example_facts, wrong_facts
from governance.approvals.models import Request
from governance.approvals.policy import SlotPlan, StagePlan, route
from governance.approvals.selectors.access import readable
from governance.approvals.selectors.drafts import checked_draft, fault_of
from governance.approvals.selectors.seats import Roster, candidates_for, latest_revision
from governance.core.errors import Invalid, NotFound
from governance.core.verdict import Denied
from governance.organisation.permissions import Standing
from governance.organisation.selectors import root_unit

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class DrySeat:
    label: str
    people: tuple[str, ...]  # the first few who could fill it today


@dataclass(frozen=True, slots=True)
class DryStage:
    name: str
    asked: bool
    reason: str
    needed: int
    seats: tuple[DrySeat, ...]
    sla_hours: int | None


@dataclass(frozen=True, slots=True)
class DryRun:
    """Stages in their order, or why nobody could approve it, or what is wrong with the rules or the facts."""

    stages: tuple[DryStage, ...] = ()
    attached: tuple[str, ...] = ()
    denied: str = ""
    remedy: str = ""
    faults: tuple[Fault, ...] = ()


def made_up(changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of an example of the whole organisation's, with what is `changed`.

    Raises:
        Invalid: names a fact that is none, or of another type.
    """
    root = root_unit()
    path, name, ref = (root.path, root.name, root.ref) if root else ("/1/", "The organisation", "organisation")
    stated = example_facts() | {"unit_path": path, "unit": name, "unit_refs": [ref]}
    stated["datasets"] = [{**entry, "steward_path": path, "steward": name} for entry in stated["datasets"]]
    if faults := wrong_facts(changed):
        raise Invalid("wrong_fact", faults[0], field="facts")
    return stated | dict(changed)


def facts_of_request(number: int, *, reader: Standing, at: datetime) -> dict[str, Any]:
    """Return what a request stated.

    Raises:
        NotFound: when there is none with that number, or the reader may not see it.
    """
    found = Request.objects.filter(readable(reader, at=at), number=number).exclude(subject_kind=ACTIVATION).first()
    if found is None:
        raise NotFound("request_not_found", f"There is no request {number} that you may read.")
    return dict(latest_revision(found).facts)


def dry_run(source: str, name: str, facts: Mapping[str, Any], *, at: datetime) -> DryRun:
    """Return what the rules in `source` would make of `facts`."""
    checked = checked_draft(source, name)
    if checked.definition is None:
        return DryRun(faults=checked.faults)
    try:
        planned = route(checked.definition, facts)
        if isinstance(planned, Denied):
            return DryRun(denied=planned.reason, remedy=planned.remedy)
        roster = Roster(at)
        stages = tuple(_stage(stage, roster) for stage in planned.stages)
    except Invalid as refused:
        return DryRun(faults=(fault_of(refused),))
    return DryRun(stages, tuple(f"{each.in_words} {each.because}" for each in planned.attached))


def _stage(stage: StagePlan, roster: Roster) -> DryStage:
    return DryStage(
        name=stage.name,
        asked=not stage.skipped,
        reason=stage.reason,
        needed=stage.needed,
        seats=tuple(_seats(stage.slots, roster)),
        sla_hours=stage.sla_hours,
    )


def _seats(slots: Iterable[SlotPlan], roster: Roster) -> Iterable[DrySeat]:
    for slot in slots:
        people = candidates_for(slot, apart_from=(), roster=roster)
        yield DrySeat(slot.label, tuple(person.name for person in people[:MOST_NAMED]))
