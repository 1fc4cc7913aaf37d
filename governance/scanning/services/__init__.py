"""Writes of scanning, by what they are about."""

from governance.scanning.services.holds import HOLD_EVENTS, act_on_hold, end_hold, hold
from governance.scanning.services.mistakes import answer_mistake, end_suppression, report_mistake
from governance.scanning.services.recognisers import add_recogniser, edit_recogniser, switch_recogniser
from governance.scanning.services.rulesets import (
    activate_ruleset,
    ensure_default,
    forget_fingerprints,
    make_ruleset,
    name_fingerprints,
)
from governance.scanning.services.versions import make_version, put_in_force, renew_version, run_in_shadow

__all__ = [
    "HOLD_EVENTS",
    "act_on_hold",
    "activate_ruleset",
    "add_recogniser",
    "answer_mistake",
    "edit_recogniser",
    "end_hold",
    "end_suppression",
    "ensure_default",
    "forget_fingerprints",
    "hold",
    "make_ruleset",
    "make_version",
    "name_fingerprints",
    "put_in_force",
    "renew_version",
    "report_mistake",
    "run_in_shadow",
    "switch_recogniser",
]
