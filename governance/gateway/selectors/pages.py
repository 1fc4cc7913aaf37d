"""Exchanges as people see them: what left, what was changed, why, and what can be done next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from governance.catalogue.rules import BUILT_IN_REF
from governance.core.errors import NotFound
from governance.core.paging import Page, count_up_to, page_window
from governance.gateway.models import Exchange, Justification, Release
from governance.gateway.rules import (
    OUTCOME_DUE_AFTER,
    POSSIBLY_SENT,
    UNSENT,
    ExchangeState,
    NextStep,
    next_steps,
    shown_state,
)
from governance.initiatives.models import Member
from governance.initiatives.selectors import is_member
from governance.organisation.permissions import Standing
from governance.organisation.selectors import paths_for, unit_ids_within, within
from governance.remits.models import Grant
from governance.scanning.selectors import FindingRow, findings_of

READ = "gateway:exchange:read"
SORTS = {"at": ("at", "id"), "-at": ("-at", "-id")}


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """`state` is as shown (possibly_sent included); `counts` is {type: number of findings}; `cost` is micro-euro.

    `would_be` is the verdict had no rule been only observed, "" where none was.
    """

    id: UUID
    at: datetime
    initiative: str
    initiative_title: str
    unit: str
    destination: str
    model: str
    verdict: str
    state: str
    error_code: str
    would_be: str
    counts: dict[str, int]
    stream: bool
    end_user: str
    verified_user: str
    tokens_in: int | None
    tokens_out: int | None
    cost: int | None


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A reason somebody gave for this request."""

    id: UUID
    person: str
    reason: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What came back: how it was checked, what was decided, what was found. `check` is "" when nothing came, or nothing was read.

    `would_be` as for the request.
    """

    check: str
    verdict: str
    would_be: str
    counts: dict[str, int]
    findings: list[FindingRow]
    reasons: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class ExchangePage:
    """`reasons` are [{"rule", "sentence", "type", "action"}]; `digest` is the SHA-256 of the bytes that left, "" when none did."""

    row: ExchangeRow
    initiative_id: UUID | None
    destination_id: UUID | None
    run_id: UUID | None
    run_name: str  # "" where none was named
    findings: list[FindingRow]
    reasons: list[dict[str, str]]
    provenance: str
    datasets: list[str]
    by_override: bool  # what let it through was lent by two people, not approved
    observation: UUID | None  # the period in which most rules were only observed
    bytes_in: int
    bytes_out: int
    digest: str
    ruleset: str
    timings: dict[str, float]
    closed_at: datetime | None
    answer: AnswerRow
    justifications: list[ReasonRow]
    steps: tuple[NextStep, ...]
    may_justify: bool
    release: "ReleaseRow | None" = None


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """Two people's leave to send exactly this once, until `until`; `used_at` is when that was done."""

    until: datetime
    used_at: datetime | None

    def is_open(self, at: datetime) -> bool:
        return self.used_at is None and at < self.until


def exchanges(
    *,
    standing: Standing,
    at: datetime,
    initiative: UUID | None = None,
    verdict: str | None = None,
    state: str | None = None,
    destination: str = "",
    dataset: str = "",
    run: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    sort: str = "-at",
    page: int = 1,
    size: int = 50,
) -> Page[ExchangeRow]:
    """Return the exchanges the reader may see, of their units and of initiatives they build, in a fixed number of queries.

    `destination` and `dataset` are refs; the built-in dataset stands for calls that named none. [since, until).
    """
    found = visible(standing).filter(_wanted(initiative, verdict, state, at), _toward(destination, dataset))
    if run is not None:
        found = found.filter(run_id=run)
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    start, end = page_window(page, size)
    total = count_up_to(found.order_by())
    rows = found.select_related("initiative", "unit", "destination").order_by(*SORTS.get(sort, SORTS["-at"]))[start:end]
    return Page([row_of(each, at) for each in rows], total.number, max(page, 1), end - start, total.more)


def newest_refused(*, standing: Standing, at: datetime, limit: int) -> list[ExchangeRow]:
    """Return the newest exchanges the reader may see that were refused; how many there are is not counted."""
    found = visible(standing).filter(_wanted(None, None, ExchangeState.REFUSED, at))
    newest = found.select_related("initiative", "unit", "destination").order_by(*SORTS["-at"])[:limit]
    return [row_of(each, at) for each in newest]


def newest_of(initiative_id: UUID, *, standing: Standing, at: datetime, limit: int) -> list[ExchangeRow]:
    """Return the newest exchanges of one initiative that the reader may see; how many there are is not counted."""
    found = visible(standing).filter(initiative_id=initiative_id)
    newest = found.select_related("initiative", "unit", "destination").order_by(*SORTS["-at"])[:limit]
    return [row_of(each, at) for each in newest]


