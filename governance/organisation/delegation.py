"""Who decides in whose place while somebody is away. Pure.

A delegation never widens: a deputy holds what the giver holds at that moment, within the scope, inside the window. So it
ends with the giver's role, and nothing has to be taken back when the role goes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from governance.core.verdict import Allowed, Denied, Verdict
from governance.organisation.permissions import EVERYWHERE
from governance.organisation.roles import DECIDERS, Role

LONGEST_CHAIN = 2  # Ana to Ben to Cleo; Cleo's own deputy does not speak for Ana
LONGEST_DELEGATION = timedelta(days=180)
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Scope:
    """What of somebody's deciding is handed on. None, EVERYWHERE and "" stand for all of it."""

    role: Role | None = None
    unit_path: str = EVERYWHERE
    subject_kind: str = ""

    def covers(self, role: str, unit_path: str, subject_kind: str) -> bool:
        """Say whether a seat for `role` on the unit at `unit_path`, in a request about `subject_kind`, is inside."""
        return (
            (self.role is None or self.role == role)
            and unit_path.startswith(self.unit_path)
            and self.subject_kind in {"", subject_kind}
        )

    def touches(self, other: "Scope") -> bool:
        """Say whether some seat lies in both."""
        nested = self.unit_path.startswith(other.unit_path) or other.unit_path.startswith(self.unit_path)
        roles = None in {self.role, other.role} or self.role is other.role
        kinds = "" in {self.subject_kind, other.subject_kind} or self.subject_kind == other.subject_kind
        return nested and roles and kinds


@dataclass(frozen=True, slots=True)
class HandedOn:
    """One delegation that holds at the moment in question."""

    giver: UUID
    deputy: UUID
    scope: Scope


def speaks_for(deputy: UUID, handed_on: Iterable[HandedOn]) -> Mapping[UUID, tuple[UUID, ...]]:
    """Return whom `deputy` may decide for, each with the people in between: () when it was handed on directly.

    Shape: `handed_on` are the delegations that cover one seat. The shortest way to each giver is told.
    """
    by_deputy: dict[UUID, list[UUID]] = {}
    for each in handed_on:
        by_deputy.setdefault(each.deputy, []).append(each.giver)
    found: dict[UUID, tuple[UUID, ...]] = {}
    ends: list[tuple[UUID, tuple[UUID, ...]]] = [(deputy, ())]
    for _ in range(LONGEST_CHAIN):
        steps = [(giver, (here, *way)) for here, way in ends for giver in sorted(by_deputy.get(here, []))]
        ends = [(giver, way) for giver, way in steps if giver != deputy and giver not in found]
        found |= {giver: way[:-1] for giver, way in reversed(ends)}
    return found


def would_loop(wanted: HandedOn, standing: Iterable[HandedOn]) -> bool:
    """Say whether `wanted` leads back to its giver through `standing`, the delegations of overlapping windows."""
    onward: dict[UUID, set[UUID]] = {}
    for each in standing:
        if each.scope.touches(wanted.scope):
            onward.setdefault(each.giver, set()).add(each.deputy)
    seen: set[UUID] = set()
    fresh = {wanted.deputy}
    while fresh:
        seen |= fresh
        fresh = {deputy for person in fresh for deputy in onward.get(person, set())} - seen
    return wanted.giver in seen


def may_hand_on(*, wanted: HandedOn, starts_at: datetime, ends_at: datetime, at: datetime) -> Verdict:
    """Say whether such a delegation can be written at `at`, apart from who the two people are."""
    if wanted.giver == wanted.deputy:
        return Denied("own_deputy", "You cannot be your own deputy.", "Choose somebody else.")
    if ends_at <= max(starts_at, at):
        return Denied("wrong_window", "The last day lies before the first or is over.", "Choose a later last day.")
    if ends_at - starts_at > LONGEST_DELEGATION:
        longest = f"A delegation lasts at most {LONGEST_DELEGATION.days} days."
        return Denied("window_too_long", longest, "Choose an earlier last day, and renew it then.")
    if wanted.scope.role is not None and wanted.scope.role not in DECIDERS:
        return Denied("role_decides_nothing", "That role decides no requests.", "Choose a role that decides, or all.")
    return Allowed()
