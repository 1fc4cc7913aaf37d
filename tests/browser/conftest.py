"""One demo organisation with all its processes, and its people in front of it, for every browser test of a run."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from harness.processes import wait_until
from visiting import Visitors

expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
NEEDED = ("web", "gateway", "stand_in", "interactive", "sequencer")


@pytest.fixture(scope="session")
def demo(start_remit):
    stack = start_remit(only=NEEDED, demo=True)
    wait_until((stack.state / "demo.sent").exists, within_s=90, what="the last prompt of the demo")
    return stack


@pytest.fixture(scope="module")  # not longer: five minutes after signing in, a decision asks again who one is
def visitors(browser, demo):
    found = Visitors(browser, demo.state)
    yield found
    found.leave()


def pytest_collection_modifyitems(items):
    """Look at every page first: the other tests here decide and rule in the same demo, and what was to be seen is gone."""
    here = Path(__file__).parent
    items.sort(key=lambda item: item.path.parent == here and item.path.name != "test_every_page.py")
