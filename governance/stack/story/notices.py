"""How people of the story want to hear, and a webhook whose receiver was switched off and that followed it days later."""

from datetime import datetime, time

from governance.core.actors import WORKER
from governance.notices.models import Delivery
from governance.notices.rules import OPEN_DELIVERY, Outcome, Result
from governance.notices.services import add_webhook, close_try, send_test, set_preferences
from governance.stack.story.cast import Cast
from governance.work.models import Job
from governance.work.services import claim

CHOICES = {  # who, what differs from the usual, quiet hours
    "lea": ({"requests": "daily"}, (time(19), time(7))),
    "ines": ({"digests": "never"}, (time(20), time(8))),
}
HEAD, UNIT = "hugo", "claims"
RECEIVER = "https://tickets.example.invalid/remit"
ADDED_DAY, ENDED_DAY = 9, 16


def choose_how_to_hear(cast: Cast) -> None:
    """Let people choose, and a webhook of Claims fail until it is switched off."""
    for login, (mail, quiet) in CHOICES.items():
        at = cast.calendar.day(1)
        set_preferences(mail=mail, quiet_from=quiet[0], quiet_until=quiet[1], time_zone="", by=cast.actor(login), at=at)
    by, at = cast.actor(HEAD), cast.calendar.day(ADDED_DAY)
    unit_id = cast.units[UNIT].pk
    hook, _ = add_webhook(title="Tickets of Claims", url=RECEIVER, unit_id=unit_id, by=by, at=at)
    test = send_test(webhook_id=hook.pk, by=by, at=at)
    for day in range(ADDED_DAY, ENDED_DAY):
        _try_in_vain(test, at=cast.calendar.day(day, hour=1))


def _try_in_vain(delivery: Delivery, *, at: datetime) -> None:
    """Do what the worker does when nobody answers, once, if a try is due."""
    due = Job.objects.filter(kind="notices.deliver", input__delivery=str(delivery.pk), next_at__lte=at)
    delivery.refresh_from_db()
    job = due.filter(input__try=delivery.tries + 1).first()
    held = claim(job_id=job.pk, by=WORKER, at=at) if job and delivery.state in OPEN_DELIVERY else None
    if held:
        close_try(job=held, outcome=Outcome(Result.AGAIN, "unreachable"), by=WORKER, at=at)
