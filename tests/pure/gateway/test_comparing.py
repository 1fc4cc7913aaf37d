"""What differs between what was decided and what a version in shadow would have decided."""

import pytest

import prompt_samples as samples
from governance.detection.policy import Decision, Reason, Verdict
from governance.detection.ways import Way
from governance.gateway.comparing import Effect, KindChange, compared

CARD, PERSON = samples.finding("CREDIT_CARD", start=0, end=16), samples.finding("PERSON", start=20, end=30)


def decided(verdict, *met):
    reasons = tuple(Reason("rule", "Because.", found.type, action, found, way) for found, action, way in met)
    return Decision(verdict, reasons, (), "0" * 64)


ALLOWED = decided(Verdict.ALLOW, (CARD, Verdict.ALLOW, Way.PLACEHOLDER))
REPLACED = decided(Verdict.REDACT, (CARD, Verdict.REDACT, Way.PLACEHOLDER))
MASKED = decided(Verdict.REDACT, (CARD, Verdict.REDACT, Way.MASK))
BOTH = decided(Verdict.REDACT, (CARD, Verdict.REDACT, Way.PLACEHOLDER), (PERSON, Verdict.REDACT, Way.PLACEHOLDER))
OTHER = decided(Verdict.REDACT, (PERSON, Verdict.REDACT, Way.PLACEHOLDER))
BLOCKED = decided(Verdict.BLOCK, (CARD, Verdict.BLOCK, Way.PLACEHOLDER))
HELD = decided(Verdict.HOLD, (CARD, Verdict.HOLD, Way.PLACEHOLDER))
NOTHING = decided(Verdict.ALLOW)
UNREAD = decided(Verdict.UNAVAILABLE)


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        (REPLACED, REPLACED, Effect.SAME),
        (BLOCKED, BLOCKED, Effect.SAME),
        (REPLACED, BLOCKED, Effect.STOPPED),
        (ALLOWED, HELD, Effect.STOPPED),
        (BLOCKED, MASKED, Effect.LET_THROUGH),
        (HELD, NOTHING, Effect.LET_THROUGH),
        (HELD, BLOCKED, Effect.OTHERWISE),
        (ALLOWED, REPLACED, Effect.REPLACED_MORE),
        (REPLACED, BOTH, Effect.REPLACED_MORE),
        (BOTH, REPLACED, Effect.REPLACED_LESS),
        (REPLACED, MASKED, Effect.OTHERWISE),
        (REPLACED, OTHER, Effect.OTHERWISE),
        (ALLOWED, NOTHING, Effect.SAME),
        (REPLACED, UNREAD, Effect.UNKNOWN),
    ],
)
def test_what_would_have_become_of_a_call(before, after, effect):
    assert compared(before, after).effect is effect


def test_findings_are_counted_by_type_and_what_they_met():
    found = compared(BOTH, MASKED)
    assert found.kinds == (
        KindChange("CREDIT_CARD", "redact:placeholder", "redact:mask", 1),
        KindChange("PERSON", "redact:placeholder", "", 1),
    )
