"""Ordinary work is not refused: of 300 benign prompts at most three are blocked, held or sent to justify."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

from governance.detection.default_policy import DEFAULT_POLICY
from governance.detection.document import Document
from governance.detection.policy import Facts, Verdict, decide

PROMPTS = Path(__file__).parents[2] / "data" / "benign_prompts.jsonl"


@pytest.fixture(scope="module")
def prompts():
    return [json.loads(line) for line in PROMPTS.read_text(encoding="utf-8").splitlines()]


def test_the_set_is_the_one_that_was_frozen():
    frozen = PROMPTS.with_suffix(".sha256").read_text().split()[0]
    assert hashlib.sha256(PROMPTS.read_bytes()).hexdigest() == frozen


def test_the_set_has_fifty_different_prompts_of_each_kind(prompts):
    assert set(Counter(prompt["kind"] for prompt in prompts).values()) == {50}
    assert len({prompt["text"] for prompt in prompts}) == 300


def test_at_most_one_in_a_hundred_is_refused(engine, prompts):
    facts = Facts("internal", "public_api")
    refused = []
    for prompt in prompts:
        report = engine.scan(Document.of({"messages[0].content": prompt["text"]}), deadline=60)
        decision = decide(report, policy=DEFAULT_POLICY, facts=facts)
        if decision.verdict not in (Verdict.ALLOW, Verdict.REDACT):
            refused.append((prompt["id"], decision.verdict.value, [reason.rule for reason in decision.reasons]))
    assert len(refused) <= 3, refused
