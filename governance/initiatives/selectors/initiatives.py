"""Who owns each initiative, who says they do, and what state it is in.

A reader sees an initiative when its accountable unit or a claiming unit lies where they may read, when they proposed it
or belong to it, or while it is offered to a unit they may answer for. Anything else does not exist for them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from governance.core.errors import Invalid, NotFound
from governance.core.paging import Page, page_window
from governance.core.verdict import Verdict
from governance.initiatives.models import Capability, Claim, Contest, Initiative, Involved, Member, Transfer
from governance.initiatives.rules import (
    OPEN_CLAIM,
    UNDECIDED,
    AiActClass,
    Basis,
    ClaimState,
    InitiativeState,
    Involvement,
    Tier,
    TransferState,
    may_edit,
)
from governance.organisation.permissions import Standing, covers_all, may
from governance.organisation.selectors import paths_for, within

SAID_CLAIM = ~Q(state=ClaimState.WITHDRAWN)  # what was ruled on stays to be read
SORTS = {
    "title": ("title", "id"),
    "-title": ("-title", "-id"),
    "created": ("created_at", "id"),
    "-created": ("-created_at", "-id"),
    "unit": ("accountable_unit__name", "title", "id"),
    "state": ("state", "title", "id"),
}


@dataclass(frozen=True, slots=True)
class InitiativeRow:
    """`claims` counts open claims, `members` the builders of now; `contested`: an arbiter has yet to rule."""

    id: UUID
    code: str
    title: str
    state: InitiativeState
    tier: Tier
    ai_act_class: AiActClass
    unit_id: UUID
    unit: str
    claims: int
    contested: bool
    members: int
    created_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class ClaimRow:
    id: UUID
    unit_id: UUID
    unit: str
    basis: Basis
    evidence: str
    state: ClaimState
    made_by: str
    made_at: datetime
    is_owner: bool  # of the accountable unit
    may_withdraw: Verdict


@dataclass(frozen=True, slots=True)
class MemberRow:
    person_id: UUID
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class InvolvedRow:
    """A unit beside the accountable one, and what it has to do with it."""

    unit_id: UUID
    unit: str
    involvement: Involvement


@dataclass(frozen=True, slots=True)
class InitiativePage:
    """One initiative with both sides of a contest, its builders, and what the reader may do."""

    row: InitiativeRow
    owned: Initiative  # itself, with its unit, for what is asked of it besides
    purpose_text: str
    human_oversight: str
    accuracy_need: str
    proposed_by: str
    claims: tuple[ClaimRow, ...]
    members: tuple[MemberRow, ...]
    involved: tuple[InvolvedRow, ...]
    is_member: bool
    may_edit: Verdict
    may_claim: Verdict


def initiatives(
    *,
    standing: Standing,
    search: str = "",
    state: str = "",
    tier: str = "",
    unit_path: str = "",
    unit: str = "",
    contested: bool = False,
    mine: bool = False,
    sort: str = "-created",
    page: int = 1,
    size: int = 50,
) -> Page[InitiativeRow]:
    """Return one page of what the reader may see, in a fixed number of queries.

    `unit_path`: the accountable unit lies in this subtree; `unit`: it is the one with this ref. `mine`: the reader proposed it or belongs to it.

    Raises:
        Invalid: "unknown_sort".
    """
    found = _visible(standing)
    if search:
        found = found.filter(Q(title__icontains=search) | Q(code__icontains=search) | Q(purpose_text__icontains=search))
    wanted = {
        "state": state,
        "tier": tier,
        "accountable_unit__path__startswith": unit_path,
        "accountable_unit__ref": unit,
    }
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    if contested:
        found = found.filter(_contested())
    if mine:
        found = found.filter(_own(standing))
    start, end = page_window(page, size)
    rows = list(found.select_related("accountable_unit").order_by(*_order(sort))[start:end])
    return Page(_rows(rows), found.count(), max(page, 1), end - start)


def initiative(code_or_id: str | UUID, *, standing: Standing) -> InitiativePage:
    """Return one initiative by its code or id.

    Raises:
        NotFound: "no_such_initiative", also when the reader may not see it.
    """
    key = _as_id(code_or_id)
    wanted = Q(code=str(code_or_id)) if key is None else Q(pk=key)
    known = _visible(standing).select_related("accountable_unit", "proposed_by").annotate(contested=_contested())
    found = known.filter(wanted).first()
    if found is None:
        raise _missing()
    members = found.members.filter(until=None).select_related("person").order_by("person__name", "person_id")
    shown = tuple(MemberRow(each.person_id, each.person.name, each.since) for each in members)
    open_here = may_edit(InitiativeState(found.state))
    claims = _claims(found, standing)
    still_open = sum(claim.state in OPEN_CLAIM for claim in claims)
    return InitiativePage(
        row=_row(found, still_open, len(shown), contested=found.contested),
        owned=found,
        purpose_text=found.purpose_text,
        human_oversight=found.human_oversight,
        accuracy_need=found.accuracy_need,
        proposed_by=found.proposed_by.name,
        claims=claims,
        members=shown,
        involved=involved_in(found),
        is_member=any(each.person_id == standing.person for each in shown),
        may_edit=open_here and may(standing, "initiatives:initiative:edit", found.accountable_unit.path),
        may_claim=open_here and may(standing, "initiatives:claim:assert", None),
    )


def initiative_named(code_or_id: str | UUID) -> Initiative:
    """Return the initiative itself with its accountable unit, unscoped, for the areas above.

    Raises:
        NotFound: "no_such_initiative".
    """
    key = _as_id(code_or_id)
    wanted = Q(code=str(code_or_id)) if key is None else Q(pk=key)
    found = Initiative.objects.select_related("accountable_unit").filter(wanted).first()
    if found is None:
        raise _missing()
    return found


def initiative_seen(code_or_id: str | UUID, standing: Standing | None) -> Initiative:
    """Return the initiative itself as `initiative_named` does, when the reader may see it; None is a process, which sees all.

    Raises:
        NotFound: "no_such_initiative".
    """
    found = initiative_named(code_or_id)
    if standing is not None and not visible_ids(standing).filter(pk=found.pk).exists():
        raise _missing()
    return found


def visible_ids(standing: Standing) -> QuerySet[Initiative, UUID]:
    """Return the ids of the initiatives the reader may see, as a subquery for the areas above."""
    return _visible(standing).values_list("pk", flat=True)


def is_member(initiative_id: UUID, person_id: UUID) -> bool:
    """Return whether the person is a builder of the initiative now."""
    return Member.objects.filter(initiative_id=initiative_id, person_id=person_id, until=None).exists()


def members_of(initiative_id: UUID) -> list[UUID]:
    """Return the builders of the initiative now, as persons' ids in a fixed order."""
    found = Member.objects.filter(initiative_id=initiative_id, until=None)
    return list(found.order_by("person_id").values_list("person_id", flat=True))


