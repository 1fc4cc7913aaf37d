"""Patterns: which one decides a request, and what became of those it decided."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.approvals.selectors import approvers_of
from governance.core.verdict import Allowed, Denied, Verdict
from governance.organisation.permissions import Standing
from governance.organisation.selectors import paths_for, within
from governance.remits.body import RemitBody
from governance.remits.models import Pattern, Sample
from governance.remits.patterns import PatternBody, parse_pattern
from governance.remits.rules import PatternState, SampleOutcome, World, covers, may_use_pattern


@dataclass(frozen=True, slots=True)
class PatternRow:
    """`samples` and `concerns` count what was looked at afterwards; `waiting` what still is to be."""

    id: UUID
    name: str
    version: int
    state: PatternState
    sandbox: bool
    sampling_rate: float
    owner_unit: str
    approved_by: tuple[str, ...]
    ends_at: datetime
    body: PatternBody
    samples: int
    concerns: int
    waiting: int


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A remit that a pattern decided and that waits for a look."""

    id: UUID
    remit_id: UUID
    initiative: str
    code: str
    pattern: str
    picked_at: datetime


def patterns() -> list[PatternRow]:
    """Return all patterns, by name, newest version first; everybody may know what is decided without people."""
    found = Pattern.objects.select_related("owner_unit").order_by("name", "-version", "id")
    return [_row(pattern) for pattern in found]


def _row(pattern: Pattern) -> PatternRow:
    looked = list(Sample.objects.filter(pattern=pattern).values_list("outcome", flat=True))
    return PatternRow(
        id=pattern.pk,
        name=pattern.name,
        version=pattern.version,
        state=PatternState(pattern.state),
        sandbox=pattern.sandbox,
        sampling_rate=pattern.sampling_rate,
        owner_unit=pattern.owner_unit.name,
        approved_by=tuple(approvers_of("pattern", pattern.pk).values()),
        ends_at=pattern.ends_at,
        body=parse_pattern(pattern.body, sandbox=pattern.sandbox),
        samples=len([outcome for outcome in looked if outcome]),
        concerns=looked.count(SampleOutcome.CONCERN),
        waiting=looked.count(None),
    )


def patterns_in_force(*, at: datetime, sandbox: bool = False) -> list[Pattern]:
    """Return the approved patterns that have not ended, in the order in which they are tried."""
    return list(
        Pattern.objects.filter(state=PatternState.APPROVED, sandbox=sandbox, ends_at__gt=at).order_by(
            "name", "-version"
        )
    )


def deciders_of(pattern: Pattern) -> frozenset[UUID]:
    """Return who made or approved the pattern: their own requests it never decides."""
    return frozenset({pattern.made_by_id, *approvers_of("pattern", pattern.pk)})


@dataclass(frozen=True, slots=True)
class Coverage:
    """The pattern that decides a request, or the closest one and why it does not."""

    pattern: Pattern | None
    verdict: Verdict


class PatternBook:
    """The patterns in force at one moment, read once and asked often."""

    def __init__(self, *, at: datetime) -> None:
        self._patterns = [
            (pattern, parse_pattern(pattern.body), deciders_of(pattern)) for pattern in patterns_in_force(at=at)
        ]

    def coverage(self, body: RemitBody, world: World, person: UUID) -> Coverage:
        """Return the first pattern that covers `body` and may decide for `person`, else the first refusal."""
        refusals: list[Coverage] = []
        for pattern, bounds, deciders in self._patterns:
            verdict = covers(bounds, body, world) and may_use_pattern(person, deciders)
            if not isinstance(verdict, Denied):
                return Coverage(pattern, Allowed())
            refusals.append(Coverage(pattern, verdict))
        nothing = Coverage(None, Denied("no_pattern", "No pattern is in force.", "People decide this request."))
        return refusals[0] if refusals else nothing


def samples_waiting(standing: Standing) -> list[SampleRow]:
    """Return the remits that a pattern decided and the reader may look at, oldest first."""
    reach = within(paths_for(standing, "remits:pattern:review_sample"), "remit__initiative__accountable_unit__path")
    waiting = Sample.objects.filter(reach, outcome=None).select_related("remit__initiative", "pattern")
    return [
        SampleRow(
            id=sample.pk,
            remit_id=sample.remit_id,
            initiative=sample.remit.initiative.title,
            code=sample.remit.initiative.code,
            pattern=f"{sample.pattern.name}, version {sample.pattern.version}",
            picked_at=sample.picked_at,
        )
        for sample in waiting.order_by("picked_at", "id")
    ]
