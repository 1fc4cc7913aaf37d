"""States of remits, grants and patterns; what a pattern covers, what a change means, when a grant may be used. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from governance.core.verdict import Allowed, Denied, Verdict
from governance.core.vocabulary import Classification, Hosting
from governance.destinations.rules import DestinationState, TermsFacts, may_carry
from governance.detection.ways import strictest_demand
from governance.initiatives.rules import AiActClass, Tier
from governance.remits.body import RULESETS, Conditions, GrantBody, RemitBody
from governance.remits.patterns import PatternBody
from governance.remits.runs import USUAL_CAPS, allows_more


class RemitState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class GrantState(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    GRACE = "grace"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


OVERSIGHT_SHORT = "oversight_short"  # why a grant rests that a person can let go on
USABLE_GRANT = frozenset({GrantState.ACTIVE, GrantState.GRACE})


class PatternState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETIRED = "retired"


class SampleOutcome(StrEnum):
    FINE = "fine"
    CONCERN = "concern"


REMIT_MOVES: Mapping[RemitState, frozenset[RemitState]] = {
    # Back to DRAFT when changes are requested, or when what it names moved: the same request goes on.
    RemitState.DRAFT: frozenset({RemitState.SUBMITTED}),
    RemitState.SUBMITTED: frozenset(
        {RemitState.DRAFT, RemitState.APPROVED, RemitState.REJECTED, RemitState.WITHDRAWN, RemitState.LAPSED}
    ),
    RemitState.APPROVED: frozenset({RemitState.SUPERSEDED, RemitState.EXPIRED, RemitState.REVOKED}),
}
GRANT_MOVES: Mapping[GrantState, frozenset[GrantState]] = {
    GrantState.PENDING: frozenset({GrantState.ACTIVE}),
    GrantState.ACTIVE: frozenset(
        {GrantState.SUSPENDED, GrantState.GRACE, GrantState.EXPIRED, GrantState.REVOKED, GrantState.SUPERSEDED}
    ),
    GrantState.GRACE: frozenset(
        {GrantState.ACTIVE, GrantState.SUSPENDED, GrantState.EXPIRED, GrantState.REVOKED, GrantState.SUPERSEDED}
    ),
    GrantState.SUSPENDED: frozenset({GrantState.ACTIVE, GrantState.EXPIRED, GrantState.REVOKED, GrantState.SUPERSEDED}),
}
PATTERN_MOVES: Mapping[PatternState, frozenset[PatternState]] = {
    PatternState.DRAFT: frozenset({PatternState.SUBMITTED, PatternState.REJECTED}),
    PatternState.SUBMITTED: frozenset({PatternState.DRAFT, PatternState.APPROVED, PatternState.REJECTED}),
    PatternState.APPROVED: frozenset({PatternState.RETIRED}),
}
LIVE_GRANT = frozenset({GrantState.ACTIVE, GrantState.GRACE, GrantState.SUSPENDED})
LONGEST_REMIT_DAYS = 730
USUAL_DAYS = 365


def may_move_remit(state: RemitState, to: RemitState) -> Verdict:
    return _may_move("remit", state, to, allowed=to in REMIT_MOVES.get(state, ()))


def may_move_pattern(state: PatternState, to: PatternState) -> Verdict:
    return _may_move("pattern", state, to, allowed=to in PATTERN_MOVES.get(state, ()))


def _may_move(what: str, state: str, to: str, *, allowed: bool) -> Verdict:
    return Allowed() if allowed else Denied("wrong_state", f"A {what} that is {state} cannot become {to}.")


def states_before(to: GrantState) -> frozenset[GrantState]:
    """Return the states from which a grant may go to `to`; changes of many grants at once filter by them."""
    return frozenset(state for state, following in GRANT_MOVES.items() if to in following)


@dataclass(frozen=True, slots=True)
class GrantValues:
    """What decides whether a grant may be used: the same four values that the gateway's statement reads."""

    state: GrantState
    starts_at: datetime | None
    ends_at: datetime
    destination_state: DestinationState


