"""A redacted copy replaces values in the way the ruleset says, wherever the set may go."""

import json

import prompt_samples as samples
from governance.detection.engine import Engine
from governance.detection.policy import Policy
from governance.detection.ruleset import Ruleset
from governance.detection.spans import Finding
from governance.detection.ways import Way
from governance.training.reading import scan_lines
from governance.training.redacting import redacted_lines

KEY = b"the key of one initiative"
CARD, EMAIL = "4111 1111 1111 1111", "anneliese.brandt@kestrel-bank.com"
RULE = {"code": "card", "types": ["CREDIT_CARD"], "action": "redact", "sentence": "A card.", "way": "mask"}
TOWARD_ONE = {**RULE, "code": "abroad", "hostings": ["public_api"], "way": "hash"}


def copied(*rules, demand=None):
    def scan(document, *, deadline):
        assert deadline > 0
        segment = next(each for each in document.segments if CARD in each.text)
        start = segment.text.index(CARD)
        place = {"path": segment.path, "start": start, "end": start + len(CARD)}
        found = Finding("CREDIT_CARD", "patterns", score=1.0, keyed_digest="0" * 64, **place)
        return samples.report(samples.prompt(), found)

    line = json.dumps({"prompt": f"Card {CARD}?", "completion": "Yes."}).encode()
    policy = Policy.of({"version": 1, "rules": list(rules), "otherwise": "redact"})
    (written,) = redacted_lines([line], scan=scan, policy=policy, key=KEY, demand=demand)
    return json.loads(written)["prompt"]


def test_a_copy_masks_where_the_rule_says_so():
    assert copied(RULE) == "Card **** **** **** 1111?"


def test_a_copy_may_go_anywhere_so_the_rule_that_tells_least_counts():
    assert "1111" not in copied(RULE, TOWARD_ONE)


def test_a_copy_tells_no_more_than_the_grants_let_it():
    assert "1111" not in copied(RULE, demand=Way.PLACEHOLDER)


def test_stand_ins_are_no_findings_of_a_copy_and_what_nothing_marks_gets_a_placeholder():
    engine = Engine.load(Ruleset.of({"version": 1, "detectors": {"patterns": {"threshold": 0.4}}}), key=KEY)
    said = f"Card {CARD}, account DE89370400440532013000, {EMAIL}, CPF 529.982.247-25, call +49 30 90182034."
    line = json.dumps({"prompt": said, "completion": "Yes."}).encode()
    rule = {"code": "any", "types": ["*"], "action": "redact", "sentence": "Anything.", "way": "stand_in"}
    policy = Policy.of({"version": 1, "rules": [rule], "otherwise": "redact"})
    (copy,) = redacted_lines([line], scan=engine.scan, policy=policy, key=KEY)
    assert "<BR_CPF_" in json.loads(copy)["prompt"]
    assert "Card 9999" in json.loads(copy)["prompt"]
    assert scan_lines(copy, first_line=1, scan=engine.scan).counts
    assert not scan_lines(copy, first_line=1, scan=engine.scan, replaced=True).counts
    assert scan_lines(line, first_line=1, scan=engine.scan, replaced=True).counts["EMAIL_ADDRESS"] == 1
