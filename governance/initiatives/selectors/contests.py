"""Contests as their readers see them: all sides beside each other, who answers meanwhile, who rules, and what comes next.

A reader sees a contest when a unit that claims it, or answers for it, lies where they may read, or when they rule on it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from governance.core.errors import Invalid, NotFound
from governance.core.paging import Page, page_window
from governance.core.verdict import Denied, Verdict
from governance.initiatives.locks import Owned, naming, sides_of
from governance.initiatives.models import Claim, Contest, Initiative, Ruling
from governance.initiatives.rules import (
    APPEAL_WITHIN,
    UNDECIDED,
    Basis,
    ClaimState,
    ContestState,
    Outcome,
    Plan,
    may_appeal,
    may_rule,
    owners_after,
)
from governance.organisation.models import Unit
from governance.organisation.permissions import Standing, covers_all, may
from governance.organisation.selectors import paths_for, time_zone_of, within

READ, SPEAK, RULE = "initiatives:contest:read", "initiatives:claim:assert", "initiatives:contest:rule"
COMMENT = "initiatives:contest:comment"
CONTEST_SORTS = {
    "due": ("due_at", "id"),
    "-due": ("-due_at", "-id"),
    "opened": ("opened_at", "id"),
    "-opened": ("-opened_at", "-id"),
}
RELATED = ("initiative", "capability", "interim_unit", "arbiter", "standing_unit")


@dataclass(frozen=True, slots=True)
class ContestRow:
    """One contest in a list. `units` are its sides by name; `code` is that of the initiative or capability."""

    id: UUID
    title: str
    code: str
    kind: str  # initiative or capability
    state: ContestState
    level: int
    units: tuple[str, ...]
    interim: str
    arbiter: str
    opened_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class StatementRow:
    level: int
    text: str
    written_by: str
    written_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class SideRow:
    """One side: its claim, None for a standing owner that has not claimed, and what it says."""

    unit_id: UUID
    unit: str
    claim_id: UUID | None
    basis: Basis | None
    evidence: str
    new_evidence: str
    vouched_by: str
    made_at: datetime | None
    is_interim: bool
    statements: tuple[StatementRow, ...]
    may_speak: bool
    may_withdraw: bool
    may_appeal: Verdict


@dataclass(frozen=True, slots=True)
class RulingRow:
    """`text`: what changes, in sentences. `ruled_by` is "" when the due date passed in silence."""

    id: UUID
    level: int
    outcome: Outcome
    text: tuple[str, ...]
    reasons: str
    ruled_by: str
    ruled_at: datetime
    effective_date: date
    review_date: date
    applied_at: datetime | None
    replaced_at: datetime | None


@dataclass(frozen=True, slots=True)
class CommentRow:
    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AppealRow:
    unit: str
    reasons: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ContestPage:
    row: ContestRow
    owned_id: UUID
    sides: tuple[SideRow, ...]
    rulings: tuple[RulingRow, ...]
    appeal: AppealRow | None
    appeal_until: datetime | None
    comments: tuple[CommentRow, ...]
    zone: str  # of the unit that answers for it: its calendar says from which day a ruling may take effect
    may_rule: Verdict
    may_comment: bool


def contests(
    *,
    standing: Standing,
    state: str = "",
    whose: str = "",
    unit_path: str = "",
    sort: str = "due",
    page: int = 1,
    size: int = 50,
) -> Page[ContestRow]:
    """Return one page of the contests the reader may see.

    `state`: a ContestState, or "undecided". `whose`: "rule" for those the reader rules on, "side" for those of their
    units. `unit_path`: a side lies in this subtree.

    Raises:
        Invalid: "unknown_sort".
    """
    found = _visible(standing)
    if state == "undecided":
        found = found.filter(state__in=UNDECIDED)
    elif state:
        found = found.filter(state=state)
    if whose == "rule":
        found = found.filter(arbiter_id=standing.person)
    elif whose == "side":
        found = found.filter(_has_side(paths_for(standing, SPEAK)))
    if unit_path:
        found = found.filter(_has_side([unit_path]))
    if sort not in CONTEST_SORTS:
        raise Invalid("unknown_sort", f"Sort by one of: {', '.join(CONTEST_SORTS)}.", field="sort")
    start, end = page_window(page, size)
    rows = list(found.select_related(*RELATED).order_by(*CONTEST_SORTS[sort])[start:end])
    names = _side_names(rows)
    return Page([_row(each, names.get(each.pk, ())) for each in rows], found.count(), max(page, 1), end - start)


def contest(contest_id: UUID, *, standing: Standing, at: datetime) -> ContestPage:
    """Return one contest with all its sides.

    Raises:
        NotFound: "no_such_contest", also when the reader may not see it.
    """
    found = _visible(standing).select_related(*RELATED).filter(pk=contest_id).first()
    if found is None:
        raise NotFound("no_such_contest", "There is no such contest, or you may not see it.")
    units = sides_of(found)
    rulings = list(found.rulings.select_related("ruled_by").order_by("level"))
    last = rulings[-1] if rulings else None
    appeal = getattr(found, "appeal", None)
    comments = found.comments.select_related("author").order_by("at", "id")
    rules = may(standing, RULE, None) and may_rule(
        ContestState(found.state), arbiter=found.arbiter_id, person=standing.person
    )
    return ContestPage(
        row=_row(found, tuple(unit.name for unit in units)),
        owned_id=_owned(found).pk,
        sides=_sides(found, units, last, standing, at),
        rulings=tuple(_ruling(each) for each in rulings),
        appeal=AppealRow(appeal.unit.name, appeal.reasons, appeal.made_by.name, appeal.made_at) if appeal else None,
        appeal_until=last.ruled_at + APPEAL_WITHIN if last and found.state == ContestState.RULED else None,
        comments=tuple(CommentRow(each.author.name, each.text, each.at) for each in comments),
        zone=time_zone_of(found.interim_unit),
        may_rule=rules,
        may_comment=any(may(standing, COMMENT, unit.path) for unit in (*units, found.interim_unit)),
    )


def live_contest_of(owned: Owned, *, standing: Standing) -> ContestRow | None:
    """Return the newest contest about it, when the reader may see it: live, or the one that was decided last."""
    found = _visible(standing).filter(**naming(owned)).select_related(*RELATED).order_by("-opened_at", "-id").first()
    return _row(found, _side_names([found]).get(found.pk, ())) if found else None


def to_rule_count(person: UUID) -> int:
    """Return how many contests wait for this person's ruling."""
    return Contest.objects.filter(arbiter_id=person, state__in=UNDECIDED).count()


