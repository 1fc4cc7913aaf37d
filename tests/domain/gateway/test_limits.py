"""Who sets limits, what counts against a new one, when people are told, and what a call sets aside."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

import builders
import sending
from governance.core.actors import CLOCK, INSTALLER
from governance.core.clock import now
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.destinations.services import set_price
from governance.gateway.limits import Limit as Read
from governance.gateway.limits import (
    LimitKind,
    LimitScope,
    Period,
    Price,
    Use,
    likely_use,
    may_limit,
    period_end,
    period_start,
    takings,
)
from governance.gateway.models import Exchange, Spending
from governance.gateway.selectors import limits as selectors
from governance.gateway.services.limits import change_limit, end_limit, set_limit, tell_of_budgets
from governance.insights.usage import all_usage
from governance.notices.models import Notice
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of

EURO = 1_000_000
AT = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)


@pytest.fixture
def who(group):
    return sending.builder()


@pytest.fixture
def unit(who):
    return who.initiative.accountable_unit


@pytest.fixture
def head(unit):
    return builders.actor_with(Role.UNIT_HEAD, unit, at=now())


def budget(target, by=INSTALLER, *, scope=LimitScope.INITIATIVE, kind=LimitKind.COST, amount=10 * EURO):
    return set_limit(
        scope=scope,
        target=target,
        kind=kind,
        period=Period.MONTH,
        amount=amount,
        by=by,
        at=now() + timedelta(seconds=1),
    )


def called(who, cost, **more):
    told = {
        "surface": "openai.chat_completions",
        "verdict": "allow",
        "state": "completed",
        "tokens_in": 5,
        "tokens_out": 5,
    }
    owned = {"initiative": who.initiative, "unit": who.initiative.accountable_unit, "key_id": who.key_id}
    return Exchange.objects.create(at=now(), cost=cost, **told, **owned, **more)


@pytest.mark.parametrize("scope", list(LimitScope))
def test_what_was_used_of_the_month_counts_against_a_new_budget(who, unit, scope):
    called(who, 3 * EURO)
    called(sending.builder(), 5 * EURO)
    targets = {LimitScope.KEY: who.key_id, LimitScope.INITIATIVE: who.initiative.code, LimitScope.UNIT: unit.ref}
    made = budget(targets[scope], scope=scope)
    assert Spending.objects.get(limit=made).spent == 3 * EURO


def test_a_head_limits_an_initiative_and_not_their_own_unit(who, unit, head):
    budget(who.initiative.code, head)
    with pytest.raises(NotAllowed):
        budget(unit.ref, head, scope=LimitScope.UNIT)
    budget(unit.ref, builders.actor_with(Role.UNIT_HEAD, at=now()), scope=LimitScope.UNIT)


def test_a_head_of_another_unit_sees_and_changes_nothing(who):
    made, stranger = budget(who.initiative.code), builders.actor_with(Role.UNIT_HEAD, builders.unit("Retail"))
    with pytest.raises(NotFound):
        change_limit(limit_id=made.pk, amount=1, revision=1, by=stranger, at=now())
    assert not selectors.limits(standing=standing_of(stranger.person), at=now()).rows


def test_a_limit_is_set_once_changed_and_ended(who, head):
    made = budget(who.initiative.code, head)
    with pytest.raises(Conflict) as twice:
        budget(who.initiative.code, head)
    assert twice.value.code == "limited_already"
    changed = change_limit(limit_id=made.pk, amount=20 * EURO, revision=1, by=head, at=now())
    with pytest.raises(Conflict):
        change_limit(limit_id=made.pk, amount=30 * EURO, revision=1, by=head, at=now())
    end_limit(limit_id=made.pk, by=head, at=now())
    assert changed.amount == 20 * EURO
    budget(who.initiative.code, head)


@pytest.mark.parametrize(("spent", "kinds"), [(7, set()), (8, {"gateway.budget_low"}), (10, {"gateway.budget_spent"})])
def test_people_are_told_once_at_four_fifths_and_at_the_end(who, spent, kinds):
    called(who, spent * EURO)
    budget(who.initiative.code)
    for _ in range(2):
        tell_of_budgets(by=CLOCK, at=now())
    told = Notice.objects.filter(person=who.person, kind__startswith="gateway.budget")
    assert (set(told.values_list("kind", flat=True)), told.count()) == (kinds, len(kinds))


def test_a_price_in_the_past_or_of_no_model_is_none(group):
    place = sending.destination("https://quill.example/v1")
    dated = {"destination_id": place.pk, "price_in": 1, "price_out": 1, "by": INSTALLER, "at": now()}
    for code, more in (
        ("unknown_model", {"model": "none-such", "in_force_from": None}),
        ("price_in_the_past", {"model": "", "in_force_from": now() - timedelta(days=1)}),
    ):
        with pytest.raises(Invalid) as refused:
            set_price(**dated, **more)
        assert refused.value.code == code


def test_usage_is_that_of_the_reader_s_units(who, unit):
    called(who, 3 * EURO)
    called(who, None)
    called(sending.builder(), 5 * EURO)
    month = {"since": period_start(Period.MONTH, now()), "until": now() + timedelta(minutes=1)}
    auditor = builders.actor_with(Role.AUDITOR, unit)
    [row] = all_usage(standing=standing_of(auditor.person), **month)
    assert (row.calls, row.cost, row.unpriced, row.tokens_in) == (2, 3 * EURO, 1, 10)


@pytest.mark.parametrize(
    ("kind", "period", "amount", "code"),
    [
        pytest.param(LimitKind.CALLS, Period.DAY, 5, "wrong_period", id="calls are limited by the minute"),
        pytest.param(LimitKind.COST, Period.MINUTE, 5, "wrong_period", id="money is not"),
        pytest.param(LimitKind.TOKENS, Period.DAY, 0, "wrong_amount", id="nothing at all is a stop"),
        pytest.param(LimitKind.CALLS, Period.MINUTE, 10_001, "wrong_amount", id="so many nobody counts"),
        pytest.param(LimitKind.CALLS, Period.MINUTE, 5, None, id="a limit"),
    ],
)
def test_what_a_limit_can_be(kind, period, amount, code):
    assert getattr(may_limit(kind, period, amount), "code", None) == code


def test_months_and_days_begin_and_end_in_utc():
    assert period_start(Period.MONTH, AT) == datetime(2026, 2, 1, tzinfo=UTC)
    assert period_end(Period.MONTH, period_start(Period.MONTH, AT)) == datetime(2026, 3, 1, tzinfo=UTC)
    assert period_end(Period.DAY, period_start(Period.DAY, AT)) == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tree", "answered"),
    [
        pytest.param({}, 1000, id="it does not say"),
        pytest.param({"max_tokens": 50}, 50, id="Anthropic"),
        pytest.param({"max_completion_tokens": 60, "n": 3}, 180, id="three answers"),
        pytest.param({"generationConfig": {"maxOutputTokens": 70}}, 70, id="Gemini"),
        pytest.param({"options": {"num_predict": 80}}, 80, id="Ollama"),
        pytest.param({"max_tokens": -1}, 1000, id="no end is none"),
    ],
)
def test_a_call_sets_aside_as_much_as_it_may_use(tree, answered):
    assert likely_use(tree, 400) == Use(100, answered)


def test_a_budget_of_money_lets_nothing_pass_that_has_no_price():
    limit = Read(UUID(int=1), LimitScope.KEY, LimitKind.COST, Period.DAY, 5, "Ana")
    with pytest.raises(NotAllowed) as refused:
        takings([limit], Use(1, 1), None, AT)
    assert refused.value.code == "price_unknown"
    assert takings([limit], Use(EURO, 0), Price(7, 0), AT)[0].amount == 7
