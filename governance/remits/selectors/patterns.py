"""Patterns: which one decides a request, and what became of those it decided."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from governance.approvals.selectors import approvers_of, approvers_of_each
from governance.core.errors import NotFound
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
    """A remit that a pattern decided, picked for a look; `outcome` is "" until somebody looked."""

    id: UUID
    remit_id: UUID
    initiative: str
    code: str
    pattern: str
    picked_at: datetime
    outcome: str


def patterns() -> list[PatternRow]:
    """Return all patterns, by name, newest version first; everybody may know what is decided without people."""
    return _rows(Pattern.objects.order_by("name", "-version", "id"))


def pattern(pattern_id: UUID) -> PatternRow:
    """Return one pattern.

    Raises:
        NotFound: when there is none.
    """
    rows = _rows(Pattern.objects.filter(pk=pattern_id))
    if not rows:
        raise NotFound("pattern_not_found", "There is no such pattern.")
    return rows[0]


def _rows(asked: QuerySet[Pattern]) -> list[PatternRow]:
    """Return rows with what became of each pattern: two more queries, however many rows."""
    found = list(asked.select_related("owner_unit"))
    approvers = approvers_of_each("pattern", [each.pk for each in found])
    looked: dict[UUID, list[str | None]] = {each.pk: [] for each in found}
    for pattern_id, outcome in Sample.objects.filter(pattern__in=found).values_list("pattern_id", "outcome"):
        looked[pattern_id].append(outcome)
    return [_row(each, tuple(approvers[each.pk].values()), looked[each.pk]) for each in found]


def _row(pattern: Pattern, approved_by: tuple[str, ...], looked: list[str | None]) -> PatternRow:
    return PatternRow(
        id=pattern.pk,
        name=pattern.name,
        version=pattern.version,
        state=PatternState(pattern.state),
        sandbox=pattern.sandbox,
        sampling_rate=pattern.sampling_rate,
        owner_unit=pattern.owner_unit.name,
        approved_by=approved_by,
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
        in_force = patterns_in_force(at=at)
        approvers = approvers_of_each("pattern", [each.pk for each in in_force])
        self._patterns = [
            (each, parse_pattern(each.body), frozenset({each.made_by_id, *approvers[each.pk]})) for each in in_force
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
    return [_sample(each) for each in _samples(standing).filter(outcome=None).order_by("picked_at", "id")]


def samples_to_look_at(standing: Standing) -> int:
    """Return how many of them wait for the reader."""
    return _samples(standing).filter(outcome=None).count()


def sample(sample_id: UUID, *, standing: Standing) -> SampleRow:
    """Return one sample, looked at or not.

    Raises:
        NotFound: when there is none, or it is not the reader's to look at.
    """
    found = _samples(standing).filter(pk=sample_id).first()
    if found is None:
        raise NotFound("sample_not_found", "There is no such sample, or it is not yours to look at.")
    return _sample(found)


def _samples(standing: Standing) -> QuerySet[Sample]:
    reach = within(paths_for(standing, "remits:pattern:review_sample"), "remit__initiative__accountable_unit__path")
    return Sample.objects.filter(reach).select_related("remit__initiative", "pattern")


def _sample(found: Sample) -> SampleRow:
    return SampleRow(
        id=found.pk,
        remit_id=found.remit_id,
        initiative=found.remit.initiative.title,
        code=found.remit.initiative.code,
        pattern=f"{found.pattern.name}, version {found.pattern.version}",
        picked_at=found.picked_at,
        outcome=found.outcome or "",
    )
