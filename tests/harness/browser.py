"""Chromium through playwright. Without Chromium the browser tests are not run, and the last lines say so."""

import os
import shutil
from pathlib import Path

import pytest

INSTALL = "apt-get install chromium   (or set CHROMIUM to its path)"
USUAL = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NOT_RUN = pytest.StashKey[int]()


def chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for path in USUAL if Path(path).exists()), None)


@pytest.fixture(scope="module")
def browser():
    """Closed after each module: playwright keeps a loop in this thread, and no asynchronous test can begin beside it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def page(browser):
    """A page of a fresh browser profile, 1440 x 900."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def pytest_addoption(parser):
    parser.addoption("--require-browser", action="store_true", help="fail when the browser tests cannot run")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    config.stash[NOT_RUN] = 0
    if chromium():
        return
    browser_tests = [item for item in items if item.get_closest_marker("browser")]
    config.stash[NOT_RUN] = len(browser_tests)
    items[:] = [item for item in items if item not in browser_tests]


def pytest_terminal_summary(terminalreporter, config):
    if missing := config.stash.get(NOT_RUN, 0):
        terminalreporter.section("NOT RUN", red=True, bold=True)
        terminalreporter.line(f"not run: {missing} browser tests, because there is no Chromium; install it with")
        terminalreporter.line(f"    {INSTALL}")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session, exitstatus):
    missing = session.config.stash.get(NOT_RUN, 0)
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["browser_not_run"] = missing
    elif exitstatus == pytest.ExitCode.OK and missing and session.config.option.require_browser:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """With pytest-xdist only the workers collect; each has left out the same tests."""
    left_out = getattr(node, "workeroutput", {}).get("browser_not_run", 0)
    node.config.stash[NOT_RUN] = max(left_out, node.config.stash.get(NOT_RUN, 0))