def exchange(exchange_id: UUID, *, standing: Standing, at: datetime) -> ExchangePage:
    """Return everything about one exchange.

    Raises:
        NotFound: `no_such_exchange`, also when the reader may not see it.
    """
    related = visible(standing).select_related("initiative", "unit", "destination", "run")
    found = related.filter(pk=exchange_id).first()
    if found is None:
        raise NotFound("no_such_exchange", "There is no such exchange.")
    findings = findings_of(found.scan_id) if found.scan_id else []
    release = _release(found) if found.state == ExchangeState.RELEASED else None
    steps = next_steps(
        verdict=found.verdict,
        state=found.state,
        error_code=found.error_code,
        has_findings=bool(findings),
        may_pass=release is not None and release.is_open(at),
    )
    member = found.initiative_id is not None and is_member(found.initiative_id, standing.person)
    sent = found.state not in UNSENT
    return ExchangePage(
        row=row_of(found, at),
        initiative_id=found.initiative_id,
        destination_id=found.destination_id,
        run_id=found.run_id,
        run_name=found.run.name if found.run else "",
        findings=findings,
        reasons=found.reasons,
        provenance=found.provenance,
        datasets=found.datasets,
        by_override=sent and _lent(found),
        observation=found.observation_id,
        bytes_in=found.bytes_in,
        bytes_out=found.bytes_out if sent else 0,
        digest=found.request_digest if sent else "",
        ruleset=found.ruleset_digest,
        timings=found.timings,
        closed_at=found.closed_at,
        answer=_answer(found),
        justifications=_reasons(found),
        steps=steps,
        may_justify=member and NextStep.JUSTIFY in steps,
        release=release,
    )


def _release(found: Exchange) -> ReleaseRow | None:
    row = Release.objects.filter(exchange=found).first()
    return ReleaseRow(row.expires_at, row.used_at) if row else None


def justifications_to_review(*, standing: Standing, at: datetime) -> list[tuple[ExchangeRow, ReasonRow]]:
    """Return used reasons nobody has looked at yet, the oldest first, with their exchanges."""
    inside = within(paths_for(standing, "gateway:exchange:review"), "exchange__unit__path")
    waiting = Justification.objects.filter(inside, used_at__isnull=False, reviewed_at=None)
    joined = waiting.select_related("person", "exchange__initiative", "exchange__unit", "exchange__destination")
    return [(row_of(each.exchange, at), _reason(each)) for each in joined.order_by("made_at", "id")]


def visible(standing: Standing) -> QuerySet[Exchange]:
    """Return the exchanges the reader may see: of their units, and of initiatives they build."""
    if not standing.active:
        return Exchange.objects.none()
    units = unit_ids_within(paths_for(standing, READ))
    building = Member.objects.filter(person_id=standing.person, until=None).values_list("initiative_id", flat=True)
    return Exchange.objects.filter(Q(unit_id__in=units) | Q(initiative_id__in=list(building)))


def _wanted(initiative: UUID | None, verdict: str | None, state: str | None, at: datetime) -> Q:
    wanted = Q()
    if initiative is not None:
        wanted &= Q(initiative_id=initiative)
    if verdict:
        wanted &= Q(verdict=verdict)
    if state == POSSIBLY_SENT:
        wanted &= Q(state=ExchangeState.INTENDED, at__lt=at - OUTCOME_DUE_AFTER)
    elif state:
        wanted &= Q(state=state)
    return wanted


def _toward(destination: str, dataset: str) -> Q:
    wanted = Q(destination__ref=destination) if destination else Q()
    if dataset == BUILT_IN_REF:
        return wanted & Q(datasets=[])
    return wanted & Q(datasets__contains=[dataset]) if dataset else wanted


def row_of(found: Exchange, at: datetime) -> ExchangeRow:
    return ExchangeRow(
        id=found.pk,
        at=found.at,
        initiative=found.initiative.code if found.initiative else "",
        initiative_title=found.initiative.title if found.initiative else "",
        unit=found.unit.name if found.unit else "",
        destination=found.destination.title if found.destination else "",
        model=found.model,
        verdict=found.verdict,
        state=shown_state(found.state, opened_at=found.at, at=at),
        error_code=found.error_code,
        would_be=found.would_be,
        counts=found.counts,
        stream=found.stream,
        end_user=found.end_user,
        verified_user=found.verified_user,
        tokens_in=found.tokens_in,
        tokens_out=found.tokens_out,
        cost=found.cost,
    )


def _lent(found: Exchange) -> bool:
    """Say whether an override let the exchange through: at that moment its grants were those that two people lent."""
    if found.remit_id is None or found.destination_id is None:
        return False
    lent = Grant.objects.filter(remit_id=found.remit_id, destination_id=found.destination_id, by_override=True)
    return lent.filter(starts_at__lte=found.at, ends_at__gt=found.at).exists()


def _answer(found: Exchange) -> AnswerRow:
    findings = findings_of(found.reply_scan_id) if found.reply_scan_id else []
    return AnswerRow(
        found.reply_check,
        found.reply_verdict,
        found.reply_would_be,
        found.reply_counts,
        findings,
        found.reply_reasons,
    )


def _reasons(found: Exchange) -> list[ReasonRow]:
    given: Any = Justification.objects.filter(exchange=found).select_related("person").order_by("made_at", "id")
    return [_reason(each) for each in given]


def _reason(given: Justification) -> ReasonRow:
    return ReasonRow(
        id=given.pk,
        person=given.person.name,
        reason=given.reason,
        made_at=given.made_at,
        expires_at=given.expires_at,
        used_at=given.used_at,
        outcome=given.outcome or "",
    )
