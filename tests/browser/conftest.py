"""One demo organisation with all its processes, and its people in front of it, for every browser test of a run."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from governance.core.actors import CLOCK
from governance.core.clock import now
from harness.databases import connected_to
from harness.processes import wait_until
from visiting import Visitors

expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
NEEDED = ("web", "gateway", "stand_in", "interactive", "bulk", "sequencer")


@pytest.fixture(scope="session")
def demo(start_remit):
    stack = start_remit(only=NEEDED, demo=True)
    wait_until((stack.state / "demo.sent").exists, within_s=180, what="the last prompt of the demo")
    return stack


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
