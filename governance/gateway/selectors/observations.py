"""Periods of observing as people see them: for whom toward where, since when, until when, and why."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from governance.approvals.rules import REVISABLE, RequestState
from governance.approvals.selectors import requests_of
from governance.core.errors import NotFound
from governance.core.paging import Page, page_window
from governance.core.verdict import Verdict
from governance.core.vocabulary import Mode
from governance.gateway.models import Observation
from governance.gateway.observing import OPEN_OBSERVATION, Because, ObservationState, Period, days_left, may_observe
from governance.initiatives.models import Member
from governance.organisation.permissions import Standing, may
from governance.organisation.selectors import paths_for, who_may, within
from governance.remits.selectors import GrantRow, usable_grants

READ, ASK, END = "gateway:observation:read", "gateway:observation:ask", "gateway:observation:end"
HEADS = "initiatives:initiative:transfer"
STRICT = "strict"
SORTS = {"asked": ("asked_at", "id"), "-asked": ("-asked_at", "-id")}
NAMED = ("initiative__accountable_unit", "destination", "asked_by", "ended_by")


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """`request` is the id of the request that security decides; `ends_at` is when it ended once it has."""

    id: UUID
    initiative: str
    initiative_title: str
    unit: str
    unit_path: str
    destination: str
    destination_title: str
    state: ObservationState
    days: int
    reason: str
    asked_by: str
    asked_at: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    ended_because: Because | None
    ended_by: str
    end_reason: str
    request: UUID | None


@dataclass(frozen=True, slots=True)
class ObservationPage:
    """`may_ask_again`: security wants something changed, and the reader may change it."""

    row: ObservationRow
    waits_for: tuple[str, ...]
    days_left: int
    may_end: bool
    may_ask_again: bool


def observations(
    *,
    standing: Standing,
    state: str = "",
    initiative: UUID | None = None,
    destination: str = "",
    sort: str = "-asked",
    page: int = 1,
    size: int = 50,
) -> Page[ObservationRow]:
    """Return the periods the reader may see, in a fixed number of queries. An unknown state matches all; `destination` is a ref."""
    found = visible_observations(standing)
    if state in list(ObservationState):
        found = found.filter(state=state)
    if initiative is not None:
        found = found.filter(initiative=initiative)
    if destination:
        found = found.filter(destination__ref=destination)
    start, end = page_window(page, size)
    rows = list(found.select_related(*NAMED).order_by(*SORTS.get(sort, SORTS["-asked"]))[start:end])
    return Page(_rows(rows), found.order_by().count(), max(page, 1), end - start)


def observation(observation_id: UUID, *, standing: Standing) -> ObservationPage:
    """Return one period.

    Raises:
        NotFound: `no_such_observation`, also when the reader may not see it.
    """
    found = visible_observations(standing).select_related(*NAMED).filter(pk=observation_id).first()
    if found is None:
        raise NotFound("no_such_observation", "There is no such period.")
    asked = requests_of("observation", [found.pk]).get(found.pk)
    row, path = _row(found, asked.id if asked else None), path_of(found)
    revisable = asked is not None and RequestState(asked.state) in REVISABLE
    return ObservationPage(
        row=row,
        waits_for=tuple(asked.waits_for) if asked and row.state is ObservationState.ASKED else (),
        days_left=days_left(periods_of(found.initiative_id, found.destination_id)),
        may_end=row.state is ObservationState.IN_FORCE and bool(may(standing, END, path)),
        may_ask_again=row.state is ObservationState.ASKED and revisable and bool(may(standing, ASK, path)),
    )


def observed_now(
    *, standing: Standing, initiative: UUID | None = None, destination: UUID | None = None
) -> list[ObservationRow]:
    """Return the periods asked for or in force that the reader may see, of an initiative or toward a destination; without their requests."""
    found = visible_observations(standing).filter(state__in=OPEN_OBSERVATION)
    if initiative is not None:
        found = found.filter(initiative=initiative)
    if destination is not None:
        found = found.filter(destination=destination)
    return [_row(each, None) for each in found.select_related(*NAMED).order_by("asked_at", "id")]


def visible_observations(standing: Standing) -> QuerySet[Observation]:
    """Return the periods of the reader's units, and of initiatives they build."""
    if not standing.active:
        return Observation.objects.none()
    building = Member.objects.filter(person=standing.person, until=None).values("initiative_id")
    units = within(paths_for(standing, READ), "initiative__accountable_unit__path")
    return Observation.objects.filter(units | Q(initiative__in=building))


def observable(initiative_id: UUID, destination_id: UUID, *, at: datetime) -> Verdict:
    """Say whether what the initiative may send there now can be observed."""
    granted = sendable(initiative_id, destination_id, at=at)
    strict = any(grant.conditions.ruleset == STRICT for grant in granted)
    return may_observe({str(grant.classification) for grant in granted}, strict=strict)


def sendable(initiative_id: UUID, destination_id: UUID, *, at: datetime) -> list[GrantRow]:
    """Return the grants that count for prompts toward a destination; what is only for trying out is none."""
    granted = usable_grants(initiative_id, destination_id, Mode.PROMPT, at=at)
    return [grant for grant in granted if not grant.sandbox]


def periods_of(initiative_id: UUID, destination_id: UUID) -> list[Period]:
    """Return when a pair was observed so far, the running period to its planned end."""
    found = Observation.objects.filter(initiative=initiative_id, destination=destination_id, starts_at__isnull=False)
    return [
        Period(each.starts_at, each.ends_at) for each in found.order_by("starts_at") if each.starts_at and each.ends_at
    ]


def path_of(found: Observation) -> str:
    return found.initiative.accountable_unit.path


def link_of(observation_id: UUID) -> str:
    return f"/observing/{observation_id}/"


def sentence_of(found: Observation) -> str:
    """Return the middle of a sentence: "most rules are only observed for Claims letters toward Northwind GPT"."""
    return f"most rules are only observed for {found.initiative.title} toward {found.destination.title}"


def told_of(found: Observation) -> set[UUID]:
    """Return whom it concerns: the builders, who heads the unit, and security."""
    builders = Member.objects.filter(initiative=found.initiative, until=None).order_by()
    path = path_of(found)
    watching = {each.id for each in [*who_may("gateway:exchange:review", path), *who_may(HEADS, path)]}
    return watching | {found.asked_by_id} | set(builders.values_list("person_id", flat=True))


def _rows(found: Collection[Observation]) -> list[ObservationRow]:
    asked = requests_of("observation", [each.pk for each in found])
    return [_row(each, asked[each.pk].id if each.pk in asked else None) for each in found]


def _row(found: Observation, request: UUID | None) -> ObservationRow:
    return ObservationRow(
        id=found.pk,
        initiative=found.initiative.code,
        initiative_title=found.initiative.title,
        unit=found.initiative.accountable_unit.name,
        unit_path=path_of(found),
        destination=found.destination.ref,
        destination_title=found.destination.title,
        state=ObservationState(found.state),
        days=found.days,
        reason=found.reason,
        asked_by=found.asked_by.name,
        asked_at=found.asked_at,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        ended_because=Because(found.ended_because) if found.ended_because else None,
        ended_by=found.ended_by.name if found.ended_by else "",
        end_reason=found.end_reason,
        request=request,
    )
