"""A worker's hands: tries what is due, by the real channels, at a moment that the test chooses."""

import pytest

from governance.core.actors import CLOCK, WORKER
from governance.notices import steps
from governance.notices.models import Delivery
from governance.notices.services import notify, spread
from governance.settings.readers import mail_server as mail_settings
from governance.work.models import Job
from governance.work.rules import WAITING
from governance.work.services import claim

ASKED = {"kind": "approvals.decision_wanted", "text": "Request 7 waits for your decision.", "link": "/inbox/"}


@pytest.fixture(autouse=True)
def rested():
    steps._resting.clear()


@pytest.fixture
def by_mail(settings, mail_server, monkeypatch):
    """E-mail goes to `mail_server`."""
    monkeypatch.setenv("REMIT_MAIL_URL", mail_server.address)
    settings.MAIL = mail_settings("REMIT_MAIL_URL", "")
    return mail_server


@pytest.fixture
def tell():
    def told(*actors, at, by=WORKER, **said):
        return notify(people=[actor.person for actor in actors], by=by, at=at, **(ASKED | said))

    return told


@pytest.fixture
def work():
    """Return a function that spreads what is new at a moment, tries each due delivery once, and returns how they stand."""

    def worked(at):
        spread(by=CLOCK, at=at)
        due = Job.objects.filter(kind="notices.deliver", state__in=WAITING, next_at__lte=at).order_by("next_at", "id")
        for job_id in list(due.values_list("pk", flat=True)):
            steps.deliver(job=claim(job_id=job_id, by=WORKER, at=at), at=at)
        return [(row.state, row.code, row.tries) for row in Delivery.objects.order_by("told_at", "pk")]

    return worked
