"""How a call names its run, and what the remits toward its target allow one."""

import asyncio
from contextlib import nullcontext
from datetime import UTC, datetime

import pytest

from governance.core.errors import Invalid
from governance.core.ids import uuid7
from governance.gateway.address import Target
from governance.gateway.case import Case
from governance.gateway.running import enter
from governance.gateway.runs import NamedRun, caps_of, named_run
from governance.gateway.understand import Understood
from governance.gateway.wire import Call
from governance.remits.runs import RunCaps
from prompt_samples import offer, prompt

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        pytest.param({}, None, id="no run"),
        pytest.param({"x-remit-run": "a"}, NamedRun("a"), id="a run"),
        pytest.param({"x-remit-run": "a", "x-remit-parent-run": "b"}, NamedRun("a", "b"), id="a run and who began it"),
        pytest.param({"x-remit-run": "~" * 128}, NamedRun("~" * 128), id="the longest name"),
    ],
)
def test_a_call_names_its_run(headers, named):
    assert named_run(lambda name: headers.get(name, "")) == named


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        pytest.param({"x-remit-run": "a b"}, "not_a_run", id="a space"),
        pytest.param({"x-remit-run": "a\n"}, "not_a_run", id="a line's end"),
        pytest.param({"x-remit-run": "Zo\u00eb"}, "not_a_run", id="no ASCII"),
        pytest.param({"x-remit-run": "a" * 129}, "not_a_run", id="too long"),
        pytest.param({"x-remit-run": "a", "x-remit-parent-run": "\t"}, "not_a_run", id="a parent that is none"),
        pytest.param({"x-remit-parent-run": "a"}, "parent_without_run", id="a parent of nobody"),
        pytest.param({"x-remit-run": "a", "x-remit-parent-run": "a"}, "own_parent", id="its own parent"),
    ],
)
def test_a_name_that_is_none_is_refused(headers, code):
    with pytest.raises(Invalid) as refused:
        named_run(lambda name: headers.get(name, ""))
    assert (refused.value.code, bool(refused.value.remedy)) == (code, True)


def test_of_several_remits_the_strictest_holds():
    one, other = RunCaps(depth=2, fan_out=9, calls=40, spend=7), RunCaps(3, 4, 30, 8, must_be_named=True)
    assert caps_of([offer(runs=one), offer(2, runs=other)]) == RunCaps(2, 4, 30, 7, must_be_named=True)


@pytest.mark.parametrize(
    ("headers", "touches"),
    [
        pytest.param([], False, id="no run"),
        pytest.param([(b"x-remit-run", b"plan")], True, id="a run"),
    ],
)
def test_a_call_that_names_no_run_asks_neither_database_nor_broker(headers, touches):
    """There is no gate to ask: whoever asks something of it fails."""
    asked = Understood(None, prompt(), None, Target("m", (offer(),)))
    call, case = Call({"method": "POST", "path": "/", "headers": headers}, None, None), Case(uuid7(), AT, "chat")
    with pytest.raises(AttributeError) if touches else nullcontext():
        asyncio.run(enter(call, asked, case, gate=None))
    assert (case.run, case.taken_of_run) == (None, None)
