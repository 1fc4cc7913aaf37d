"""The whole suite is shared out to as many workers as there are cores; a part that is named on the command line is not.

A worker takes a file as a whole. The folders whose tests start Remit's own processes go to one worker: they share one running
stack, and two of them would be measuring a delay of one another.
"""

import os

import pytest
from xdist.scheduler import LoadScopeScheduling

STACKS = ("tests/browser/", "tests/gateway/", "tests/stories/")


class Shares(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return "stack" if nodeid.startswith(STACKS) else nodeid.partition("::")[0]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    whole = config.args_source is not pytest.Config.ArgsSource.ARGS and config.option.markexpr != "long"
    return len(os.sched_getaffinity(0)) if whole else 0


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> Shares:
    return Shares(config, log)


def pytest_collection_modifyitems(items):
    astray = [
        item.nodeid
        for item in items
        if "start_remit" in getattr(item, "fixturenames", ()) and not item.nodeid.startswith(STACKS)
    ]
    if astray:
        raise pytest.UsageError(f"tests that start Remit's processes stand in {', '.join(STACKS)}: {astray}")