def initiatives_of(person_id: UUID) -> list[Initiative]:
    """Return the initiatives the person is a builder of now, by title."""
    belonging = Member.objects.filter(initiative=OuterRef("pk"), person_id=person_id, until=None)
    return list(Initiative.objects.filter(Exists(belonging)).order_by("title", "id"))


def initiative_names(standing: Standing, *, most: int) -> list[tuple[str, str]]:
    """Return (code, title) of what the reader may see, by title, at most `most`."""
    return list(_visible(standing).order_by("title", "id").values_list("code", "title")[:most])


def _visible(standing: Standing) -> QuerySet[Initiative]:
    if not standing.active:
        return Initiative.objects.none()
    paths = paths_for(standing, "initiatives:initiative:read")
    if covers_all(paths):
        return Initiative.objects.all()
    claimed = Claim.objects.filter(SAID_CLAIM, within(paths, "unit__path"), initiative=OuterRef("pk"))
    involved = Involved.objects.filter(within(paths, "unit__path"), initiative=OuterRef("pk"), until=None)
    said = Q(Exists(claimed)) | Q(Exists(involved))
    seen = within(paths, "accountable_unit__path") | said | _own(standing)
    if heading := paths_for(standing, "initiatives:initiative:transfer"):
        offers = Transfer.objects.filter(within(heading, "to_unit__path"), state=TransferState.OFFERED)
        seen |= Q(Exists(offers.filter(initiative=OuterRef("pk"))))
    return Initiative.objects.filter(seen)


