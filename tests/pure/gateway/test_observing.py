"""What still holds while most rules are only observed, and for how long they may be."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

import prompt_samples as samples
from governance.detection.default_policy import DEFAULT_POLICY
from governance.detection.policy import Verdict
from governance.detection.receipt import State
from governance.gateway.decision import decide_prompt, may_leave, strictest
from governance.gateway.observing import (
    LONGEST_DAYS,
    ObservationState,
    Period,
    days_left,
    may_ask,
    may_move,
    may_observe,
)

AT = datetime(2026, 3, 1, tzinfo=UTC)
PEOPLE = [{"keyed_digest": f"{n:064x}"} for n in range(60)]


def decide(*findings, asked=None, state=State.OK, **changes):
    asked = asked or samples.prompt()
    conditions = strictest([samples.offer(observation=UUID(int=7), **changes)])
    report = samples.report(asked, *findings, state=state)
    return decide_prompt(report, policy=DEFAULT_POLICY, conditions=conditions, fixed=asked.fixed_paths)


@pytest.mark.parametrize(
    ("kind", "more", "verdict", "would_be"),
    [
        pytest.param("EMAIL_ADDRESS", {}, "allow", "redact", id="a way to reach somebody passes, and is written down"),
        pytest.param("CREDIT_CARD", {"subtype": "identifier"}, "allow", "redact", id="so does a card number"),
        pytest.param("MARKING", {"subtype": "confidential"}, "allow", "justify", id="and what is marked confidential"),
        pytest.param("NEVER_HEARD_OF", {}, "allow", "redact", id="and a type that no rule names"),
        pytest.param("MARKING", {"subtype": "restricted"}, "block", "block", id="not what is marked restricted"),
        pytest.param("SECRET", {}, "block", "block", id="not a secret"),
        pytest.param("SOURCE", {}, "block", "block", id="not registered source"),
        pytest.param("DATASET", {"subtype": "claims"}, "block", "block", id="not rows of another dataset"),
        pytest.param("EVALUATION", {"subtype": "final:q7"}, "block", "block", id="not an exam's question"),
    ],
)
def test_only_the_worst_is_stopped(kind, more, verdict, would_be):
    decision = decide(samples.finding(kind, **more))
    assert (decision.verdict, decision.would_be) == (verdict, would_be)
    assert may_leave(decision, justified=False) is (verdict == "allow")
    assert not decision.redactions


def test_what_is_stopped_is_stopped_beside_what_passes():
    decision = decide(samples.finding("SECRET"), samples.finding("EMAIL_ADDRESS", start=10, end=20))
    assert decision.verdict is Verdict.BLOCK
    assert {(reason.type, reason.action, reason.would_be) for reason in decision.reasons} == {
        ("SECRET", Verdict.BLOCK, None),
        ("EMAIL_ADDRESS", Verdict.ALLOW, Verdict.REDACT),
    }


def test_what_a_grant_asks_for_is_still_done():
    decision = decide(samples.finding("PERSON"), conditions={"redact": ["PERSON"]})
    assert (decision.verdict, decision.would_be, len(decision.redactions)) == (Verdict.REDACT, Verdict.REDACT, 1)


def test_the_data_of_many_people_at_once_passes_and_is_written_down():
    decision = decide(*(samples.finding("PERSON", start=n, end=n + 1, **each) for n, each in enumerate(PEOPLE)))
    assert (decision.verdict, decision.would_be) == (Verdict.ALLOW, Verdict.JUSTIFY)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"classification": "restricted", "cleared_for": "restricted"}, id="restricted data"),
        pytest.param({"conditions": {"ruleset": "strict"}}, id="a grant under strict rules"),
    ],
)
def test_some_data_is_never_only_observed(changes):
    decision = decide(samples.finding("EMAIL_ADDRESS"), **changes)
    assert (decision.verdict, decision.would_be) == (Verdict.REDACT, Verdict.REDACT)


def test_data_above_the_clearance_is_stopped():
    assert decide(classification="confidential", cleared_for="internal").verdict is Verdict.BLOCK


def test_what_cannot_be_scanned_is_refused_as_always():
    assert decide(samples.finding("EMAIL_ADDRESS"), state=State.TIMEOUT).verdict is Verdict.UNAVAILABLE


def test_what_could_not_be_replaced_would_be_refused():
    asked = samples.prompt(metadata={"maria.keller@example.org": "x"})
    path = next(text.path for text in asked.texts if text.fixed)
    decision = decide(samples.finding("EMAIL_ADDRESS", path=path, end=24), asked=asked)
    assert (decision.verdict, decision.would_be) == (Verdict.ALLOW, Verdict.BLOCK)


@pytest.mark.parametrize(
    ("used", "days", "code"),
    [
        pytest.param([], 30, None, id="at most thirty days"),
        pytest.param([], 31, "wrong_days", id="not thirty-one"),
        pytest.param([], 0, "wrong_days", id="not none"),
        pytest.param([10, 10.5], 9, None, id="what is left after other periods"),
        pytest.param([10, 10.5], 10, "wrong_days", id="a day that was begun is used up"),
        pytest.param([15, 15], 1, "observed_enough", id="and then no more"),
    ],
)
def test_a_pair_is_observed_for_thirty_days_in_all(used, days, code):
    left = days_left([Period(AT, AT + timedelta(days=each)) for each in used])
    assert getattr(may_ask(days, left=left), "code", None) == code
    assert left <= LONGEST_DAYS


@pytest.mark.parametrize(
    ("classifications", "strict", "code"),
    [
        pytest.param(set(), False, "no_grant", id="nothing may be sent there"),
        pytest.param({"internal", "restricted"}, False, "not_observable", id="restricted data among it"),
        pytest.param({"internal"}, True, "not_observable", id="strict rules"),
        pytest.param({"internal", "confidential"}, False, None, id="else it can"),
    ],
)
def test_what_can_be_observed(classifications, strict, code):
    assert getattr(may_observe(classifications, strict=strict), "code", None) == code


def test_a_period_that_is_over_begins_no_more():
    assert not may_move(ObservationState.ENDED, ObservationState.IN_FORCE)
    assert not may_move(ObservationState.ASKED, ObservationState.ENDED)
    assert may_move(ObservationState.ASKED, ObservationState.IN_FORCE)
