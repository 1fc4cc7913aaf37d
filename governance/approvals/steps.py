"""What a worker does with a long replay: ask the draft about the past, a part at a time, and tell how far it is."""

from datetime import datetime
from itertools import islice

from governance.approvals.definitions import parse_definition
from governance.approvals.models import Replay
from governance.approvals.replaying import Report, replayed
from governance.approvals.selectors.past import AT_A_TIME, past_requests
from governance.approvals.services import close_replay, note_progress
from governance.core.actors import WORKER
from governance.core.clock import now
from governance.work.rules import LeasedJob


def replay(*, job: LeasedJob, at: datetime) -> None:
    """Replay one draft; started twice, it begins again and tells the same."""
    row = Replay.objects.get(pk=job.input["replay"])
    draft, past, report, done = parse_definition(row.definition), past_requests(row.total, at=at), Report(), 0
    while asked := replayed(draft, islice(past, AT_A_TIME), report):
        done += asked
        note_progress(replay_id=row.pk, done=done, by=WORKER, at=now())
    close_replay(replay_id=row.pk, done=done, report=report, job=job, by=WORKER, at=now())
