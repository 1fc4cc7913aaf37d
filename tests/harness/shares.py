"""The whole suite is shared out to as many workers as there are cores; a part that is named on the command line is not.

A worker takes a file as a whole. The folders whose tests start Remit's own processes go to one worker, and first: they share one
running stack, and two of them would be measuring a delay of one another. What a browser looks at comes last and in two shares, each
with a demo organisation of its own, so that no core is idle at the end.
"""

import os
from zlib import crc32

import pytest
from xdist.scheduler import LoadScopeScheduling

STACKS = ("tests/gateway/", "tests/stories/")
BROWSER = "tests/browser/"
LOOKS = "tests/browser/test_every_page.py"  # they change nothing; the browser's other tests decide and rule
STACK, FIRST, SECOND = "stack", "browser, looks", "browser, fewer looks and all that decides"
LOOKS_OF_SECOND = 3  # in ten: what decides takes as long as the other four


def share_of(nodeid: str) -> str:
    """Return the name of the share of a test. All that decides follows the looks of its share, and never looks come after it in one demo."""
    if nodeid.startswith(STACKS):
        return STACK
    if nodeid.startswith(BROWSER):
        return FIRST if nodeid.startswith(LOOKS) and crc32(nodeid.encode()) % 10 >= LOOKS_OF_SECOND else SECOND
    return nodeid.partition("::")[0]


def _place(item: pytest.Item) -> tuple[int, bool]:
    order = {STACK: 0, FIRST: 2, SECOND: 3}
    return order.get(share_of(item.nodeid), 1), not item.nodeid.startswith(LOOKS)


class Shares(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return share_of(nodeid)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    whole = config.args_source is not pytest.Config.ArgsSource.ARGS and config.option.markexpr != "long"
    return len(os.sched_getaffinity(0)) if whole else 0


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> Shares:
    config.option.loadscopereorder = False  # the order is that of the collection, which is made below
    return Shares(config, log)


def pytest_collection_modifyitems(items):
    astray = [
        item.nodeid
        for item in items
        if "start_remit" in getattr(item, "fixturenames", ()) and not item.nodeid.startswith((*STACKS, BROWSER))
    ]
    if astray:
        raise pytest.UsageError(
            f"tests that start Remit's processes stand in {', '.join((*STACKS, BROWSER))}: {astray}"
        )
    items.sort(key=_place)
