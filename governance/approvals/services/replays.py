"""A draft is asked about the past: at once when that is little, else by a durable job that tells how far it is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from governance.approvals.drafting import MOST_REPLAYED, ReplayState
from governance.approvals.locks import lock_draft, person_of
from governance.approvals.models import Replay
from governance.approvals.replaying import Report, replayed
from governance.approvals.selectors.drafts import checked_draft
from governance.approvals.selectors.past import count_past, past_requests
from governance.approvals.services.drafts import EDIT, _sound
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import WORKER, Actor
from governance.core.errors import Invalid
from governance.organisation.selectors import authorize
from governance.work.rules import LeasedJob
from governance.work.services import enqueue, finish_job

AT_ONCE = 200


@transaction.atomic
def start_replay(*, draft_id: UUID, last: int, by: Actor, at: datetime) -> Replay:
    """Ask a draft, as it stands, about the `last` requests that were decided or are open.

    Raises:
        NotFound, NotAllowed: the draft, the permission.
        Invalid: the first fault of the text, or a number out of range.
    """
    authorize(by, EDIT, None)
    if not 1 <= last <= MOST_REPLAYED:
        raise Invalid("out_of_range", f"Replay 1 to {MOST_REPLAYED:,} requests.", field="last")
    draft = lock_draft(draft_id)
    definition = _sound(draft)
    replay = Replay.objects.create(
        draft=draft,
        digest=definition.digest,
        definition=checked_draft(draft.source, draft.name).document,
        total=count_past(last),
        asked_by_id=person_of(by),
        asked_at=at,
    )
    named: dict[str, Any] = {"draft": str(draft.pk), "digest": replay.digest, "requests": replay.total}
    record(EventKind.WORKFLOW_REPLAYED, subject=f"workflow_replay:{replay.pk}", by=by, at=at, **named)
    if replay.total <= AT_ONCE:
        report = Report()
        done = replayed(definition, past_requests(replay.total, at=at), report)
        return close_replay(replay_id=replay.pk, done=done, report=report, by=by, at=at)
    enqueue(kind="approvals.replay", input={"replay": str(replay.pk)}, by=by, at=at)
    return replay


@transaction.atomic
def note_progress(*, replay_id: UUID, done: int, by: Actor, at: datetime) -> None:  # noqa: ARG001 - bookkeeping
    """Tell how far a replay is; the pages show it."""
    Replay.objects.filter(pk=replay_id, ended_at=None).update(done=done, state=ReplayState.RUNNING)


@transaction.atomic
def close_replay(
    *, replay_id: UUID, done: int, report: Report, job: LeasedJob | None = None, by: Actor, at: datetime
) -> Replay:
    """Keep what a replay found."""
    if job is not None:
        finish_job(job=job, at=at)
    replay = Replay.objects.select_for_update().get(pk=replay_id)
    replay.state, replay.done, replay.total, replay.ended_at = ReplayState.DONE, done, done, at
    replay.report = report.to_json()
    replay.save(update_fields=["state", "done", "total", "ended_at", "report"])
    counts = replay.report["counts"]
    record(EventKind.WORKFLOW_REPLAYED, subject=f"workflow_replay:{replay.pk}", by=by, at=at, counts=counts)
    return replay


@transaction.atomic
def give_up_replay(*, job: LeasedJob, by: Actor = WORKER, at: datetime) -> None:
    """Mark a replay that no worker could finish, so that its page says so and another can be asked."""
    replay = Replay.objects.select_for_update().get(pk=job.input["replay"])
    replay.state, replay.ended_at = ReplayState.FAILED, at
    replay.save(update_fields=["state", "ended_at"])
    record(EventKind.WORKFLOW_REPLAYED, subject=f"workflow_replay:{replay.pk}", by=by, at=at, failed=True)