def undecided_count(standing: Standing) -> int:
    """Return how many contests the reader may see that nobody has ruled on yet."""
    return _visible(standing).filter(state__in=UNDECIDED).count()


def in_sentences(plan: Plan) -> tuple[str, ...]:
    """Return what a plan changes, one sentence for each change."""
    named = {plan.unit, *(part.unit for part in plan.parts), *(share.unit for share in plan.shares)}
    units = {unit.pk: unit.name for unit in Unit.objects.filter(pk__in=[each for each in named if each])}
    owner = units.get(plan.unit, "") if plan.unit else ""
    match plan.outcome:
        case Outcome.AWARD:
            return (f"{owner} answers for it.",)
        case Outcome.CONFIRM:
            return (f"{owner} goes on answering for it.",)
        case Outcome.SPLIT:
            parts = tuple(
                f"“{part.title}” becomes an initiative of its own, and {units.get(part.unit, '')} answers for it"
                + (f"; the rights to {len(part.datasets)} of its data go with it." if part.datasets else ".")
                for part in plan.parts
            )
            return (f"{owner} answers for what is left.", *parts)
        case Outcome.MERGE:
            target = Initiative.objects.filter(Q(pk=plan.into)).select_related("accountable_unit").first()
            title, heir = (target.title, target.accountable_unit.name) if target else ("", "")
            return (
                f"It goes up in “{title}”, for which {heir} answers.",
                "Its builders go on there. Its rights end; a draft of the next version there asks for them again.",
            )
        case Outcome.SHARE:
            others = tuple(f"{units.get(share.unit, '')} is {share.involvement}." for share in plan.shares)
            return (f"{owner} answers for it.", *others)


def _visible(standing: Standing) -> QuerySet[Contest]:
    if not standing.active:
        return Contest.objects.none()
    paths = paths_for(standing, READ)
    if covers_all(paths):
        return Contest.objects.all()
    return Contest.objects.filter(_has_side(paths) | Q(arbiter_id=standing.person))


def _has_side(paths: list[str]) -> Q:
    claiming = Claim.objects.filter(within(paths, "unit__path"), contest=OuterRef("pk"))
    claiming = claiming.exclude(state=ClaimState.WITHDRAWN)
    return Q(Exists(claiming)) | within(paths, "standing_unit__path") | within(paths, "interim_unit__path")


