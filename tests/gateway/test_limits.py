"""Limits against the real gateway: never one call too many, money set aside before it is spent, and a refusal that says what helps."""

from concurrent.futures import ThreadPoolExecutor

import openai
import pytest

import sending
from builders import INSTALLER
from governance.core.clock import now
from governance.destinations.services import set_price
from governance.gateway.limits import LimitKind, LimitScope, Period
from governance.gateway.models import Exchange, Spending
from governance.gateway.services.limits import end_limit, set_limit
from harness.processes import wait_until

TEXT = "Please make this sentence shorter: we would be glad to be of service to you at any time."
USED = 20  # tokens of one call, as the recorder counts them


@pytest.fixture
def client(gateway, who):
    return sending.client(gateway, who.key).with_options(max_retries=0)


@pytest.fixture
def limit(who):
    """Return a function that sets a limit; it is ended afterwards."""
    made = []
    targets = {
        LimitScope.KEY: who.key_id,
        LimitScope.INITIATIVE: who.initiative.code,
        LimitScope.UNIT: who.initiative.accountable_unit_id,
    }

    def placed(kind, amount, *, scope=LimitScope.INITIATIVE, period=Period.DAY):
        period = Period.MINUTE if kind is LimitKind.CALLS else period
        told = {"kind": kind, "period": period, "amount": amount, "by": INSTALLER, "at": now()}
        made.append(set_limit(scope=scope, target=targets[scope], **told))
        return made[-1]

    yield placed
    for each in made:
        end_limit(limit_id=each.pk, by=INSTALLER, at=now())


def ask(client, **more):
    asked = {"model": "recorder-1", "max_tokens": 10, "messages": [{"role": "user", "content": TEXT}]} | more
    return client.chat.completions.create(**asked)


def outcome(client):
    try:
        return ask(client) and "sent"
    except openai.APIStatusError as refused:
        return refused.code


def settled(limit, calls):
    def spent():
        row = Spending.objects.get(limit=limit)
        return row.spent if row.reserved == 0 and row.spent >= calls else None

    return wait_until(spent, what="a settled budget")


@pytest.mark.parametrize("scope", list(LimitScope))
def test_of_many_calls_at_once_exactly_as_many_pass_as_may(client, limit, recording, scope):
    limit(LimitKind.CALLS, 4, scope=scope)
    before = len(recording.bodies())
    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(lambda _: outcome(client), range(16)))
    assert sorted(outcomes) == ["sent"] * 4 + ["too_many_calls"] * 12
    assert len(recording.bodies()) == before + 4


def test_too_many_calls_say_when_to_come_again(client, limit):
    limit(LimitKind.CALLS, 1)
    ask(client)
    with pytest.raises(openai.RateLimitError) as refused:
        ask(client)
    headers = refused.value.response.headers
    assert (refused.value.status_code, headers["x-should-retry"]) == (429, "true")
    assert 1 <= int(headers["retry-after"]) <= 60
    assert "limited to 1 a minute" in refused.value.message


@pytest.mark.parametrize("scope", list(LimitScope))
def test_a_spent_budget_refuses_and_says_that_waiting_does_not_help(client, limit, recording, scope):
    budget = limit(LimitKind.TOKENS, 60, scope=scope)
    assert ask(client)
    assert settled(budget, 1) == USED
    before = len(recording.bodies())
    with pytest.raises(openai.PermissionDeniedError) as refused:
        ask(client, max_tokens=200)
    assert (refused.value.code, refused.value.response.headers["x-should-retry"]) == ("budget_spent", "false")
    assert "can raise it" in refused.value.body["remedy"]
    assert len(recording.bodies()) == before
    assert Spending.objects.get(limit=budget).reserved == 0


def test_calls_at_once_do_not_slip_past_a_budget_together(client, limit):
    budget = limit(LimitKind.TOKENS, 150)
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: outcome(client), range(12)))
    sent = outcomes.count("sent")
    assert set(outcomes) == {"sent", "budget_spent"}
    assert settled(budget, sent) == sent * USED <= 150


def test_money_is_counted_at_the_price_of_the_model(client, limit, where):
    dear = {"destination_id": where.pk, "price_in": 100_000_000, "price_out": 200_000_000, "by": INSTALLER}
    set_price(**dear, model="recorder-1", in_force_from=None, at=now())
    budget = limit(LimitKind.COST, 10_000_000, period=Period.MONTH)
    ask(client)
    assert settled(budget, 1) == Exchange.objects.order_by("-at")[0].cost == 11 * 100 + 9 * 200


def test_a_stream_that_tells_no_use_is_counted_by_its_size(client, limit):
    budget = limit(LimitKind.TOKENS, 100_000)
    with pytest.raises(openai.APIError):
        list(ask(client, model="broken-1", stream=True))
    assert settled(budget, 1) > 0
    assert Exchange.objects.order_by("-at")[0].tokens_out is None


def test_a_call_that_was_not_sent_costs_nothing(client, limit):
    budget = limit(LimitKind.TOKENS, 100_000)
    with pytest.raises(openai.PermissionDeniedError):
        ask(client, messages=[{"role": "user", "content": "CLASSIFICATION: RESTRICTED\nThe plan is secret."}])
    row = Spending.objects.get(limit=budget)
    assert (row.spent, row.reserved) == (0, 0)