def usable(grant: GrantValues, at: datetime) -> bool:
    """Say whether the grant holds at `at`: active or in grace, begun, not ended, toward an open destination."""
    begun = grant.starts_at is not None and grant.starts_at <= at
    return grant.state in USABLE_GRANT and begun and at < grant.ends_at and grant.destination_state == "open"


def end_of_day(day: date, time_zone: str) -> datetime:
    """Return the moment `day` ends in `time_zone` (an IANA name): the next midnight there."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(time_zone))


def usual_end(at: datetime, time_zone: str) -> date:
    """Return the last day of a year that begins today in `time_zone`: the first day counts, as in a pattern's length."""
    return at.astimezone(ZoneInfo(time_zone)).date() + timedelta(days=USUAL_DAYS - 1)


def strictest(conditions: Iterable[Conditions]) -> Conditions:
    """Return what holds when several grants apply: every type replaced, the fewest calls, the stricter rules, the way that tells least."""
    held = list(conditions)
    calls = [each.calls_per_day for each in held if each.calls_per_day is not None]
    return Conditions(
        redact=tuple(sorted({name for each in held for name in each.redact})),
        calls_per_day=min(calls, default=None),
        ruleset=max((each.ruleset for each in held), key=RULESETS.index, default=RULESETS[0]),
        way=strictest_demand(each.way for each in held),
    )


def is_looser(before: Conditions, after: Conditions) -> bool:
    """Say whether `after` lets through anything that `before` did not."""
    return strictest([before, after]) != replace(after, redact=tuple(sorted(set(after.redact))))


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    ref: str
    title: str
    classification: Classification
    synthetic: bool
    retired: bool
    steward: str
    steward_path: str
    personal_data: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    crown_jewel: bool = False


@dataclass(frozen=True, slots=True)
class DestinationFacts:
    """`terms` and `digest` are those in force; None and "" before the first."""

    ref: str
    title: str
    hosting: Hosting
    region: str
    state: DestinationState
    terms: TermsFacts | None
    digest: str


@dataclass(frozen=True, slots=True)
class World:
    """What the body's names stand for at one moment. `unit_refs` are the accountable unit and all above it."""

    on: date  # today in the unit's time zone
    unit: str
    unit_path: str
    unit_refs: frozenset[str]
    datasets: Mapping[str, DatasetFacts]
    destinations: Mapping[str, DestinationFacts]


def may_ask(body: RemitBody, world: World) -> Verdict:
    """Say whether what `body` asks for could be granted at all today; the codes of refusal name the place."""
    if body.ends < world.on or any(grant.ends < world.on for grant in body.grants):
        return Denied("ends_in_the_past", "An end date lies in the past.", "Choose a later end date.")
    if body.ends > world.on + timedelta(days=LONGEST_REMIT_DAYS):
        return Denied("ends_too_late", f"A remit lasts at most {LONGEST_REMIT_DAYS} days.", "Choose an earlier end.")
    verdicts = (_may_grant(world.datasets[g.dataset], world.destinations[g.destination], g.terms) for g in body.grants)
    return next((verdict for verdict in verdicts if isinstance(verdict, Denied)), Allowed())


def _may_grant(dataset: DatasetFacts, destination: DestinationFacts, terms: str) -> Verdict:
    if dataset.retired:
        return Denied("dataset_retired", f"{dataset.title} is retired.", "Choose another dataset.")
    if destination.state != DestinationState.OPEN:
        return Denied("destination_closed", f"{destination.title} is not open.", "Choose an open destination.")
    if destination.terms is None or destination.digest != terms:
        return Denied(
            "terms_moved",
            f"The terms of {destination.title} are not the ones in this request any more.",
            "Open the request, look at the new terms and save it again.",
        )
    return may_reach(dataset, destination)


def may_reach(dataset: DatasetFacts, destination: DestinationFacts) -> Verdict:
    """Say whether the destination is cleared for the dataset. Synthetic data counts as public."""
    if destination.terms is None:
        return Denied("no_terms", f"{destination.title} has no terms yet.")
    return may_carry(_exposure(dataset), destination.terms, destination.hosting)


def _exposure(dataset: DatasetFacts) -> Classification:
    return Classification.PUBLIC if dataset.synthetic else dataset.classification