def _owned(found: Contest) -> Any:
    return found.initiative or found.capability


def _side_names(rows: list[Contest]) -> dict[UUID, tuple[str, ...]]:
    """Return the names of the sides of each contest, in one query."""
    names: dict[UUID, set[str]] = {row.pk: {row.standing_unit.name} if row.standing_unit else set() for row in rows}
    claims = Claim.objects.filter(contest__in=names).exclude(state=ClaimState.WITHDRAWN)
    for contest_id, name in claims.values_list("contest_id", "unit__name"):
        if contest_id is not None:
            names[contest_id].add(name)
    return {key: tuple(sorted(value)) for key, value in names.items()}


def _row(found: Contest, units: tuple[str, ...]) -> ContestRow:
    owned = _owned(found)
    return ContestRow(
        id=found.pk,
        title=owned.title,
        code=owned.code,
        kind="initiative" if found.initiative_id else "capability",
        state=ContestState(found.state),
        level=found.level,
        units=units,
        interim=found.interim_unit.name,
        arbiter=found.arbiter.name if found.arbiter else "",
        opened_at=found.opened_at,
        due_at=found.due_at,
    )


def _sides(
    found: Contest, units: list[Unit], last: Ruling | None, standing: Standing, at: datetime
) -> tuple[SideRow, ...]:
    claims = {
        claim.unit_id: claim
        for claim in found.claims.exclude(state=ClaimState.WITHDRAWN).select_related("vouched_by").order_by("made_at")
    }
    said: dict[UUID, list[StatementRow]] = {unit.pk: [] for unit in units}
    for each in found.statements.select_related("written_by").order_by("level"):
        row = StatementRow(each.level, each.text, each.written_by.name, each.written_at, each.revision)
        said.setdefault(each.unit_id, []).append(row)
    owners = _owners(last)
    return tuple(
        _side(
            found,
            unit,
            claims.get(unit.pk),
            tuple(said[unit.pk]),
            _doors(found, unit, last, owners=owners, standing=standing, at=at),
        )
        for unit in units
    )


def _side(
    found: Contest, unit: Unit, claim: Claim | None, said: tuple[StatementRow, ...], doors: tuple[bool, Verdict]
) -> SideRow:
    speaks, appeals = doors
    return SideRow(
        unit_id=unit.pk,
        unit=unit.name,
        claim_id=claim.pk if claim else None,
        basis=Basis(claim.basis) if claim else None,
        evidence=claim.evidence if claim else "",
        new_evidence=claim.new_evidence if claim else "",
        vouched_by=claim.vouched_by.name if claim and claim.vouched_by else "",
        made_at=claim.made_at if claim else None,
        is_interim=unit.pk == found.interim_unit_id,
        statements=said,
        may_speak=speaks and found.state in UNDECIDED,
        may_withdraw=speaks and claim is not None and found.state == ContestState.OPEN,
        may_appeal=appeals,
    )


def _owners(last: Ruling | None) -> frozenset[UUID]:
    if last is None:
        return frozenset()
    plan = Plan.of_json(last.plan)
    target = Initiative.objects.filter(Q(pk=plan.into)).values_list("accountable_unit_id", flat=True).first()
    return owners_after(plan, target=target)


def _doors(
    found: Contest, unit: Unit, last: Ruling | None, *, owners: frozenset[UUID], standing: Standing, at: datetime
) -> tuple[bool, Verdict]:
    """Return whether the reader speaks for the unit, and whether it may appeal now."""
    speaks = may(standing, SPEAK, unit.path)
    if isinstance(speaks, Denied):
        return False, speaks
    verdict = may_appeal(
        ContestState(found.state),
        ruled_at=last.ruled_at if last else None,
        at=at,
        is_side=True,
        lost=unit.pk not in owners,
        reasons="to be written",
    )
    return True, verdict


def _ruling(ruling: Ruling) -> RulingRow:
    return RulingRow(
        id=ruling.pk,
        level=ruling.level,
        outcome=Outcome(ruling.outcome),
        text=in_sentences(Plan.of_json(ruling.plan)),
        reasons=ruling.reasons,
        ruled_by=ruling.ruled_by.name if ruling.ruled_by else "",
        ruled_at=ruling.ruled_at,
        effective_date=ruling.effective_date,
        review_date=ruling.review_date,
        applied_at=ruling.applied_at,
        replaced_at=ruling.replaced_at,
    )
