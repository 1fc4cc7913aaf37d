"""What the outbound worker does with one delivery: try once, by its channel, and have the outcome written down."""

import time
from datetime import datetime
from uuid import UUID

from governance.core.actors import WORKER
from governance.notices import services
from governance.notices.channels import email, webhook
from governance.notices.rules import Outcome, Result
from governance.notices.selectors.outgoing import Call, Letter, outgoing
from governance.work.rules import LeasedJob

REST_S = 30.0
SLOW = frozenset({"timeout"})
# Where a try has just waited in vain, until when (monotonic): a dead server must not hold up what goes elsewhere.
_resting: dict[str, float] = {}


def deliver(*, job: LeasedJob, at: datetime) -> None:
    """Try a delivery once. It may be started twice: the receiver knows the second by its id."""
    found = outgoing(UUID(job.input["delivery"]), number=job.input["try"], at=at)
    door = found.door if found else ""
    if wait_s := max(0.0, _resting.get(door, 0.0) - time.monotonic()):
        return services.put_off(job=job, wait_s=wait_s, by=WORKER, at=at)
    outcome = _tried(found, at)
    if outcome.code in SLOW:
        _resting[door] = time.monotonic() + REST_S
    return services.close_try(job=job, outcome=outcome, by=WORKER, at=at)


def _tried(found: Letter | Call | None, at: datetime) -> Outcome:
    match found:
        case None:
            return Outcome(Result.NEVER, "nothing_to_send")
        case Letter():
            return email.send(found)
        case Call():
            return webhook.send(found, at=at)
