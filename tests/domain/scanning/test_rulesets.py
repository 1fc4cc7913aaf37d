"""Versions of the ruleset: what stands in one stays in the next."""

import pytest

import builders
from governance.core.actors import INSTALLER
from governance.detection.default_policy import DEFAULT_POLICY, DEFAULT_REPLY_POLICY
from governance.detection.ruleset import DEFAULT_RULESET
from governance.scanning.selectors import enforced_ruleset
from governance.scanning.services import activate_ruleset, make_ruleset, name_fingerprints

pytestmark = pytest.mark.django_db
EXAM = {"id": "harbour", "kind": "exam", "digest": "0" * 64, "folder": "x"}


def test_a_policy_for_answers_stays_when_something_is_registered():
    replies = {**DEFAULT_REPLY_POLICY.document, "otherwise": "block"}
    parts = {"detection": dict(DEFAULT_RULESET.document), "policy": dict(DEFAULT_POLICY.document), "replies": replies}
    made = make_ruleset(**parts, by=INSTALLER, at=builders.AT)
    activate_ruleset(ruleset_id=made.pk, by=INSTALLER, at=builders.AT)
    named = name_fingerprints(detector="evaluation", option="sets", entry=EXAM, by=INSTALLER, at=builders.AT)
    assert named.version > made.version
    assert enforced_ruleset().replies.document == replies
