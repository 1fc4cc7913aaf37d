"""Who is away and who decides for them, as it stands at a moment."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from governance.organisation.delegation import HandedOn, Scope
from governance.organisation.models import Delegation, Person, RoleGrant
from governance.organisation.permissions import EVERYWHERE
from governance.organisation.roles import DECIDERS, Role
from governance.organisation.selectors import current


class DelegationState(StrEnum):
    AHEAD = "ahead"
    HOLDS = "holds"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """One delegation, ready to show. `role`, `unit` and `subject_kind` are "" when all of it is handed on."""

    id: UUID
    giver: str
    deputy: str
    given_by_me: bool
    role: str
    unit: str
    subject_kind: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    state: DelegationState


def holds(at: datetime) -> Q:
    """Select the delegations that hold at `at`: begun, not over, not taken back, both people still here."""
    inside = Q(starts_at__lte=at, ends_at__gt=at) & (Q(ended_at=None) | Q(ended_at__gt=at))
    return inside & Q(giver__is_active=True, deputy__is_active=True)


def handed_on(at: datetime) -> list[HandedOn]:
    """Return every delegation that holds at `at`."""
    return [_handed_on(each) for each in Delegation.objects.filter(holds(at)).select_related("unit").order_by("pk")]


def overlapping(starts_at: datetime, ends_at: datetime) -> list[HandedOn]:
    """Return every delegation that holds at some moment of [starts_at, ends_at)."""
    meets = Q(starts_at__lt=ends_at, ends_at__gt=starts_at) & (Q(ended_at=None) | Q(ended_at__gt=starts_at))
    return [_handed_on(each) for each in Delegation.objects.filter(meets).select_related("unit").order_by("pk")]


def _handed_on(row: Delegation) -> HandedOn:
    path = row.unit.path if row.unit else EVERYWHERE
    return HandedOn(row.giver_id, row.deputy_id, Scope(Role(row.role) if row.role else None, path, row.subject_kind))


def deputies_of(people: frozenset[UUID], *, since: datetime, at: datetime) -> frozenset[UUID]:
    """Return who was deputy of any of `people` at some moment from `since` to `at`, at first or second hand."""
    onward: dict[UUID, set[UUID]] = {}
    meets = Q(starts_at__lte=at, ends_at__gt=since) & (Q(ended_at=None) | Q(ended_at__gt=since))
    for giver, deputy in Delegation.objects.filter(meets).values_list("giver_id", "deputy_id"):
        onward.setdefault(giver, set()).add(deputy)
    first = {deputy for person in people for deputy in onward.get(person, ())}
    return frozenset(first | {deputy for person in first for deputy in onward.get(person, ())}) - people


def possible_deputies(person_id: UUID, *, at: datetime) -> list[tuple[UUID, str]]:
    """Return who could decide for a person: everybody else here who decides requests in a role of their own."""
    deciding = RoleGrant.objects.filter(current(at), role__in=sorted(DECIDERS)).values("person_id")
    people = Person.objects.filter(pk__in=deciding, is_active=True).exclude(pk=person_id)
    return list(people.order_by("name", "pk").values_list("pk", "name"))


def delegations(person_id: UUID, *, at: datetime, limit: int = 100) -> list[DelegationRow]:
    """Return what a person handed on and what was handed to them, the latest first."""
    concerned = Delegation.objects.filter(Q(giver_id=person_id) | Q(deputy_id=person_id))
    rows = concerned.select_related("giver", "deputy", "unit").order_by("-starts_at", "-pk")[:limit]
    return [_row(each, person_id, at) for each in rows]


def _row(each: Delegation, reader: UUID, at: datetime) -> DelegationRow:
    return DelegationRow(
        id=each.pk,
        giver=each.giver.name,
        deputy=each.deputy.name,
        given_by_me=each.giver_id == reader,
        role=each.role,
        unit=each.unit.name if each.unit else "",
        subject_kind=each.subject_kind,
        reason=each.reason,
        starts_at=each.starts_at,
        ends_at=each.ended_at or each.ends_at,
        state=_state(each, at),
    )


def _state(each: Delegation, at: datetime) -> DelegationState:
    if each.ended_at is not None or each.ends_at <= at:
        return DelegationState.OVER
    return DelegationState.AHEAD if each.starts_at > at else DelegationState.HOLDS


def delegation_of(delegation_id: UUID) -> tuple[UUID, str]:
    """Return the deputy's id and the giver's name."""
    return Delegation.objects.values_list("deputy_id", "giver__name").get(pk=delegation_id)
