"""Findings and facts in, verdict out; the strictest reason wins and nothing unchecked is let through."""

import pytest

from governance.core.errors import Invalid
from governance.detection.default_policy import DEFAULT_POLICY
from governance.detection.policy import Facts, Policy, Verdict, decide
from governance.detection.receipt import Receipt, Run, State
from governance.detection.report import Report
from governance.detection.spans import Finding


def receipt(state=State.OK):
    runs = (Run("secrets", "1", state, 1.0),)
    return Receipt("r", "1", 1, 10, 10, 0, runs, ("secrets",), 1.0)


def finding(kind, subtype="", number=0):
    return Finding(kind, "test", "messages[0].content", number * 10, number * 10 + 5, 0.9, f"{number:064x}", subtype)


def report(*findings, state=State.OK):
    return Report(findings, receipt(state))


PUBLIC = Facts("internal", "public_api")
HERE = Facts("internal", "self_hosted")
PERSON, SECRET, SOURCE = finding("PERSON"), finding("SECRET", "assignment"), finding("SOURCE", "ours:a.py:1-9")
CARD = finding("CREDIT_CARD", "identifier")


@pytest.mark.parametrize(
    ("findings", "facts", "verdict"),
    [
        pytest.param([], PUBLIC, Verdict.ALLOW, id="nothing found"),
        pytest.param([PERSON], PUBLIC, Verdict.REDACT, id="a person, to a public API"),
        pytest.param([PERSON], Facts("internal", "tenant_cloud"), Verdict.REDACT, id="a person, to the tenant's cloud"),
        pytest.param([PERSON], HERE, Verdict.REDACT, id="a person, self-hosted, without a grant"),
        pytest.param([PERSON], Facts("internal", "self_hosted", granted=frozenset({"PERSON"})), Verdict.ALLOW, id="a person, self-hosted, with a grant"),
        pytest.param([PERSON], Facts("internal", "public_api", granted=frozenset({"PERSON"})), Verdict.REDACT, id="a grant does not open a public API"),
        pytest.param([CARD], HERE, Verdict.REDACT, id="a card, anywhere"),
        pytest.param([finding("KR_RRN", "identifier")], PUBLIC, Verdict.REDACT, id="an identity number of any country"),
        pytest.param([finding("NEW_TYPE")], PUBLIC, Verdict.REDACT, id="a type no rule names"),
        pytest.param([PERSON, SECRET], PUBLIC, Verdict.BLOCK, id="a secret beats a person"),
        pytest.param([SECRET], HERE, Verdict.BLOCK, id="a secret, self-hosted"),
        pytest.param([SOURCE], HERE, Verdict.BLOCK, id="registered source"),
        pytest.param([finding("DATASET", "claims")], HERE, Verdict.BLOCK, id="rows of a dataset without a grant"),
        pytest.param([finding("DATASET", "claims")], Facts("internal", "public_api", datasets=frozenset({"claims"})), Verdict.ALLOW, id="rows of a dataset with a grant"),
        pytest.param([finding("DATASET", "claims")], Facts("internal", "public_api", datasets=frozenset({"letters"})), Verdict.BLOCK, id="rows of another dataset than the one granted"),
        pytest.param([finding("EVALUATION", "final:q7")], PUBLIC, Verdict.BLOCK, id="an exam's question, to a destination that keeps what it is sent"),
        pytest.param([finding("EVALUATION", "final:q7")], Facts("internal", "public_api", keeps_inputs=False), Verdict.ALLOW, id="an exam's question, to a destination that keeps nothing"),
        pytest.param([finding("MARKING", "restricted")], HERE, Verdict.BLOCK, id="a restricted marking"),
        pytest.param([finding("MARKING", "canary")], HERE, Verdict.BLOCK, id="a canary token"),
        pytest.param([finding("MARKING", "confidential")], PUBLIC, Verdict.JUSTIFY, id="a confidential marking, to a public API"),
        pytest.param([finding("MARKING", "confidential")], HERE, Verdict.ALLOW, id="a confidential marking, self-hosted"),
        pytest.param([finding("MARKING", "internal")], PUBLIC, Verdict.ALLOW, id="an internal marking"),
        pytest.param([finding("PERSON", number=n) for n in range(50)], PUBLIC, Verdict.JUSTIFY, id="fifty people"),
        pytest.param([finding("PERSON", number=n) for n in range(49)], PUBLIC, Verdict.REDACT, id="forty-nine people"),
        pytest.param([PERSON] * 60, PUBLIC, Verdict.REDACT, id="one person sixty times"),
        pytest.param([finding("PERSON", number=n) for n in range(50)], Facts("internal", "public_api", mode="train"), Verdict.REDACT, id="fifty people in a training set"),
        pytest.param([], Facts("restricted", "public_api", cleared_for="internal"), Verdict.BLOCK, id="data above the destination's clearance"),
        pytest.param([finding("MARKING", "confidential")], Facts("restricted", "public_api"), Verdict.BLOCK, id="restricted data is never justified"),
        pytest.param([finding("LOCATION")], Facts("internal", "self_hosted", granted=frozenset({"LOCATION"}), redacted=frozenset({"LOCATION"})), Verdict.REDACT, id="a condition of the grant"),
    ],
)  # fmt: skip
def test_the_default_policy(findings, facts, verdict):
    assert decide(report(*findings), policy=DEFAULT_POLICY, facts=facts).verdict is verdict


