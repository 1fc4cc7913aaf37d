"""From findings and grants to what happens to a prompt."""

from datetime import UTC, datetime

import pytest

import prompt_samples as samples
from governance.detection.default_policy import DEFAULT_POLICY
from governance.detection.policy import Verdict
from governance.detection.receipt import State
from governance.detection.ways import Way
from governance.gateway.decision import cost_of, decide_prompt, may_leave, refusal, start_of_day, strictest
from governance.gateway.dialects.openai.errors import TYPES
from governance.gateway.dialects.refusals import PROVIDER_FAULTS, STATUS, status_of

RETRIED = {408, 409, 429}


def decide(asked, *findings, offers=None, **changes):
    conditions = strictest(offers or [samples.offer()])
    report = samples.report(asked, *findings, **changes)
    return decide_prompt(report, policy=DEFAULT_POLICY, conditions=conditions, fixed=asked.fixed_paths)


def test_the_strictest_of_each_condition_holds():
    one = samples.offer(classification="public", conditions={"redact": ["PERSON"], "calls_per_day": 9})
    two = samples.offer(
        2,
        classification="restricted",
        cleared_for="internal",
        conditions={"redact": ["IBAN_CODE"], "ruleset": "strict"},
    )
    found = strictest([one, two])
    assert (found.classification, found.cleared_for) == ("restricted", "internal")
    assert (found.redacted, found.calls_per_day, found.strict) == (frozenset({"PERSON", "IBAN_CODE"}), 9, True)


def test_of_the_ways_that_grants_demand_the_one_that_tells_least_holds():
    ways = ({"way": "stand_in"}, {"way": "hash"}, {})
    found = strictest([samples.offer(number, conditions=each) for number, each in enumerate(ways, 1)])
    assert (found.way, found.facts.way, found.facts_back.way) == (Way.HASH, Way.HASH, None)
    assert strictest([samples.offer()]).way is None


def test_one_place_that_keeps_what_it_is_sent_decides_for_all():
    found = strictest([samples.offer(keeps_inputs=False), samples.offer(2, dataset="minutes")])
    assert (found.keeps_inputs, found.datasets) == (True, frozenset({"letters", "minutes"}))


@pytest.mark.parametrize(
    ("kind", "more", "verdict"),
    [
        pytest.param("EMAIL_ADDRESS", {}, Verdict.REDACT, id="contact data is replaced"),
        pytest.param("SECRET", {}, Verdict.BLOCK, id="a secret is blocked"),
        pytest.param("SOURCE", {}, Verdict.BLOCK, id="registered source is blocked"),
        pytest.param("DATASET", {"subtype": "letters"}, Verdict.ALLOW, id="rows of the granted dataset may leave"),
        pytest.param("DATASET", {"subtype": "claims"}, Verdict.BLOCK, id="rows of another dataset are blocked"),
        pytest.param("EVALUATION", {"subtype": "final:q7"}, Verdict.BLOCK, id="an exam's question is blocked"),
        pytest.param("MARKING", {"subtype": "confidential"}, Verdict.JUSTIFY, id="a marking asks for a reason"),
        pytest.param("NEVER_HEARD_OF", {}, Verdict.REDACT, id="an unknown type is not let through"),
    ],
)
def test_a_finding_has_its_verdict(kind, more, verdict):
    asked = samples.prompt()
    assert decide(asked, samples.finding(kind, **more)).verdict is verdict


@pytest.mark.parametrize("state", [State.FAILED, State.TIMEOUT, State.SKIPPED])
def test_a_detector_that_did_not_finish_makes_the_prompt_unavailable(state):
    decision = decide(samples.prompt(), state=state)
    assert decision.verdict is Verdict.UNAVAILABLE
    assert status_of(refusal(decision)) == 503


def test_what_cannot_be_replaced_blocks():
    asked = samples.prompt(metadata={"maria.keller@example.org": "x"})
    path = next(text.path for text in asked.texts if text.fixed)
    assert decide(asked, samples.finding("EMAIL_ADDRESS", path=path, end=24)).verdict is Verdict.BLOCK


def test_a_strict_grant_turns_a_reason_into_a_block():
    offers = [samples.offer(conditions={"ruleset": "strict"})]
    marked = samples.finding("MARKING", subtype="confidential")
    assert decide(samples.prompt(), marked, offers=offers).verdict is Verdict.BLOCK


def test_data_above_the_clearance_is_blocked():
    offers = [samples.offer(classification="restricted")]
    assert decide(samples.prompt(), offers=offers).verdict is Verdict.BLOCK


@pytest.mark.parametrize("verdict", [Verdict.REDACT, Verdict.JUSTIFY, Verdict.HOLD, Verdict.BLOCK, Verdict.UNAVAILABLE])
def test_only_an_allowed_text_may_leave(verdict):
    decision = decide(samples.prompt())
    assert may_leave(decision, justified=False)
    object.__setattr__(decision, "verdict", verdict)
    assert not may_leave(decision, justified=False)
    assert may_leave(decision, justified=True) is (verdict is Verdict.JUSTIFY)
    assert may_leave(decision, justified=False, released=True) is (verdict in {Verdict.JUSTIFY, Verdict.HOLD})


def test_no_refusal_has_a_status_that_clients_try_again():
    ours = {status for kind, status in STATUS.items() if kind != "slow_down"} - {503}  # nothing of that was read
    assert not ours & RETRIED
    assert not any(status >= 500 for status in ours)
    assert set(STATUS.values()) | ({502} if PROVIDER_FAULTS else set()) <= set(TYPES)


def test_a_refusal_names_rule_and_type_and_no_value():
    error = refusal(decide(samples.prompt("AKIA-synthetic"), samples.finding("SECRET", subtype="aws")))
    assert "secret, SECRET: aws" in error.reason
    assert "AKIA" not in error.reason


def test_a_refusal_says_each_sentence_once():
    keys = [samples.finding("SECRET", subtype=subtype) for subtype in ("github-pat", "aws-access-token", "github-pat")]
    error = refusal(decide(samples.prompt("synthetic-key"), *keys))
    assert error.reason.count("password, key or token") == 1
    assert error.reason.endswith("[secret, SECRET: github-pat, aws-access-token]")


@pytest.mark.parametrize(
    ("prices", "tokens", "cost"),
    [
        pytest.param((1_000_000, 2_000_000), (11, 9), 29, id="micro-euro per million"),
        pytest.param((None, 1), (11, 9), None, id="an unknown price"),
        pytest.param((1, 1), (None, 9), None, id="an unknown count"),
    ],
)
def test_cost(prices, tokens, cost):
    offer = samples.offer(price_in=prices[0], price_out=prices[1])
    assert cost_of(offer.price_of("quill-1"), *tokens) == cost


def test_a_day_of_a_cap_begins_at_midnight_utc():
    assert start_of_day(datetime(2026, 3, 2, 23, 59, tzinfo=UTC)) == datetime(2026, 3, 2, tzinfo=UTC)
