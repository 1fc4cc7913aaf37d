"""What waits for somebody: their own seats, and those of whoever they are deputy of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet

from governance.approvals.likeness import is_low_risk, shape
from governance.approvals.models import Candidate, Decision, Slot
from governance.approvals.rules import RequestState, StageState
from governance.approvals.selectors.deputies import asks_still, in_place, places_among, places_of, seats_under_way
from governance.approvals.selectors.looking import looking
from governance.core.paging import Page, page_window
from governance.organisation.away import handed_on
from governance.organisation.delegation import HandedOn

REQUEST = "stage__revision__request"
LARGEST = 1000


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One request that waits for the reader. `role` is what they decide as; `waiting_hours` since the stage opened.

    `in_place_of` names whom the reader is deputy of, "" for a seat of their own. Rows of one `shape` can be decided
    together; "" where each needs a look of its own.
    """

    id: UUID
    number: int
    title: str
    unit: str
    requester: str
    stage: str
    role: str
    opened_at: datetime
    due_at: datetime | None
    waiting_hours: float
    in_place_of: str
    digest: str
    shape: str
    looking: tuple[str, ...]  # who could decide it too and has it open just now


@dataclass(frozen=True, slots=True)
class Due:
    """Which part of an inbox: `before` and `since` bound the due time, half-open. Both None: all of it."""

    since: datetime | None = None
    before: datetime | None = None

    @property
    def condition(self) -> Q:
        """A stage without a due time comes after every moment."""
        late = Q(due__lt=self.before) if self.before else Q()
        return late & (Q(due__gte=self.since) | Q(due=None) if self.since else Q())


def inbox(person: UUID, at: datetime) -> list[InboxRow]:
    """Return what waits for `person`, the first due on top. A person asked twice sees one row."""
    return inbox_page(person, at=at, size=LARGEST).rows


def inbox_count(person: UUID, at: datetime, known: Sequence[HandedOn] | None = None) -> int:
    """Return how many requests wait for `person`. `known`: all that is handed on at `at`, where it has been asked.

    Every page of a decider asks this, and of most nothing waits: then one small question says so.
    """
    handed = handed_on(at) if known is None else known
    people = {person, *(place.giver for place in places_among(handed, person))}
    if not Candidate.objects.filter(person_id__in=people, live=True).exists():
        return 0
    return int(_waiting(person, at, handed).values(REQUEST).distinct().count())


def inbox_page(
    person: UUID,
    *,
    at: datetime,
    search: str = "",
    kind: str = "",
    due: Due | None = None,
    only: Iterable[UUID] | None = None,
    known: Sequence[HandedOn] | None = None,
    page: int = 1,
    size: int = 50,
) -> Page[InboxRow]:
    """Return one page of what waits for `person`, the first due on top, in a fixed number of queries."""
    slots = _waiting(person, at, known)
    if search:
        words = Q(**{f"{REQUEST}__title__icontains": search}) | Q(**{f"{REQUEST}__requester__name__icontains": search})
        slots = slots.filter(words | Q(**{f"{REQUEST}__unit__name__icontains": search}))
    if kind:
        slots = slots.filter(**{f"{REQUEST}__subject_kind": kind})
    if only is not None:
        slots = slots.filter(**{f"{REQUEST}__in": list(only)})
    waiting = slots.order_by().values(REQUEST).annotate(due=Min("stage__due_at"), opened=Min("stage__opened_at"))
    found = waiting.filter(due.condition if due else Q()).order_by(F("due").asc(nulls_last=True), "opened", REQUEST)
    start, end = page_window(page, size, largest=LARGEST)
    # All ids at once: what waits for one person is little, and to count it costs as much as to name it.
    ids = [row[REQUEST] for row in found]
    return Page(_rows(slots, ids[start:end], person, at), len(ids), max(page, 1), end - start)


def _waiting(person: UUID, at: datetime, known: Sequence[HandedOn] | None = None) -> QuerySet[Slot]:
    """Return the free seats that ask `person`, or somebody whose deputy they are; their own requests never."""
    places = places_of(person, at=at) if known is None else places_among(known, person)
    filled = Decision.objects.filter(slot=OuterRef("pk"))
    said = Q(actor_id=person) | Q(on_behalf_of_id=person)
    spoken = Decision.objects.filter(said, revision=OuterRef("stage__revision"))
    apart = ~Q(**{f"{REQUEST}__requester_id": person}) & ~Q(stage__revision__authors__contains=str(person))
    return Slot.objects.filter(
        seats_under_way({person, *(place.giver for place in places)}),
        asks_still(person, at) | (in_place(places, at=at) & apart),
        ~Exists(filled),
        ~Exists(spoken),
        stage__state=StageState.OPEN,
        stage__revision__request__state=RequestState.IN_REVIEW,
        carried=None,
    )


def _rows(waiting: QuerySet[Slot], ids: list[UUID], person: UUID, at: datetime) -> list[InboxRow]:
    related = (f"{REQUEST}__unit", f"{REQUEST}__requester", f"{REQUEST}__workflow")
    unread = (f"{REQUEST}__workflow__definition", f"{REQUEST}__workflow__source", "stage__revision__body")  # long
    slots = waiting.filter(**{f"{REQUEST}__in": ids}).select_related(*related).defer(*unread)
    slots = slots.prefetch_related("candidates__person")
    found: dict[UUID, list[Slot]] = {request_id: [] for request_id in ids}
    for slot in slots.order_by("stage__opened_at", "label", "id"):
        found[slot.stage.revision.request_id].append(slot)
    asked = {
        request: {candidate.person_id for seat in seats for candidate in seat.candidates.all()}
        for request, seats in found.items()
    }
    open_by = looking(asked, but=person, at=at)
    return [_row(seats, person, at, open_by.get(request, ())) for request, seats in found.items() if seats]


def _row(seats: list[Slot], person: UUID, at: datetime, open_by: tuple[str, ...]) -> InboxRow:
    own = [seat for seat in seats if any(each.person_id == person for each in seat.candidates.all())]
    slot = (own or seats)[0]
    revision, opened_at = slot.stage.revision, slot.stage.opened_at or at
    request = revision.request
    roles = " and ".join(dict.fromkeys(seat.label for seat in own or seats[:1]))
    alone = shape(request.subject_kind, request.workflow.digest, slot.role, revision.facts)
    return InboxRow(
        id=request.pk,
        number=request.number,
        title=request.title,
        unit=request.unit.name,
        requester=request.requester.name,
        stage=slot.stage.name,
        role=roles,
        opened_at=opened_at,
        due_at=min((seat.stage.due_at for seat in seats if seat.stage.due_at), default=None),
        waiting_hours=(at - opened_at).total_seconds() / 3600,
        in_place_of="" if own else slot.candidates.all()[0].person.name,
        digest=revision.digest,
        shape=alone if is_low_risk(revision.facts) else "",
        looking=open_by,
    )