@pytest.mark.parametrize("state", [State.FAILED, State.TIMEOUT, State.SKIPPED])
@pytest.mark.parametrize(
    "findings", [pytest.param([], id="nothing found"), pytest.param([PERSON], id="a person found")]
)
def test_an_incomplete_scan_is_unavailable_whatever_it_found(state, findings):
    decision = decide(report(*findings, state=state), policy=DEFAULT_POLICY, facts=PUBLIC)
    assert decision.verdict is Verdict.UNAVAILABLE
    assert decision.redactions == ()


def test_every_finding_has_a_reason_and_the_ones_to_replace_are_named():
    decision = decide(report(PERSON, CARD, SECRET), policy=DEFAULT_POLICY, facts=PUBLIC)
    assert {reason.finding for reason in decision.reasons} == {PERSON, CARD, SECRET}
    assert set(decision.redactions) == {PERSON, CARD}
    assert decision.policy == DEFAULT_POLICY.digest


def test_the_order_of_the_rules_changes_nothing():
    turned = Policy.of({**DEFAULT_POLICY.document, "rules": list(reversed(DEFAULT_POLICY.rules))})
    for found in ([PERSON, SECRET], [CARD], [finding("MARKING", "restricted")]):
        one, other = (
            decide(report(*found), policy=policy, facts=PUBLIC).verdict for policy in (DEFAULT_POLICY, turned)
        )
        assert one is other


RULE = {"code": "x", "types": ["SECRET"], "action": "block", "sentence": "Because."}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param(
            {"version": 1, "rules": [{**RULE, "action": "justify"}], "otherwise": "redact"},
            "policy_justify",
            id="secrets on one person's reason",
        ),
        pytest.param(
            {"version": 1, "rules": [RULE], "otherwise": "allow"}, "policy_action", id="unnamed types let through"
        ),
        pytest.param(
            {"version": 1, "rules": [{**RULE, "action": "ignore"}], "otherwise": "block"},
            "policy_action",
            id="an action nobody knows",
        ),
        pytest.param(
            {"version": 1, "rules": [{**RULE, "when": "x"}], "otherwise": "block"},
            "policy_fields",
            id="a field nobody reads",
        ),
        pytest.param({"version": 2, "rules": [], "otherwise": "block"}, "policy_fields", id="another version"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(document, code):
    with pytest.raises(Invalid) as refusal:
        Policy.of(document)
    assert refusal.value.code == code


def test_facts_that_nobody_knows_are_refused():
    with pytest.raises(Invalid):
        Facts("internal", "somewhere")
