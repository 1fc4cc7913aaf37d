"""What people's tasks cost them: `./dev bench tasks [--state DIR]`.

Each task is done once in a real browser by somebody of the demo organisation; with --state in the stack that `./dev run --state DIR`
runs, else in one of its own. Printed are fields filled, pages seen (the first included), interactions (clicks and keys) and seconds;
what a task may cost at most stands in tests/tasks_of_people.py. Exits with 1 when a goal is missed.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import _stack  # noqa: F401 - it sets up the tests' own folders
from playwright.sync_api import sync_playwright

from doing import Tally
from harness.browser import FLAGS, INSTALL, chromium
from harness.databases import Server
from harness.environment import prepare
from harness.processes import Launcher, wait_until
from tasks_of_people import TASKS, Day, Task
from visiting import Visitors

ROW = "{:36} {:15} {:>6} {:>5} {:>12} {:>8}  {}"


@contextmanager
def demo(state: Path | None) -> Iterator[Path]:
    """Give the state folder of a running demo: the one named, else of a stack that ends with the block."""
    if state:
        yield state.resolve()
        return
    launcher = Launcher(Server(prepare(), "bench"), lambda: Path(tempfile.mkdtemp(prefix="remit-bench-")))
    try:
        only = ("web", "gateway", "stand_in", "interactive", "sequencer", "clock")
        running = launcher(only=only, embedded=True, demo=True)
        wait_until((running.state / "demo.sent").exists, within_s=120, what="the last prompt of the demo")
        yield running.state
    finally:
        launcher.stop_all()


def done(task: Task, day: Day) -> Tally | None:
    try:
        return task.do(day)
    except Exception as stuck:  # noqa: BLE001 - a person who is stuck is a figure of this table
        print(ROW.format(task.name, task.who, "-", "-", "-", "-", f"STUCK: {str(stuck).splitlines()[0][:160]}"))
        return None


def told(task: Task, tally: Tally | None) -> bool:
    """Print the row of a task; return whether it went as it should."""
    if tally is None:
        return False
    missed = [said for goal in task.goals if (said := goal.missed(tally))]
    reached = "; ".join(f"{goal.what} {goal.of(tally)} of {goal.most}" for goal in task.goals)
    seconds = f"{tally.seconds:.1f}"
    verdict = f"MISSED {', '.join(missed)} {tally.hidden or ''}" if missed else reached and f"reached: {reached}"
    print(ROW.format(task.name, task.who, tally.fields, len(tally.pages), tally.interactions, seconds, verdict))
    return not missed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, help="the folder of a running demo")
    wanted = parser.parse_args()
    if not chromium():
        sys.exit(f"There is no Chromium. Install it with {INSTALL}")
    with demo(wanted.state) as state, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        browser_day = Day.begin(Visitors(browser, state))
        print(ROW.format("task", "who", "fields", "pages", "interactions", "seconds", "goals"))
        went = [told(task, done(task, browser_day)) for task in TASKS]
        browser.close()
    print(f"{sum(went)} of {len(TASKS)} tasks went as they should")
    sys.exit(0 if all(went) else 1)


if __name__ == "__main__":
    main()
