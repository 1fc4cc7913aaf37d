"""States of scans, holds and rulesets."""

from enum import StrEnum


class RulesetMode(StrEnum):
    SHADOW = "shadow"
    ENFORCE = "enforce"
    RETIRED = "retired"


class HoldState(StrEnum):
    HELD = "held"
    RELEASED = "released"
    DISCARDED = "discarded"
    EXPIRED = "expired"