def _own(standing: Standing) -> Q:
    belonging = Member.objects.filter(initiative=OuterRef("pk"), person_id=standing.person, until=None)
    return Q(proposed_by_id=standing.person) | Q(Exists(belonging))


def is_contested_now(initiative_id: UUID) -> bool:
    """Return whether another unit than the owner claims the initiative."""
    return Initiative.objects.filter(_contested(), pk=initiative_id).exists()


def _contested() -> Exists:
    return Exists(Contest.objects.filter(initiative=OuterRef("pk"), state__in=UNDECIDED))


def _rows(found: list[Initiative]) -> list[InitiativeRow]:
    """Return rows with their counts: three more queries, however many rows."""
    ids = [each.pk for each in found]
    open_claims = Claim.objects.filter(initiative__in=ids, state__in=OPEN_CLAIM)
    claims = _counted(open_claims)
    members = _counted(Member.objects.filter(initiative__in=ids, until=None))
    contested = _counted(Contest.objects.filter(initiative__in=ids, state__in=UNDECIDED))
    return [
        _row(each, claims.get(each.pk, 0), members.get(each.pk, 0), contested=each.pk in contested) for each in found
    ]


def _counted(rows: QuerySet[Any]) -> dict[UUID, int]:
    """Return how many rows there are for each initiative."""
    counted = rows.order_by().values("initiative_id").annotate(n=Count("pk"))
    return {each["initiative_id"]: each["n"] for each in counted}


def _row(found: Initiative, claims: int, members: int, *, contested: bool) -> InitiativeRow:
    return InitiativeRow(
        id=found.pk,
        code=found.code,
        title=found.title,
        state=InitiativeState(found.state),
        tier=Tier(found.tier),
        ai_act_class=AiActClass(found.ai_act_class),
        unit_id=found.accountable_unit_id,
        unit=found.accountable_unit.name,
        claims=claims,
        contested=contested,
        members=members,
        created_at=found.created_at,
        revision=found.revision,
    )


def _claims(found: Initiative, standing: Standing) -> tuple[ClaimRow, ...]:
    claims = found.claims.filter(SAID_CLAIM).select_related("unit", "made_by").order_by("made_at", "id")
    return tuple(
        ClaimRow(
            id=claim.pk,
            unit_id=claim.unit_id,
            unit=claim.unit.name,
            basis=Basis(claim.basis),
            evidence=claim.evidence,
            state=ClaimState(claim.state),
            made_by=claim.made_by.name,
            made_at=claim.made_at,
            is_owner=claim.unit_id == found.accountable_unit_id,
            may_withdraw=may(standing, "initiatives:claim:assert", claim.unit.path),
        )
        for claim in claims
    )


def involved_in(owned: Initiative | Capability) -> tuple[InvolvedRow, ...]:
    """Return the units with a part in it, by name."""
    rows = owned.involved.filter(until=None).select_related("unit").order_by("unit__name", "unit_id")
    return tuple(InvolvedRow(row.unit_id, row.unit.name, Involvement(row.involvement)) for row in rows)


def _order(sort: str) -> tuple[str, ...]:
    if sort not in SORTS:
        raise Invalid("unknown_sort", f"Sort by one of: {', '.join(SORTS)}.", field="sort")
    return SORTS[sort]


def _missing() -> NotFound:
    return NotFound("no_such_initiative", "There is no such initiative, or you may not see it.", field="initiative")


def _as_id(code_or_id: str | UUID) -> UUID | None:
    if isinstance(code_or_id, UUID):
        return code_or_id
    try:
        return UUID(code_or_id)
    except ValueError:
        return None
