"""A redacted copy replaces values in the way the ruleset says, wherever the set may go."""

import json

import prompt_samples as samples
from governance.detection.policy import Policy
from governance.detection.spans import Finding
from governance.training.redacting import redacted_lines

CARD = "4111 1111 1111 1111"
RULE = {"code": "card", "types": ["CREDIT_CARD"], "action": "redact", "sentence": "A card.", "way": "mask"}
TOWARD_ONE = {**RULE, "code": "abroad", "hostings": ["public_api"], "way": "hash"}


def copied(*rules):
    def scan(document, *, deadline):
        assert deadline > 0
        segment = next(each for each in document.segments if CARD in each.text)
        start = segment.text.index(CARD)
        place = {"path": segment.path, "start": start, "end": start + len(CARD)}
        found = Finding("CREDIT_CARD", "patterns", score=1.0, keyed_digest="0" * 64, **place)
        return samples.report(samples.prompt(), found)

    line = json.dumps({"prompt": f"Card {CARD}?", "completion": "Yes."}).encode()
    policy = Policy.of({"version": 1, "rules": list(rules), "otherwise": "redact"})
    (written,) = redacted_lines([line], scan=scan, policy=policy, key=b"the key of one initiative")
    return json.loads(written)["prompt"]


def test_a_copy_masks_where_the_rule_says_so():
    assert copied(RULE) == "Card **** **** **** 1111?"


def test_a_copy_may_go_anywhere_so_the_rule_that_tells_least_counts():
    assert "1111" not in copied(RULE, TOWARD_ONE)
