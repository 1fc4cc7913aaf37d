"""A run that proves nothing is no success, and no test may flush a database."""

import pytest


def pytest_collection_modifyitems(items):
    flushing = [
        item.nodeid for item in items for mark in item.iter_markers("django_db") if mark.kwargs.get("transaction")
    ]
    if flushing:
        raise pytest.UsageError(f"django_db(transaction=True) flushes; ask for committed_db instead: {flushing}")


def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus != pytest.ExitCode.OK or session.config.option.collectonly or reporter is None:
        return
    if not reporter.stats.get("passed"):
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
