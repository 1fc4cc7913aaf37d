"""What is to recertify: for the owners who answer, for the stewards who confirm."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from governance.core.errors import Invalid
from governance.core.paging import Page, page_window
from governance.core.vocabulary import Classification
from governance.organisation.calendars import heads_above
from governance.organisation.models import Person
from governance.organisation.permissions import Standing, may
from governance.organisation.roles import Role
from governance.organisation.selectors import paths_for, people_with, standing_of, within
from governance.remits.body import parse_conditions
from governance.remits.changes import conditions_in_words
from governance.remits.models import Grant, Recertification
from governance.remits.recertifying import GrantShape, RecertificationReason, RecertificationState
from governance.remits.rules import USABLE_GRANT, GrantState

ANSWER, CONFIRM = "remits:grant:recertify", "remits:grant:confirm"
RELATED = ("grant__initiative__accountable_unit", "grant__dataset__steward_unit", "grant__destination", "answered_by")


SORTS = {
    "due": ("due_at", "id"),
    "-due": ("-due_at", "id"),
    "initiative": ("grant__initiative__title", "due_at", "id"),
    "-initiative": ("-grant__initiative__title", "due_at", "id"),
}
SHOWN = {
    "": Q(),
    "answer": Q(state=RecertificationState.ASKED),
    "confirm": Q(state=RecertificationState.CONFIRMING),
    "grace": Q(grant__state=GrantState.GRACE),
    "unused": Q(reason=RecertificationReason.UNUSED),
}


@dataclass(frozen=True, slots=True)
class RecertificationRow:
    """One grant to recertify. `may_answer` and `may_confirm` say what the reader can do; `ends_without_answer` is when."""

    id: UUID
    grant_id: UUID
    state: RecertificationState
    reason: RecertificationReason
    initiative: str
    initiative_code: str
    unit: str
    dataset: str
    classification: Classification
    purpose: str
    mode: str
    destination: str
    conditions_text: str
    in_grace: bool
    asked_at: datetime
    due_at: datetime
    grace_ends_at: datetime | None
    grant_ends_at: datetime
    answered_by: str
    shape: GrantShape
    may_answer: bool
    may_confirm: bool


def recertifications(standing: Standing, *, initiative_id: UUID | None = None) -> list[RecertificationRow]:
    """Return what waits for the reader: their units' grants to answer for, their datasets' to confirm; the due first."""
    found = _waiting_for(standing)
    if initiative_id is not None:
        found = found.filter(grant__initiative_id=initiative_id)
    return [_row(row, standing) for row in found.select_related(*RELATED).order_by("due_at", "id")]


def recertifications_page(
    standing: Standing, *, search: str = "", show: str = "", sort: str = "due", page: int = 1, size: int = 50
) -> Page[RecertificationRow]:
    """Return one page of what waits for the reader.

    `search`: a word of the initiative or of the data. `show`: a key of SHOWN, "" for all. `sort`: a key of SORTS.

    Raises:
        Invalid: "unknown_sort".
    """
    if sort not in SORTS:
        raise Invalid("unknown_sort", f"Sort by one of: {', '.join(SORTS)}.", field="sort")
    found = _waiting_for(standing).filter(SHOWN[show])
    if search:
        found = found.filter(Q(grant__initiative__title__icontains=search) | Q(grant__dataset__title__icontains=search))
    start, end = page_window(page, size)
    rows = found.select_related(*RELATED).order_by(*SORTS[sort])[start:end]
    return Page([_row(row, standing) for row in rows], found.count(), max(page, 1), end - start)


def recertifications_waiting(standing: Standing) -> int:
    """Return how many grants wait for the reader's answer or confirmation."""
    return _waiting_for(standing).count()


def _waiting_for(standing: Standing) -> QuerySet[Recertification]:
    owned = within(paths_for(standing, ANSWER), "grant__initiative__accountable_unit__path")
    kept = within(paths_for(standing, CONFIRM), "grant__dataset__steward_unit__path")
    mine = (Q(state=RecertificationState.ASKED) & owned) | (
        Q(state=RecertificationState.CONFIRMING) & kept & ~Q(answered_by_id=standing.person)
    )
    return Recertification.objects.filter(mine, grant__state__in=USABLE_GRANT)


def _row(row: Recertification, standing: Standing) -> RecertificationRow:
    grant = row.grant
    asked = row.state == RecertificationState.ASKED
    return RecertificationRow(
        id=row.pk,
        grant_id=grant.pk,
        state=RecertificationState(row.state),
        reason=RecertificationReason(row.reason),
        initiative=grant.initiative.title,
        initiative_code=grant.initiative.code,
        unit=grant.initiative.accountable_unit.name,
        dataset=grant.dataset.title,
        classification=Classification(grant.dataset.classification),
        purpose=grant.purpose,
        mode=grant.mode,
        destination=grant.destination.title,
        conditions_text=conditions_in_words(parse_conditions(grant.conditions, "conditions")),
        in_grace=grant.state == GrantState.GRACE,
        asked_at=row.asked_at,
        due_at=row.due_at,
        grace_ends_at=row.grace_ends_at,
        grant_ends_at=grant.ends_at,
        answered_by=row.answered_by.name if row.answered_by else "",
        shape=shape_of(grant),
        may_answer=asked and bool(may(standing, ANSWER, grant.initiative.accountable_unit.path)),
        may_confirm=not asked and bool(may(standing, CONFIRM, grant.dataset.steward_unit.path)),
    )


def shape_of(grant: Grant) -> GrantShape:
    return GrantShape(
        dataset=grant.dataset_id,
        purpose=grant.purpose,
        mode=grant.mode,
        destination=grant.destination_id,
        conditions=json.dumps(grant.conditions, sort_keys=True),
        classification=Classification(grant.dataset.classification),
        tier=grant.initiative.tier,
    )


def identical(rows: Iterable[RecertificationRow]) -> list[list[RecertificationRow]]:
    """Return the groups of low-risk grants that differ only in their initiative, each of at least two."""
    groups: dict[GrantShape, list[RecertificationRow]] = {}
    for row in rows:
        if row.may_answer and row.shape.low_risk:
            groups.setdefault(row.shape, []).append(row)
    return [group for group in groups.values() if len(group) > 1]


def owners_of(grant: Grant, *, at: datetime) -> list[Person]:
    """Return who answers for a grant: whoever drafted its remit and the unit's head; else all who may, by name."""
    path = grant.initiative.accountable_unit.path
    near = [grant.remit.drafted_by, *[head for unit, head in heads_above([path], at=at) if unit.path == path]]
    named = {person.pk: person for person in near if may(standing_of(person.pk, at), ANSWER, path)}
    if named:
        return list(named.values())
    holders = [person for role in (Role.UNIT_HEAD, Role.REQUESTER) for person in people_with(role, path, at=at)]
    return list({person.pk: person for person in holders}.values())


def stewards_of(grant: Grant, *, at: datetime) -> list[Person]:
    return people_with(Role.DATA_STEWARD, grant.dataset.steward_unit.path, at=at)
