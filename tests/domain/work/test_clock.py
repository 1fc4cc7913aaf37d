"""The clock does what is due, and one broken duty stops no other."""

import pytest
from django.db import OperationalError

from governance.work import periodic
from governance.work.checks import check_tables
from governance.work.periodic import Timetable

CALLS: list[str] = []


def good(*, by, at):
    CALLS.append(f"good by {by}")


def broken(*, by, at):
    CALLS.append("broken")
    raise ValueError("synthetic")


def without_database(*, by, at):
    raise OperationalError("synthetic")


@pytest.fixture(autouse=True)
def no_calls():
    CALLS.clear()


def table(settings, **functions):
    settings.PERIODIC = {name: (f"{__name__}.{function}", every_s) for name, (function, every_s) in functions.items()}
    return Timetable()


def test_what_is_due_is_called_and_then_waits(settings):
    timetable = table(settings, one=("good", 60))
    pause = timetable.run_due()
    timetable.run_due()
    assert CALLS == ["good by process:clock"]
    assert pause == periodic.LONGEST_PAUSE_S


def test_a_broken_duty_stops_no_other(settings):
    table(settings, first=("broken", 60), second=("good", 60)).run_due()
    assert CALLS == ["broken", "good by process:clock"]


def test_without_the_database_the_turn_ends(settings):
    with pytest.raises(OperationalError):
        table(settings, first=("without_database", 60), second=("good", 60)).run_due()
    assert CALLS == []


def test_a_name_that_leads_nowhere_is_found_at_start(settings):
    settings.PERIODIC = {"a": ("governance.nowhere.f", 1)}
    settings.JOBS = {"b": {"run": f"{__name__}.CALLS", "queue": "q"}, "c": {"run": f"{__name__}.good", "queue": "q"}}
    assert [error.msg.split(" ")[0] for error in check_tables()] == ["JOBS['b']", "PERIODIC['a']"]


def test_the_tables_of_the_settings_lead_somewhere():
    assert check_tables() == []
