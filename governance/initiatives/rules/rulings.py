"""What a ruling may say. A plan is kept as JSON and applied in one go on the effective date."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from governance.core.verdict import Allowed, Denied, Verdict
from governance.core.wording import says_nothing
from governance.initiatives.rules.contests import LONGEST_REASONS
from governance.initiatives.rules.states import LONGEST_TITLE

MOST_PARTS = 10
MOST_SHARES = 20
LATEST_EFFECT = timedelta(days=365)
LATEST_REVIEW = timedelta(days=730)


class Outcome(StrEnum):
    AWARD = "award"
    SPLIT = "split"
    MERGE = "merge"
    SHARE = "share"
    CONFIRM = "confirm"  # nobody ruled by the due date: the interim owner stays; no arbiter can choose it


OF_A_CAPABILITY = frozenset({Outcome.AWARD, Outcome.SHARE})


class Involvement(StrEnum):
    """What a unit that is not accountable has to do with an initiative (the R, C and I of a RACI table)."""

    RESPONSIBLE = "responsible"  # builds it with the owner: reads it, adds and removes builders
    CONSULTED = "consulted"  # is asked before it changes: reads it
    INFORMED = "informed"  # is told when it changed: reads it


@dataclass(frozen=True, slots=True)
class Part:
    """A new initiative cut out of the contested one. `datasets`: refs of those whose grants move to it."""

    title: str
    purpose_text: str
    unit: UUID
    datasets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    unit: UUID
    involvement: Involvement


@dataclass(frozen=True, slots=True)
class Plan:
    """What changes. `unit` is accountable afterwards (None for a merge, where `into` says what it joins)."""

    outcome: Outcome
    unit: UUID | None = None
    parts: tuple[Part, ...] = ()
    into: UUID | None = None
    shares: tuple[Share, ...] = ()

    def to_json(self) -> dict[str, Any]:
        written: dict[str, Any] = _texts(asdict(self))
        return written

    @classmethod
    def of_json(cls, written: Mapping[str, Any]) -> "Plan":
        """Return the plan that `to_json` wrote."""
        return cls(
            outcome=Outcome(written["outcome"]),
            unit=UUID(written["unit"]) if written["unit"] else None,
            parts=tuple(
                Part(part["title"], part["purpose_text"], UUID(part["unit"]), tuple(part["datasets"]))
                for part in written["parts"]
            ),
            into=UUID(written["into"]) if written["into"] else None,
            shares=tuple(Share(UUID(each["unit"]), Involvement(each["involvement"])) for each in written["shares"]),
        )


def owners_after(plan: Plan, *, target: UUID | None = None) -> frozenset[UUID]:
    """Return the units that own something of it after `plan`; every other side has lost. `target` owns what it joins."""
    named = {plan.unit, target, *(part.unit for part in plan.parts)}
    return frozenset(unit for unit in named if unit is not None)


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _texts(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_texts(each) for each in value]
    return str(value) if isinstance(value, UUID) else value


@dataclass(frozen=True, slots=True)
class RulingFacts:
    """Where a ruling is made: `sides` are the units that claim and the standing owner; `today` in the owner's zone."""

    sides: frozenset[UUID]
    is_capability: bool
    itself: UUID
    today: date


def may_plan(plan: Plan, facts: RulingFacts) -> Verdict:
    """Say whether `plan` leaves exactly one accountable unit for everything, and fits what is contested."""
    if plan.outcome is Outcome.CONFIRM:
        return Denied("not_for_people", "Award it to the interim owner if that is what you mean.")
    if facts.is_capability and plan.outcome not in OF_A_CAPABILITY:
        return Denied("not_for_capability", "A capability can be awarded or shared, not split or merged.")
    match plan.outcome:
        case Outcome.MERGE:
            return _may_merge(plan, facts)
        case Outcome.SPLIT:
            return _first(_may_own(plan.unit, facts), _may_split(plan, facts))
        case Outcome.SHARE:
            return _first(_may_own(plan.unit, facts), _may_share(plan))
        case Outcome.AWARD:
            return _may_own(plan.unit, facts)


def _first(*verdicts: Verdict) -> Verdict:
    return next((verdict for verdict in verdicts if isinstance(verdict, Denied)), Allowed())


def _may_own(unit: UUID | None, facts: RulingFacts) -> Verdict:
    if unit not in facts.sides:
        return Denied("not_a_side", "Choose one of the units that claim it, or the one that owns it now.")
    return Allowed()


def _may_merge(plan: Plan, facts: RulingFacts) -> Verdict:
    if plan.into is None or plan.into == facts.itself:
        return Denied("no_target", "Choose another initiative for it to join.")
    return Allowed()


def _may_split(plan: Plan, facts: RulingFacts) -> Verdict:
    if not 1 <= len(plan.parts) <= MOST_PARTS:
        return Denied("no_parts", f"Name 1 to {MOST_PARTS} parts that become initiatives of their own.")
    named = [dataset for part in plan.parts for dataset in part.datasets]
    if len(named) != len(set(named)):
        return Denied("dataset_twice", "The rights to one dataset cannot go to two parts.")
    return _first(*(_may_part(part, facts) for part in plan.parts))


def _may_part(part: Part, facts: RulingFacts) -> Verdict:
    if not part.title.strip() or len(part.title) > LONGEST_TITLE:
        return Denied("bad_title", f"Give each part a title of at most {LONGEST_TITLE} characters.")
    if not part.purpose_text.strip():
        return Denied("no_purpose", "Say what each part is for.")
    return _may_own(part.unit, facts)


def _may_share(plan: Plan) -> Verdict:
    if not 1 <= len(plan.shares) <= MOST_SHARES:
        return Denied("no_shares", f"Name 1 to {MOST_SHARES} other units and their part in it.")
    units: Collection[UUID | None] = [plan.unit, *(share.unit for share in plan.shares)]
    if len(units) != len(set(units)):
        return Denied("unit_twice", "Each unit has one part in it, and the accountable unit has no other.")
    return Allowed()


def may_date(effective: date, review: date, today: date) -> Verdict:
    """A ruling takes effect today or later, and somebody looks again whether it was right."""
    if not today <= effective <= today + LATEST_EFFECT:
        reason = f"It takes effect today or within {LATEST_EFFECT.days} days."
        return Denied(
            "bad_effective_date", reason, f"Choose a day from {_day(today)} to {_day(today + LATEST_EFFECT)}."
        )
    if not effective < review <= effective + LATEST_REVIEW:
        reason = f"The review comes after that, within {LATEST_REVIEW.days} days."
        return Denied("bad_review_date", reason, f"Choose a day until {_day(effective + LATEST_REVIEW)}.")
    return Allowed()


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def may_reason(reasons: str) -> Verdict:
    if says_nothing(reasons) or len(reasons) > LONGEST_REASONS:
        return Denied("no_reasons", f"Give your reasons in 1 to {LONGEST_REASONS} characters.")
    return Allowed()
