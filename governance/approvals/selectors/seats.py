"""Who may fill which seat."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from governance.approvals.models import Candidate, Decision, Request, Revision, Slot, Stage
from governance.approvals.policy import SlotPlan
from governance.approvals.rules import DecisionStanding, Quorum, RequestState, Seat, StageState
from governance.core.errors import Invalid
from governance.organisation.away import deputies_of, handed_on
from governance.organisation.calendars import heads_above, homes_of
from governance.organisation.delegation import HandedOn, speaks_for
from governance.organisation.models import Person, Unit
from governance.organisation.permissions import may
from governance.organisation.roles import Role
from governance.organisation.selectors import (
    ancestors,
    people_named,
    people_still,
    people_with,
    people_with_each,
    standings_of,
)

DECIDE = "approvals:request:decide"
SeatName = tuple[str, str, str]  # role, path of its unit ("" for people by name), label


class Roster:
    """Who holds a role on a unit at one moment, and who sits in for whom. Each is asked of the database once."""

    def __init__(self, at: datetime, known: Sequence[HandedOn] | None = None) -> None:
        """`known`: all that is handed on at `at`, where it has been asked already."""
        self.at = at
        if known is not None:
            self.handed_on = list(known)
        self._known: dict[tuple[Role, str], list[Person]] = {}
        self._paths: dict[str, str] = {}
        self._homes: dict[UUID, set[str]] = {}
        self._heads: dict[str, tuple[Unit, Person] | None] = {}  # by path of their unit; None: nobody who may decide

    @cached_property
    def handed_on(self) -> list[HandedOn]:
        return handed_on(self.at)

    def deputies(self, role: str, unit_path: str, kind: str) -> dict[UUID, frozenset[UUID]]:
        """Return who may sit in a seat for somebody else, with whom they may sit in for."""
        covering = [each for each in self.handed_on if each.scope.covers(role, unit_path, kind)]
        return {each.deputy: frozenset(speaks_for(each.deputy, covering)) for each in covering}

    def people(self, role: Role, unit_path: str) -> list[Person]:
        """Return the active people holding `role` on the unit at `unit_path` or above it, by name."""
        if (role, unit_path) not in self._known:
            self._known[role, unit_path] = people_with(role, unit_path, at=self.at)
        return self._known[role, unit_path]

    def learn_people(self, slots: Iterable[Slot]) -> None:
        """Ask for all of `slots` at once what `people_of` would ask for each role and unit."""
        asked = {(Role(slot.role), slot.unit.path) for slot in slots if slot.role} - self._known.keys()
        if asked:
            self._known |= people_with_each(asked, at=self.at)

    def people_of(self, slot: Slot) -> list[Person]:
        """Return who can fill `slot` today: holders of its role, or those it names who still may decide."""
        if slot.role:
            return self.people(Role(slot.role), slot.unit.path)
        return people_still([UUID(person) for person in slot.people], DECIDE)

    def people_planned(self, plan: SlotPlan) -> list[Person]:
        """Return who could fill a planned seat today."""
        if plan.role:
            return self.people(plan.role, self.path_of(plan))
        return people_named(plan.people, DECIDE)

    def heads_above(self, holders: Sequence[UUID], unit_path: str) -> list[tuple[Unit, Person]]:
        """Return the heads who may decide, of the units that `holders` belong to and all above; see calendars.heads_above.

        Where they belong to no unit, the unit at `unit_path` counts.
        """
        homes = self._homes_of(holders) or {unit_path}
        found = self._heads_of({above for home in homes for above in ancestors(home)})
        return sorted(found, key=lambda each: (-each[0].path.count("/"), each[0].path))

    def learn_heads(self, holders: Iterable[UUID]) -> None:
        """Ask for all of `holders` at once what `heads_above` would ask for some at a time."""
        self._heads_of({above for home in self._homes_of(holders) for above in ancestors(home)})

    def _homes_of(self, holders: Iterable[UUID]) -> set[str]:
        asked = set(holders)
        if unknown := asked - self._homes.keys():
            self._homes |= homes_of(unknown, at=self.at)
        return {home for holder in asked for home in self._homes[holder]}

    def _heads_of(self, paths: set[str]) -> list[tuple[Unit, Person]]:
        if unknown := paths - self._heads.keys():
            found = heads_above(unknown, at=self.at)
            standings = standings_of({head.pk for _, head in found}, self.at) if found else {}
            self._heads |= dict.fromkeys(unknown)
            self._heads |= {unit.path: (unit, head) for unit, head in found if may(standings[head.pk], DECIDE, None)}
        return [head for path in paths if (head := self._heads[path]) is not None]

    def name_of(self, plan: SlotPlan) -> SeatName:
        """Return what makes a planned seat the same as one of an earlier route."""
        return (plan.role or "", self.path_of(plan) if plan.role else "", plan.label)

    def path_of(self, plan: SlotPlan) -> str:
        """Return the path of the unit that a planned seat asks.

        Raises:
            Invalid: when the workflow names a unit that does not exist, or no longer.
        """
        return self._path(plan.unit_ref) if plan.unit_ref else plan.unit_path

    def _path(self, ref: str) -> str:
        if ref not in self._paths:
            found = Unit.objects.filter(ref=ref, dissolved_at=None).first()
            if found is None:
                raise Invalid(
                    "unit_unknown",
                    f"The workflow asks the unit {ref}, which does not exist.",
                    field="on",
                    remedy="A policy admin names another unit in the workflow.",
                )
            self._paths[ref] = found.path
        return self._paths[ref]


def latest_revision(request: Request) -> Revision:
    """Return the newest revision; every request has one."""
    return request.revisions.order_by("-number")[0]


def authors_of(request: Request) -> frozenset[UUID]:
    """Return everybody who edited or drafted any revision of `request`."""
    versions = request.revisions.all()
    return frozenset(UUID(str(person)) for each in versions for person in (each.editor_id, *each.authors))


def candidates_for(plan: SlotPlan, *, apart_from: Iterable[UUID], roster: Roster) -> list[Person]:
    """Return who could fill a planned seat: those it asks who stand far enough from the request, by name."""
    excluded = frozenset(apart_from)
    return [person for person in roster.people_planned(plan) if person.pk not in excluded]


def voices_in(revision: Revision) -> frozenset[UUID]:
    """Return who has a decision that counts in `revision`: given now or carried over, in person or by a deputy."""
    return voices_of(
        Slot.objects.filter(stage__revision=revision).select_related("carried").prefetch_related("decisions")
    )


def voices_of(slots: Iterable[Slot]) -> frozenset[UUID]:
    """Return who has spoken in `slots`, in person or by a deputy."""
    said = [each for slot in slots for each in (*slot.decisions.all(), *([slot.carried] if slot.carried else []))]
    return frozenset(person for each in said for person in (each.actor_id, each.on_behalf_of_id) if person)


def slots_of(stages: Iterable[Stage], said: "QuerySet[Decision] | None" = None) -> list[Slot]:
    """Return the slots of `stages` with all that seats and pages show of them, in a fixed number of queries.

    `said`: decisions with more of what they lead to than who made them.
    """
    slots = Slot.objects.filter(stage__in=list(stages)).select_related(
        "unit", "stage", "carried__actor", "carried__on_behalf_of"
    )
    asked = Prefetch("candidates", Candidate.objects.select_related("person"))
    spoken = Decision.objects.select_related("actor", "on_behalf_of") if said is None else said.all()
    return list(slots.prefetch_related(asked, Prefetch("decisions", spoken)).order_by("label", "id"))


def seat_of(slot: Slot, roster: Roster, kind: str = "") -> Seat:
    decisions = [*slot.decisions.all(), *([slot.carried] if slot.carried else [])]
    joined = slot.stage.quorum == Quorum.ALL and bool(slot.role) and not slot.group
    return Seat(
        slot=slot.pk,
        label=slot.label,
        frozen=frozenset(candidate.person_id for candidate in slot.candidates.all()),
        eligible=frozenset(person.pk for person in roster.people_of(slot)) | _named_since(slot),
        filled_by=decisions[0].actor.name if decisions else "",
        deputies=roster.deputies(slot.role, slot.unit.path, kind),
        family=(slot.stage_id, slot.role) if joined else None,
        unit=slot.unit_id,
        group=slot.group,
    )


def _named_since(slot: Slot) -> frozenset[UUID]:
    """Return who was named because others were silent: they hold the seat by that, not by the role."""
    return frozenset(
        candidate.person_id for candidate in slot.candidates.all() if candidate.reason and candidate.person.is_active
    )


def close_to(request: Request, authors: frozenset[UUID], *, at: datetime) -> frozenset[UUID]:
    """Return the deputies, since the request was opened, of whoever asked or wrote it: none of them may decide it."""
    return deputies_of(authors | {request.requester_id}, since=request.opened_at, at=at)


def decision_standing(request: Request, revision: Revision, *, at: datetime) -> DecisionStanding:
    """Return what `may_decide` needs to know of `request` at this moment."""
    return standing_among(request, revision, slots_of(revision.stages.all()), Roster(at))


def standing_among(request: Request, revision: Revision, slots: Sequence[Slot], roster: Roster) -> DecisionStanding:
    """Return the same from `slots`, all those of the revision."""
    authors = authors_of(request)
    asked = [slot for slot in slots if slot.stage.state == StageState.OPEN]
    roster.learn_people(asked)
    return DecisionStanding(
        state=RequestState(request.state),
        digest=revision.digest,
        requester=request.requester_id,
        authors=authors,
        voices=voices_of(slots),
        seats=tuple(seat_of(slot, roster, request.subject_kind) for slot in asked),
        close=close_to(request, authors, at=roster.at),
    )
