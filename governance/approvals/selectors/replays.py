"""What replays found, ready to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.approvals.drafting import ReplayState
from governance.approvals.models import Replay, Request, WorkflowDraft
from governance.approvals.replaying import Change
from governance.approvals.selectors.access import readable
from governance.approvals.selectors.drafts import checked_draft
from governance.approvals.subjects import Fact
from governance.core.errors import NotFound
from governance.core.wording import several
from governance.organisation.permissions import Standing

IN_WORDS: Mapping[Change, str] = {
    Change.UNKNOWN: "could not be judged",
    Change.ALLOWED: "nobody could approve before, now people could",
    Change.DENIED: "people could approve before, now nobody could",
    Change.FEWER: "fewer people asked",
    Change.DIFFERENT: "other people asked",
    Change.MORE: "more people asked, or under conditions",
    Change.SAME: "the same as it was",
}


@dataclass(frozen=True, slots=True)
class CountRow:
    """`calls` left through the gateway on the strength of these approvals."""

    change: Change
    text: str
    requests: int
    calls: int


@dataclass(frozen=True, slots=True)
class ReplayedRow:
    """One request that would be different. `readable`: the reader may open it; else its title is not told."""

    id: UUID
    number: int
    title: str
    change: Change
    text: str
    reasons: tuple[str, ...]
    calls: int
    readable: bool


@dataclass(frozen=True, slots=True)
class ReplayRow:
    """`current`: the draft still says what was replayed."""

    id: UUID
    draft_id: UUID
    state: ReplayState
    done: int
    total: int
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    current: bool
    counts: tuple[CountRow, ...]
    rows: tuple[ReplayedRow, ...]

    @property
    def summary(self) -> str:
        changed = sum(each.requests for each in self.counts if each.change is not Change.SAME)
        calls = sum(each.calls for each in self.counts if each.change is not Change.SAME)
        left = f", on whose approval {several(calls, 'call')} left" if calls else ""
        return f"{changed:,} of {several(self.total, 'request')} would have gone another way{left}."


def replays_of(draft_id: UUID, *, reader: Standing, at: datetime) -> list[ReplayRow]:
    """Return the replays of a draft, newest first."""
    found = list(Replay.objects.filter(draft_id=draft_id).select_related("asked_by").order_by("-asked_at", "id")[:20])
    digest = _digest_of(WorkflowDraft.objects.get(pk=draft_id)) if found else ""
    return [_row(each, digest, reader, at, rows=False) for each in found]


def replay(replay_id: UUID, *, reader: Standing, at: datetime) -> ReplayRow:
    """Return one replay with the requests that would be different.

    Raises:
        NotFound: when there is none.
    """
    found = Replay.objects.filter(pk=replay_id).select_related("asked_by", "draft").first()
    if found is None:
        raise NotFound("replay_not_found", "There is no such replay.")
    return _row(found, _digest_of(found.draft), reader, at, rows=True)


def _digest_of(draft: WorkflowDraft) -> str:
    """Return the digest of what a draft says now, "" while it is not sound."""
    definition = checked_draft(draft.source, draft.name).definition
    return definition.digest if definition else ""


def _row(found: Replay, digest: str, reader: Standing, at: datetime, *, rows: bool) -> ReplayRow:
    report: dict[str, Any] = found.report
    return ReplayRow(
        id=found.pk,
        draft_id=found.draft_id,
        state=ReplayState(found.state),
        done=found.done,
        total=found.total,
        asked_by=found.asked_by.name,
        asked_at=found.asked_at,
        ended_at=found.ended_at,
        current=digest == found.digest,
        counts=tuple(
            CountRow(change, IN_WORDS[change], report["counts"][change], report["calls"].get(change, 0))
            for change in Change
            if report.get("counts", {}).get(change)
        ),
        rows=_rows(report.get("rows", []), reader, at) if rows else (),
    )


def _rows(told: list[dict[str, Any]], reader: Standing, at: datetime) -> tuple[ReplayedRow, ...]:
    ids = [UUID(row["id"]) for row in told]
    shown = set(Request.objects.filter(readable(reader, at=at), pk__in=ids).values_list("pk", flat=True))
    return tuple(
        ReplayedRow(
            id=UUID(row["id"]),
            number=row["number"],
            title=row["title"] if UUID(row["id"]) in shown else f"Request {row['number']}",
            change=Change(row["change"]),
            text=IN_WORDS[Change(row["change"])],
            reasons=tuple(row["reasons"]),
            calls=row["calls"],
            readable=UUID(row["id"]) in shown,
        )
        for row in told
    )


def replay_evidence(subject_id: UUID) -> list[Fact]:
    """Return what the last replay of a draft found: evidence for the two who decide."""
    draft = WorkflowDraft.objects.get(pk=subject_id)
    found = (
        draft.replays.filter(state=ReplayState.DONE).select_related("asked_by", "draft").order_by("-asked_at").first()
    )
    if found is None:
        return []
    counts = found.report["counts"]
    return [
        Fact("Replayed", f"{several(found.total, 'request')}, newest first"),
        *(Fact(IN_WORDS[change].capitalize(), f"{counts[change]:,}") for change in Change if counts.get(change)),
    ]
