"""The whole suite is shared out to as many workers as there are cores; a part that is named on the command line is not.

All tests that start Remit's own processes go to one worker: they share one running stack, and two of them would not be
measuring a delay of one another.
"""

import os

import pytest

STACK = "stack"


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    whole = config.args_source is not pytest.Config.ArgsSource.ARGS and config.option.markexpr != "long"
    return len(os.sched_getaffinity(0)) if whole else 0


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        started = "start_remit" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group(STACK if started else str(item.path)))
