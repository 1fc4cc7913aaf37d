"""Markings of the organisation's own: said on a page, met by the rules of their level, and shown where they were seen."""

import pytest

import builders
import scope
from governance.core.actors import INSTALLER
from governance.core.clock import now
from governance.core.errors import Invalid
from governance.detection.default_policy import DEFAULT_POLICY
from governance.detection.detector import Budget
from governance.detection.policy import Facts, Verdict, decide_findings
from governance.detection.recognisers import LEVELS, MARKING, Recogniser, checked
from governance.detection.spans import Finding as Found
from governance.gateway.models import Exchange
from governance.organisation.roles import Role
from governance.scanning.models import Finding, Scan
from governance.scanning.selectors import enforced_ruleset
from governance.scanning.services import ensure_default

pytestmark = pytest.mark.django_db
TYPED = {"title": "Board papers", "ref": "board-papers", "level": "restricted", "deny": "FOR THE BOARD ONLY"}


@pytest.fixture
def analyst(signed_in, group):
    ensure_default(by=INSTALLER, at=builders.AT)
    return signed_in(Role.SECURITY_ANALYST, where=group)


def main(answer):
    assert answer.status_code == 200
    return answer.text.split("<main", 1)[1]


@pytest.mark.parametrize(
    ("level", "verdict"),
    [
        ("internal", Verdict.ALLOW),
        ("confidential", Verdict.JUSTIFY),
        ("restricted", Verdict.BLOCK),
        ("canary", Verdict.BLOCK),
    ],
)
def test_the_rules_of_the_level_hold(level, verdict):
    (span,) = checked(Recogniser.marking("ours", level, ["FOR THE BOARD ONLY"])).find(
        "for the board only", Budget.of(1)
    )
    found = Found(span.type, "recognisers", "m", span.start, span.end, span.score, "0" * 64, span.subtype)
    assert decide_findings([found], policy=DEFAULT_POLICY, facts=Facts("internal", "public_api")).verdict is verdict


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(
            Recogniser("x", MARKING, 0.9, ("BOARD ONLY",), (), (), "BOARD ONLY"), id="a marking without a level"
        ),
        pytest.param(Recogniser.marking("x", "secret", ["BOARD ONLY"]), id="a level nobody knows"),
        pytest.param(
            Recogniser("x", "NUMBER", 0.9, ("BOARD",), (), (), "BOARD", LEVELS[0]), id="a level of no marking"
        ),
        pytest.param(Recogniser.marking("x", "canary", []), id="no words"),
        pytest.param(Recogniser.marking("x", "canary", ["the"]), id="a word of nearly every text"),
    ],
)
def test_what_is_no_marking_is_refused(given):
    with pytest.raises(Invalid):
        checked(given)


def test_a_marking_is_added_changed_and_switched_off(analyst):
    assert analyst.post("/markings/new", TYPED).status_code == 302
    (entry,) = enforced_ruleset().detectors.options("recognisers")["recognisers"]
    assert (entry["type"], entry["level"], entry["deny"]) == (MARKING, "restricted", ["FOR THE BOARD ONLY"])
    assert "Board papers" in main(analyst.get("/markings/"))
    assert "Board papers" not in main(analyst.get("/recognisers/"))
    assert analyst.post("/markings/board-papers/save", TYPED | {"level": "canary", "revision": "1"}).status_code == 302
    assert analyst.post("/markings/board-papers/save", TYPED | {"revision": "1"}).status_code == 422
    assert "Planted token" in main(analyst.get("/markings/board-papers/"))
    assert analyst.post("/markings/board-papers/switch", {"on": "no"}).status_code == 302
    assert enforced_ruleset().detectors.options("recognisers")["recognisers"] == []


def test_who_may_not_change_it_does_not_read_its_words(analyst, signed_in, group):
    analyst.post("/markings/new", TYPED)
    text = main(signed_in(Role.AUDITOR, where=group).get("/markings/board-papers/"))
    assert ("Board papers" in text, "FOR THE BOARD ONLY" in text) == (True, False)


def test_where_it_was_seen_is_shown_to_those_whose_it_is(
    analyst, signed_in, claims, group, owner, django_assert_max_num_queries
):
    analyst.post("/markings/new", TYPED)
    initiative = scope.initiative(claims, by=owner, title="Letters assistant")
    told = {"unit": claims, "initiative": initiative, "surface": "chat", "verdict": "block", "state": "refused"}
    call = Exchange.objects.create(at=now(), **told)
    scanned = {"digest": "", "ruleset_digest": "", "receipt": {}, "complete": True, "verdict": "block", "at": now()}
    scan = Scan.objects.create(subject=f"exchange:{call.pk}", unit=claims, **scanned)
    place = {"path": "m", "start": 0, "end": 9, "score": 0.9, "action": "block", "rule": "x", "keyed_digest": b"x"}
    Finding.objects.create(scan=scan, type=MARKING, subtype="restricted:board-papers", detector="recognisers", **place)
    with django_assert_max_num_queries(16):
        assert f"/exchanges/{call.pk}/" in main(analyst.get("/markings/board-papers/"))
    elsewhere = builders.unit(parent=group)
    assert "Never seen" in main(signed_in(Role.SECURITY_ANALYST, where=elsewhere).get("/markings/board-papers/"))
