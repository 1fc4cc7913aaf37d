"""Rounds over scarce datasets: a steward marks a dataset, requests for it enter, and the steward awards it with reasons."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from governance.approvals.locks import person_of
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.catalogue.models import Dataset
from governance.catalogue.selectors import dataset_named
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.core.verdict import Denied, require
from governance.notices.services import notify
from governance.organisation.roles import Role
from governance.organisation.selectors import authorize, people_with, time_zone_of
from governance.remits.allocations import (
    LONGEST_TEXT,
    Division,
    EntryState,
    Lot,
    RoundState,
    may_award,
    may_enter,
    may_mark,
    may_state_case,
)
from governance.remits.models import Allocation, Entry, Grant, Remit, ScarceDataset
from governance.remits.rules import LIVE_GRANT, GrantState, RemitState, end_of_day
from governance.remits.services.allotting import _begin
from governance.work.batches import each_row

AWARD, DRAFT = "remits:allocation:award", "remits:remit:draft"
MOVED = {"awarded_already", "still_open", "requests_moved"}


@transaction.atomic
def mark_dataset(
    *, dataset_id: UUID, scarcity: str, why: str, until: date | None, round_days: int, by: Actor, at: datetime
) -> ScarceDataset:
    """Mark a dataset as scarce or exclusive: from now on requests for it enter a round. Grants there are stay as they are.

    Raises:
        NotFound, NotAllowed: the dataset, the permission. Conflict: "built_in", "retired".
        Invalid: "unknown_scarcity", "no_reasons", "ends_in_the_past", "bad_round".
    """
    dataset = dataset_named(dataset_id)
    authorize(by, AWARD, dataset.steward_unit.path)
    if dataset.built_in or dataset.retired_at:
        raise Conflict("not_to_mark", "What staff type, and what is retired, cannot be scarce.")
    zone = time_zone_of(dataset.steward_unit)
    on = at.astimezone(ZoneInfo(zone)).date()
    require(may_mark(scarcity=scarcity, why=why, until=until, on=on, round_days=round_days), Invalid)
    told = {"scarcity": scarcity, "why": why.strip(), "round_days": round_days, "marked_at": at}
    marked, _ = ScarceDataset.objects.update_or_create(
        dataset=dataset,
        defaults={**told, "until_at": end_of_day(until, zone) if until else None, "marked_by_id": person_of(by)},
    )
    _record(EventKind.DATASET_MARKED, dataset, by=by, at=at, scarcity=scarcity, round_days=round_days)
    asking = Remit.objects.filter(state=RemitState.SUBMITTED, grants__dataset=dataset, grants__state=GrantState.PENDING)
    for remit in asking.distinct().order_by("submitted_at", "pk"):
        _enter(marked, remit, by=by, at=at)
    return marked


@transaction.atomic
def unmark_dataset(*, dataset_id: UUID, by: Actor, at: datetime) -> Dataset:
    """Say that there is enough of a dataset again. A round that is open still ends in an award.

    Raises:
        NotFound, NotAllowed: the dataset, the permission. Conflict: "not_marked".
    """
    dataset = dataset_named(dataset_id)
    authorize(by, AWARD, dataset.steward_unit.path)
    if not ScarceDataset.objects.filter(dataset=dataset).delete()[0]:
        raise Conflict("not_marked", "This dataset is not marked as scarce.")
    _record(EventKind.DATASET_UNMARKED, dataset, by=by, at=at)
    return dataset


@transaction.atomic
def enter_rounds(*, remit_id: UUID, by: Actor, at: datetime) -> list[Entry]:
    """Let a remit that is sent enter the round of each scarce dataset that its initiative does not use already."""
    remit = Remit.objects.select_related("initiative__accountable_unit").get(pk=remit_id)
    wanted = remit.grants.filter(state=GrantState.PENDING).values("dataset")
    used = Grant.objects.filter(initiative=remit.initiative_id, state__in=LIVE_GRANT, by_override=False)
    marked = ScarceDataset.objects.select_for_update(of=("self",)).filter(dataset__in=wanted)
    marked = marked.exclude(dataset__in=used.values("dataset")).select_related("dataset__steward_unit")
    return [_enter(mark, remit, by=by, at=at) for mark in marked.order_by("pk") if not _is_over(mark, at)]


def _is_over(mark: ScarceDataset, at: datetime) -> bool:
    return mark.until_at is not None and mark.until_at <= at


def _enter(mark: ScarceDataset, remit: Remit, *, by: Actor, at: datetime) -> Entry:
    round_ = _open_round(mark, by=by, at=at)
    entry, is_new = round_.entries.get_or_create(remit=remit, defaults={"entered_at": at})
    if not is_new and entry.state == EntryState.WITHDRAWN:
        entry.state = EntryState.WAITING  # sent again: it keeps its place
        entry.save(update_fields=["state"])
    _record(EventKind.ROUND_ENTERED, mark.dataset, by=by, at=at, round=str(round_.pk), remit=str(remit.pk))
    return entry


def _open_round(mark: ScarceDataset, *, by: Actor, at: datetime) -> Allocation:
    open_now = Allocation.objects.select_for_update().filter(dataset=mark.dataset, state=RoundState.OPEN).first()
    if open_now and may_enter(RoundState.OPEN, at=at, closes_at=open_now.closes_at):
        return open_now
    if open_now:
        _close(open_now, mark.dataset, by=by, at=at)
    closes = at + timedelta(days=mark.round_days)
    opened = Allocation.objects.create(dataset=mark.dataset, opened_at=at, closes_at=closes)
    _record(EventKind.ROUND_OPENED, mark.dataset, by=by, at=at, round=str(opened.pk), closes_at=closes.isoformat())
    return opened


def close_rounds(*, by: Actor, at: datetime) -> int:
    """Close the rounds whose day has come and tell the stewards that they can decide; return how many."""
    due = Allocation.objects.filter(state=RoundState.OPEN, closes_at__lte=at).order_by("closes_at", "pk")
    found = list(due.values_list("pk", flat=True))
    return each_row("close_rounds", found, lambda round_id: _close_due(round_id, by=by, at=at))


@transaction.atomic
def _close_due(round_id: UUID, *, by: Actor, at: datetime) -> bool:
    open_rounds = Allocation.objects.select_for_update(of=("self",)).filter(state=RoundState.OPEN, closes_at__lte=at)
    round_ = open_rounds.select_related("dataset__steward_unit").filter(pk=round_id).first()
    if round_ is None:
        return False
    _close(round_, round_.dataset, by=by, at=at)
    return True


def _close(round_: Allocation, dataset: Dataset, *, by: Actor, at: datetime) -> None:
    round_.state = RoundState.CLOSED
    round_.save(update_fields=["state"])
    _record(EventKind.ROUND_CLOSED, dataset, by=by, at=at, round=str(round_.pk))
    stewards = [person.pk for person in people_with(Role.DATA_STEWARD, dataset.steward_unit.path, at=at)]
    text = f"The round for {dataset.title} has closed: decide who gets it."
    notify(people=stewards, kind="remits.round_closed", text=text, link=_link(round_), by=by, at=at)


@transaction.atomic
def state_case(*, entry_id: UUID, expected_value: str, beneficiaries: str, by: Actor, at: datetime) -> Entry:
    """Say what a request in a round is worth and who benefits; may be said again until the award.

    Raises:
        NotFound, NotAllowed: the entry, the permission. Conflict: "decided_already". Invalid: "too_long".
    """
    entry = Entry.objects.select_for_update(of=("self",)).filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("no_such_entry", "There is no such request in a round.")
    remit = Remit.objects.select_related("initiative__accountable_unit").get(pk=entry.remit_id)
    authorize(by, DRAFT, remit.initiative.accountable_unit.path)
    round_ = Allocation.objects.select_related("dataset__steward_unit").get(pk=entry.allocation_id)
    require(may_state_case(RoundState(round_.state), EntryState(entry.state)), Conflict)
    if max(len(expected_value), len(beneficiaries)) > LONGEST_TEXT:
        raise Invalid("too_long", f"Say it in at most {LONGEST_TEXT} characters.", field="expected_value")
    entry.expected_value, entry.beneficiaries = expected_value.strip(), beneficiaries.strip()
    entry.save(update_fields=["expected_value", "beneficiaries"])
    _record(EventKind.CASE_STATED, round_.dataset, by=by, at=at, round=str(round_.pk), remit=str(remit.pk))
    return entry


@transaction.atomic
def award(
    *, allocation_id: UUID, division: str, reasons: str, lots: Mapping[UUID, Lot], by: Actor, at: datetime
) -> Allocation:
    """Divide a scarce dataset among those who asked, with reasons. Grants that were approved begin or vanish now.

    A request that is still being decided gets its lot when it is approved.

    Raises:
        NotFound: "no_such_round". NotAllowed: the permission, or one's own request.
        Conflict: "awarded_already", "still_open", "requests_moved". Invalid: what does not fit, with the rule's code.
    """
    round_ = _locked(allocation_id)
    authorize(by, AWARD, round_.dataset.steward_unit.path)
    awarder = person_of(by)
    entries = _waiting(round_)
    verdict = may_award(
        state=RoundState(round_.state),
        at=at,
        closes_at=round_.closes_at,
        awarder=awarder,
        authors=_authors(entries.values()),
        waiting=frozenset(entries),
        division=division,
        reasons=reasons,
        lots=lots,
    )
    if isinstance(verdict, Denied):
        require(verdict, _error_of(verdict))
    for entry_id, entry in entries.items():
        _settle(entry, lots[entry_id], round_, by=by, at=at)
    round_.state, round_.division, round_.reasons = RoundState.AWARDED, Division(division), reasons.strip()
    round_.awarded_by_id, round_.awarded_at = awarder, at
    round_.save()
    won = [str(entry.remit_id) for entry in entries.values() if entry.state == EntryState.AWARDED]
    told: dict[str, Any] = {"round": str(round_.pk), "division": division, "awarded": sorted(won)}
    _record(EventKind.ROUND_AWARDED, round_.dataset, by=by, at=at, refused=len(entries) - len(won), **told)
    return round_


def _error_of(verdict: Denied) -> type[Conflict] | type[NotAllowed] | type[Invalid]:
    if verdict.code == "own_request":
        return NotAllowed
    return Conflict if verdict.code in MOVED else Invalid


def _settle(entry: Entry, lot: Lot, round_: Allocation, *, by: Actor, at: datetime) -> None:
    zone = time_zone_of(round_.dataset.steward_unit)
    entry.state = EntryState.AWARDED if lot.awarded else EntryState.REFUSED
    entry.reason, entry.share = lot.reason.strip(), lot.share.strip()
    if lot.awarded:
        entry.starts_at = end_of_day(lot.starts - timedelta(days=1), zone) if lot.starts else None
        entry.ends_at = end_of_day(lot.ends, zone) if lot.ends else None
    entry.save()
    if entry.remit.state == RemitState.APPROVED:
        waiting = entry.remit.grants.filter(dataset=round_.dataset, state=GrantState.PENDING)
        for grant in waiting.select_related("initiative__accountable_unit", "dataset", "remit").order_by("pk"):
            _begin(grant, entry, by=by, at=at)
    text = f"{round_.dataset.title} was {'awarded to' if lot.awarded else 'not awarded to'} {entry.remit.initiative.title}."
    people = {entry.remit.drafted_by_id, *(UUID(each) for each in entry.remit.authors)}
    notify(people=people, kind="remits.round_awarded", text=text, link=_link(round_), by=by, at=at)


def _waiting(round_: Allocation) -> dict[UUID, Entry]:
    locked = round_.entries.select_for_update(of=("self",)).filter(state=EntryState.WAITING)
    found = locked.select_related("remit__initiative__accountable_unit").order_by("entered_at", "pk")
    return {entry.pk: entry for entry in found}


def _authors(entries: Iterable[Entry]) -> frozenset[UUID]:
    remits = [entry.remit for entry in entries]
    return frozenset({person for remit in remits for person in (remit.drafted_by_id, *map(UUID, remit.authors))})


def _locked(allocation_id: UUID) -> Allocation:
    locked = Allocation.objects.select_for_update(of=("self",)).filter(pk=allocation_id)
    found = locked.select_related("dataset__steward_unit").first()
    if found is None:
        raise NotFound("no_such_round", "There is no such round.")
    return found


def _link(round_: Allocation) -> str:
    return f"/allocations/{round_.pk}/"


def _record(kind: EventKind, dataset: Dataset, *, by: Actor, at: datetime, **what: Any) -> None:
    path = dataset.steward_unit.path
    record(kind, subject=f"dataset:{dataset.pk}", by=by, at=at, unit_path=path, **what)
