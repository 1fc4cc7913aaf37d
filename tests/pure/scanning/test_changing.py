"""What people may change in a ruleset, and what no version may say."""

import pytest

from governance.core.errors import Invalid
from governance.detection.default_policy import DEFAULT_POLICY
from governance.detection.policy import Policy, Verdict
from governance.detection.ruleset import DEFAULT_RULESET, Ruleset
from governance.detection.ways import Way
from governance.scanning.changing import Changes, RuleChange, actions_open, carried_over, change_of, changed
from governance.scanning.comparing import behind
from governance.scanning.rules import RulesetMode, may_enforce, may_run

BODY = {"detection": dict(DEFAULT_RULESET.document), "policy": dict(DEFAULT_POLICY.document)}
EXAM = {"id": "harbour", "kind": "exam", "digest": "0" * 64, "folder": "x"}
WITH_EXAM = BODY | {"detection": dict(DEFAULT_RULESET.with_options("evaluation", sets=[EXAM]).document)}


def rule(code, body=BODY):
    return next(each for each in body["policy"]["rules"] if each["code"] == code)


def test_a_changed_rule_says_how_it_replaces_and_the_rest_stays():
    made = changed(BODY, Changes({"identifier": RuleChange(Verdict.REDACT, Way.MASK)}, sure=60))
    assert rule("identifier", made) == {**rule("identifier"), "way": "mask"}
    others = [each for each in made["policy"]["rules"] if each["code"] != "identifier"]
    assert others == [each for each in BODY["policy"]["rules"] if each["code"] != "identifier"]
    assert made["detection"]["detectors"]["patterns"] == {"threshold": 0.6}
    assert Policy.of(made["policy"]).digest != Policy.of(BODY["policy"]).digest
    assert Ruleset.of(made["detection"]).required == DEFAULT_RULESET.required


def test_a_way_goes_with_its_replacing():
    masked = changed(BODY, Changes({"identifier": RuleChange(Verdict.REDACT, Way.MASK)}))
    assert "way" not in rule("identifier", changed(masked, Changes({"identifier": RuleChange(Verdict.BLOCK)})))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param(Changes({"secret": RuleChange(Verdict.ALLOW)}), "action_not_open", id="secrets let through"),
        pytest.param(Changes({"secret": RuleChange(Verdict.JUSTIFY)}), "action_not_open", id="secrets for a reason"),
        pytest.param(
            Changes({"dataset_not_granted": RuleChange(Verdict.REDACT)}), "action_not_open", id="rows replaced"
        ),
        pytest.param(
            Changes({"language_noted": RuleChange(Verdict.REDACT)}), "action_not_open", id="a language replaced"
        ),
        pytest.param(
            Changes({"mass_personal_data": RuleChange(Verdict.REDACT)}), "action_not_open", id="a number of people"
        ),
        pytest.param(Changes({"nothing_like_it": RuleChange(Verdict.BLOCK)}), "unknown_rule", id="no such rule"),
        pytest.param(Changes({}, sure=5), "bad_threshold", id="everything a number"),
        pytest.param(Changes({"secret": RuleChange(Verdict.BLOCK)}, sure=40), "nothing_changed", id="nothing at all"),
    ],
)
def test_what_no_version_may_say(changes, code):
    with pytest.raises(Invalid) as refused:
        changed(BODY, changes)
    assert refused.value.code == code


@pytest.mark.parametrize("code", [each["code"] for each in BODY["policy"]["rules"]])
def test_every_action_that_is_open_makes_a_policy_that_can_be_read(code):
    for action in {*actions_open(rule(code))} - {change_of(rule(code)).action}:
        assert Policy.of(changed(BODY, Changes({code: RuleChange(action)}))["policy"])


def test_what_was_registered_since_is_named_and_carried_over():
    made = changed(BODY, Changes({"identifier": RuleChange(Verdict.REDACT, Way.HASH)}))
    assert behind(made, WITH_EXAM) == ["exam harbour"]
    renewed = changed(WITH_EXAM, carried_over(made, WITH_EXAM))
    assert behind(renewed, WITH_EXAM) == []
    assert rule("identifier", renewed)["way"] == "hash"


@pytest.mark.parametrize(
    ("mode", "missing", "code"),
    [
        (RulesetMode.DRAFT, [], None),
        (RulesetMode.RETIRED, [], None),
        (RulesetMode.ENFORCE, [], "in_force"),
        (RulesetMode.SHADOW, ["exam harbour"], "behind"),
    ],
)
def test_may_run(mode, missing, code):
    assert getattr(may_run(mode, behind=missing), "code", None) == code


@pytest.mark.parametrize(
    ("person", "maker", "code"), [(1, 1, "own_version"), (1, 2, None), (1, None, None), (None, None, None)]
)
def test_whoever_makes_a_version_does_not_put_it_in_force(person, maker, code):
    assert getattr(may_enforce(person=person, maker=maker), "code", None) == code
