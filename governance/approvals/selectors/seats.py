"""Who may fill which seat."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from governance.approvals.models import Request, Revision, Slot, Stage
from governance.approvals.rules import DecisionStanding, RequestState, Seat, StageState
from governance.organisation.models import Person
from governance.organisation.roles import Role
from governance.organisation.selectors import people_with


class Roster:
    """Who holds a role on a unit at one moment. Each pair is asked of the database once."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._known: dict[tuple[Role, str], list[Person]] = {}

    def people(self, role: Role, unit_path: str) -> list[Person]:
        """Return the active people holding `role` on the unit at `unit_path` or above it, by name."""
        if (role, unit_path) not in self._known:
            self._known[role, unit_path] = people_with(role, unit_path, at=self.at)
        return self._known[role, unit_path]


def latest_revision(request: Request) -> Revision:
    """Return the newest revision; every request has one."""
    return request.revisions.order_by("-number")[0]


def authors_of(request: Request) -> frozenset[UUID]:
    """Return everybody who edited or drafted any revision of `request`."""
    revisions = request.revisions.values_list("editor_id", "authors")
    return frozenset(UUID(str(person)) for editor, authors in revisions for person in (editor, *authors))


def candidates_for(role: Role, unit_path: str, *, apart_from: Iterable[UUID], roster: Roster) -> list[Person]:
    """Return who could fill a seat: holders of the role who stand far enough from the request, by name."""
    excluded = frozenset(apart_from)
    return [person for person in roster.people(role, unit_path) if person.pk not in excluded]


def voices_in(revision: Revision) -> frozenset[UUID]:
    """Return who has a decision that counts in `revision`, given now or carried over."""
    given = revision.decisions.values_list("actor_id", flat=True)
    carried = Slot.objects.filter(stage__revision=revision, carried__isnull=False).values_list("carried__actor_id")
    return frozenset(given) | frozenset(actor for (actor,) in carried)


def slots_of(stages: Iterable[Stage]) -> list[Slot]:
    """Return the slots of `stages` with all that seats and pages show of them, in a fixed number of queries."""
    slots = Slot.objects.filter(stage__in=list(stages)).select_related("unit", "stage", "carried__actor")
    return list(slots.prefetch_related("candidates__person", "decisions__actor").order_by("label", "id"))


def seat_of(slot: Slot, roster: Roster) -> Seat:
    decisions = [*slot.decisions.all(), *([slot.carried] if slot.carried else [])]
    return Seat(
        slot=slot.pk,
        label=slot.label,
        frozen=frozenset(candidate.person_id for candidate in slot.candidates.all()),
        eligible=frozenset(person.pk for person in roster.people(Role(slot.role), slot.unit.path)) | _named_since(slot),
        filled_by=decisions[0].actor.name if decisions else "",
    )


def _named_since(slot: Slot) -> frozenset[UUID]:
    """Return who was named because others were silent: they hold the seat by that, not by the role."""
    return frozenset(
        candidate.person_id for candidate in slot.candidates.all() if candidate.reason and candidate.person.is_active
    )


def decision_standing(request: Request, revision: Revision, *, at: datetime) -> DecisionStanding:
    """Return what `may_decide` needs to know of `request` at this moment."""
    roster = Roster(at)
    live = revision.stages.filter(state=StageState.OPEN)
    return DecisionStanding(
        state=RequestState(request.state),
        digest=revision.digest,
        requester=request.requester_id,
        authors=authors_of(request),
        voices=voices_in(revision),
        seats=tuple(seat_of(slot, roster) for slot in slots_of(live)),
    )