def is_worse(before: TermsFacts, after: TermsFacts) -> bool:
    """Say whether new terms promise less than those a grant was decided on. A price is not a promise."""
    return (
        after.retention_days > before.retention_days
        or (after.trains_on_inputs and not before.trains_on_inputs)
        or Classification(after.cleared_for).height < Classification(before.cleared_for).height
        or after.weights_owner != before.weights_owner
    )


def may_submit(state: RemitState) -> Verdict:
    if RemitState.SUBMITTED in REMIT_MOVES.get(state, ()):
        return Allowed()
    return Denied("not_a_draft", f"This version is {state} already.", "Start a new version to change it.")


def may_use_pattern(person: UUID, deciders: frozenset[UUID]) -> Verdict:
    """Nobody's own request is decided by a pattern that they made or approved."""
    if person in deciders:
        return Denied("own_pattern", "You approved this pattern, so people decide your request.")
    return Allowed()


def covers(pattern: PatternBody, body: RemitBody, world: World) -> Verdict:
    """Say whether `body` lies wholly inside `pattern`. The code of a refusal is "outside_" and the field outside."""
    for field, inside, reason in _bounds(pattern, body, world):
        if not inside:
            return Denied(f"outside_{field}", reason, "People decide this request.")
    return Allowed()


def outside_field(verdict: Verdict) -> str | None:
    """Return the field that a refusal of `covers` names, None when the pattern covers."""
    return verdict.code.removeprefix("outside_") if isinstance(verdict, Denied) else None


def _bounds(pattern: PatternBody, body: RemitBody, world: World) -> Iterable[tuple[str, bool, str]]:
    tiers, classes = list(Tier), list(AiActClass)
    in_unit = not pattern.units or bool(world.unit_refs & set(pattern.units))
    yield (
        "tier",
        tiers.index(body.tier) <= tiers.index(pattern.tier),
        f"The pattern goes up to the {pattern.tier} tier.",
    )
    yield (
        "ai_act_class",
        classes.index(body.ai_act_class) <= classes.index(pattern.ai_act_class),
        f"The pattern goes up to the AI Act class {pattern.ai_act_class}.",
    )
    yield "unit", in_unit, "The pattern is for other units."
    yield "purpose", body.purpose in pattern.purposes, f"The pattern is not for the purpose {body.purpose}."
    yield "technique", body.technique in pattern.techniques, f"The pattern is not for {body.technique}."
    yield (
        "tools",
        not any(rule.at_provider for rule in body.tools),
        "No pattern covers tools that a provider runs itself.",
    )
    yield "runs", not allows_more(USUAL_CAPS, body.runs), "No pattern covers runs of agents beyond the usual caps."
    yield "ends", body.ends <= _last_day(pattern, world), f"The pattern lasts at most {pattern.longest_days} days."
    for grant in body.grants:
        yield from _grant_bounds(pattern, grant, world)


def _last_day(pattern: PatternBody, world: World) -> date:
    # The first day counts: a pattern of one day ends today.
    return world.on + timedelta(days=pattern.longest_days - 1)


def _grant_bounds(pattern: PatternBody, grant: GrantBody, world: World) -> Iterable[tuple[str, bool, str]]:
    dataset = world.datasets[grant.dataset]
    height = (_exposure(dataset) if pattern.synthetic else dataset.classification).height
    named = not pattern.datasets or grant.dataset in pattern.datasets
    yield "dataset", named, f"The pattern does not name {dataset.title}."
    yield (
        "classification",
        height <= pattern.highest_classification.height,
        f"The pattern goes up to {pattern.highest_classification} data; {dataset.title} is {dataset.classification}.",
    )
    yield "grant_purpose", grant.purpose in pattern.purposes, f"The pattern is not for the purpose {grant.purpose}."
    yield "mode", grant.mode in pattern.modes, f"The pattern is not for the mode {grant.mode}."
    yield (
        "destination",
        (grant.destination, grant.terms) in pattern.destinations,
        f"The pattern does not name {world.destinations[grant.destination].title} on these terms.",
    )
    yield "conditions", not is_looser(pattern.promised, grant.conditions), "The pattern asks for stricter conditions."
    yield "grant_ends", grant.ends <= _last_day(pattern, world), f"It lasts at most {pattern.longest_days} days."
