"""Runs of agents against the real gateway: counted with all they begin, capped by the remit, refused before anything is scanned."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import anthropic
import openai
import pytest

import sending
from governance.destinations.rules import Dialect
from governance.gateway.models import Exchange, Run
from governance.remits.runs import USUAL_CAPS
from harness.processes import wait_until

pytestmark = pytest.mark.services
TEXT = "Please make this sentence shorter: we would be glad to be of service to you at any time."


@pytest.fixture
def builder(gateway, where):
    """Return a function that makes the builder of an initiative whose remit caps runs so."""

    def made(**caps):
        who = sending.builder()
        sending.grant(who, where, runs=replace(USUAL_CAPS, **caps))
        return who

    return made


def ask(gateway, who, run="", parent="", **more):
    """Return "sent", or the code of the refusal."""
    headers = {name: value for name, value in (("X-Remit-Run", run), ("X-Remit-Parent-Run", parent)) if value}
    asked = {"model": "recorder-1", "max_tokens": 10, "messages": [{"role": "user", "content": TEXT}]} | more
    client = sending.client(gateway, who.key).with_options(max_retries=0)
    try:
        return client.chat.completions.create(**asked, extra_headers=headers) and "sent"
    except openai.APIStatusError as refused:
        return refused.code


def runs_of(who):
    return {run.name: run for run in Run.objects.filter(initiative=who.initiative)}


def test_a_call_is_counted_in_its_run_and_in_the_one_that_began_it(gateway, builder):
    who = builder()
    assert [ask(gateway, who, "plan"), ask(gateway, who, "step", "plan"), ask(gateway, who, "step")] == ["sent"] * 3

    def settled():
        plan = runs_of(who)["plan"]
        return plan if plan.reserved == 0 and plan.spent else None

    plan = wait_until(settled, what="the outcome of three calls")
    step = runs_of(who)["step"]
    assert (plan.calls, plan.children, step.calls, step.parent_id, step.depth) == (3, 1, 0, plan.pk, 2)
    calls = Exchange.objects.filter(initiative=who.initiative)
    assert plan.spent == sum(call.cost for call in calls)
    assert sorted(call.run.name for call in calls) == ["plan", "step", "step"]


def test_of_many_calls_at_once_exactly_as_many_pass_as_may(gateway, builder, recording):
    who, before = builder(calls=4), recording.count()
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda turn: ask(gateway, who, f"step-{turn % 3}", "plan"), range(12)))
    assert sorted(outcomes) == ["run_calls_used_up"] * 8 + ["sent"] * 4
    assert (runs_of(who)["plan"].calls, recording.count()) == (4, before + 4)


@pytest.mark.parametrize(
    ("caps", "calls", "code"),
    [
        pytest.param({"depth": 2}, [("a", ""), ("b", "a"), ("c", "b")], "run_too_deep", id="depth"),
        pytest.param({"fan_out": 1}, [("b", "a"), ("b", "a"), ("c", "a")], "run_too_wide", id="fan-out"),
        pytest.param({"calls": 1}, [("a", ""), ("b", "a")], "run_calls_used_up", id="calls"),
        pytest.param({"spend": 75}, [("a", ""), ("b", "a")], "run_money_used_up", id="money"),
        pytest.param({}, [("b", "a"), ("b", "c")], "other_parent", id="a run has one parent"),
        pytest.param({"must_be_named": True}, [("a", ""), ("", "")], "run_missing", id="no run named"),
    ],
)
def test_a_cap_refuses_before_anything_is_scanned(gateway, builder, recording, caps, calls, code):
    who = builder(**caps)
    *within, (run, parent) = calls
    assert [ask(gateway, who, *each) for each in within] == ["sent"] * len(within)
    before = recording.count()
    assert ask(gateway, who, run, parent) == code
    refused = Exchange.objects.filter(initiative=who.initiative).latest("at")
    assert (refused.error_code, refused.scan_id, recording.count()) == (code, None, before)


def test_a_refusal_comes_in_the_provider_s_own_shape_and_is_not_tried_again(gateway, recording):
    where = sending.destination(recording.speaking(Dialect.ANTHROPIC), dialect=Dialect.ANTHROPIC)
    who = sending.builder()
    sending.grant(who, where, runs=replace(USUAL_CAPS, spend=1))
    client = anthropic.Anthropic(base_url=f"{gateway.gateway}/anthropic", api_key=who.key)
    message = {"role": "user", "content": TEXT}
    with pytest.raises(anthropic.PermissionDeniedError) as refused, client:
        client.messages.create(
            model="recorder-1", max_tokens=10, messages=[message], extra_headers={"X-Remit-Run": "plan"}
        )
    assert refused.value.response.headers["x-should-retry"] == "false"
    assert "does not cover this call" in refused.value.message
    assert Exchange.objects.filter(initiative=who.initiative).count() == 1


def test_a_name_means_the_initiative_s_own_run(gateway, builder):
    one, other = builder(calls=1), builder(calls=1)
    assert [ask(gateway, who, "plan") for who in (one, other)] == ["sent", "sent"]
    assert runs_of(one)["plan"].pk != runs_of(other)["plan"].pk


def test_a_call_that_was_not_sent_costs_its_run_nothing(gateway, builder):
    who = builder()
    secret = {"messages": [{"role": "user", "content": "CLASSIFICATION: RESTRICTED\nThe plan is secret."}]}
    assert ask(gateway, who, "plan", **secret) not in {"sent", "run_money_used_up"}
    plan = runs_of(who)["plan"]
    assert (plan.calls, plan.spent, plan.reserved) == (1, 0, 0)
