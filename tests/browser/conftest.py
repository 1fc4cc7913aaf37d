"""One demo organisation with all its processes, and its people in front of it, for every browser test of a run."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import expect

import everything
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import CLOCK
from governance.core.clock import now
from governance.destinations.models import Destination
from governance.initiatives.models import Initiative
from governance.organisation.models import Person
from governance.stack.story.destinations import STAND_IN
from governance.stack.story.titles import LETTERS
from governance.training.models import ReleaseRequest, TrainingSet
from governance.training.rules import TrainingSetState
from harness.databases import connected_to
from harness.processes import wait_until
from visiting import Visitors

LOST = "Questions of last winter"

expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
NEEDED = ("web", "gateway", "stand_in", "interactive", "bulk", "sequencer")


@pytest.fixture(scope="session")
def demo(start_remit, django_db_blocker):
    stack = start_remit(only=NEEDED, demo=True)
    wait_until((stack.state / "demo.sent").exists, within_s=180, what="the last prompt of the demo")
    with django_db_blocker.unblock(), connected_to(stack.database), ThreadPoolExecutor(1) as aside:
        aside.submit(lose_a_set).result()  # aside, as in `clock`
    return stack


@transaction.atomic
def lose_a_set():
    """Leave a training set behind as a gateway does that died while it sent it: no demo can tell of that by calls of its own."""
    lead, owned = Person.objects.get(login="bea"), Initiative.objects.get(title=LETTERS)
    place, at = Destination.objects.get(ref=STAND_IN), now() - timedelta(hours=3)
    lost = TrainingSet.objects.create(
        initiative=owned,
        title=LOST,
        digest=everything.DIGEST,
        bytes=48_000,
        records=120,
        storage_ref="synthetic",
        state=TrainingSetState.RELEASABLE,
        uploaded_by=lead,
        uploaded_at=at,
    )
    sent = everything.possibly_sent(lost, place, at=at)
    told = {"destination": place, "terms": sent.permit.terms, "permit": sent.permit}
    ReleaseRequest.objects.create(training_set=lost, asked_by=lead, asked_at=at, **told)
    subject, path = f"training_set:{lost.pk}", owned.accountable_unit.path
    record(EventKind.TRAINING_SET_POSSIBLY_SENT, subject=subject, by=CLOCK, at=now(), unit_path=path)


@pytest.fixture(scope="module")  # not longer: five minutes after signing in, a decision asks again who one is
def visitors(browser, demo):
    found = Visitors(browser, demo.state)
    yield found
    found.leave()


@pytest.fixture(scope="session")
def clock(demo, django_db_blocker):
    """What the clock of the demo would do some days from now: `clock(tasks, days=15)`; the days themselves do not pass."""

    def act(task, days):
        with django_db_blocker.unblock(), connected_to(demo.database):
            return task(by=CLOCK, at=now() + timedelta(days=days))

    def later(task, *, days):
        with ThreadPoolExecutor(1) as aside:  # Playwright's loop runs in this thread, where Django refuses to be asked
            return aside.submit(act, task, days).result()

    return later


def pytest_collection_modifyitems(items):
    """Look at every page first: the other tests here decide and rule in the same demo, and what was to be seen is gone."""
    here = Path(__file__).parent
    items.sort(key=lambda item: item.path.parent == here and item.path.name != "test_every_page.py")
