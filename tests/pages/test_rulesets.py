"""What is looked for and what follows, in a table that people read; what a version changed; and why a finding met what it met."""

import pytest

import builders
import scope
from governance.core.actors import INSTALLER
from governance.core.clock import now
from governance.detection.default_policy import DEFAULT_POLICY
from governance.detection.ruleset import DEFAULT_RULESET
from governance.gateway.models import Exchange
from governance.organisation.roles import Role
from governance.scanning.comparing import Change, differences
from governance.scanning.models import Finding, Ruleset, Scan
from governance.scanning.services import activate_ruleset, ensure_default, make_ruleset, name_fingerprints

pytestmark = pytest.mark.django_db
ENTRY = {"id": "harbour", "kind": "exam", "digest": "0" * 64, "folder": "x"}


@pytest.fixture
def analyst(signed_in, claims):
    return signed_in(Role.SECURITY_ANALYST, where=claims)


@pytest.fixture
def first(group):
    return ensure_default(by=INSTALLER, at=builders.AT)


def main(answer):
    assert answer.status_code == 200
    return answer.text.split("<main", 1)[1]


def row_of(text, kind):
    """Return the row of the table that begins with `kind`, without its tags' attributes."""
    return next(row for row in text.split("<tr") if f">{kind}<" in row)


def test_the_version_in_force_says_so_and_who_put_it_there(analyst, first):
    text = main(analyst.get("/rulesets/"))
    assert ("In force" in text, "by installer" in text) == (True, True)


@pytest.mark.parametrize(
    ("query", "kind", "said"),
    [
        ("", "Secret key", "Refused"),
        ("", "Question of an exam", "Refused"),
        ("?keeps=nothing", "Question of an exam", "Left as it was"),
        ("", "Question of a public exam", "Left as it was"),
        ("?mode=fine_tune&classification=restricted", "Marking as confidential", "Refused"),
        ("", "Anything that no rule names", "Replaced"),
    ],
)
def test_the_table_says_what_happens_in_the_case_that_is_chosen(analyst, first, query, kind, said):
    text = main(analyst.get(f"/rulesets/1/{query}"))
    assert said in row_of(text.split("Rules</h2>")[0], kind)


def test_a_version_says_what_it_changed(analyst, first):
    name_fingerprints(detector="evaluation", option="sets", entry=ENTRY, by=INSTALLER, at=now())
    text = main(analyst.get("/rulesets/2/"))
    assert ("What it changed" in text, "exam harbour" in text) == (True, True)
    assert "What it changed" not in main(analyst.get("/rulesets/1/"))


@pytest.mark.parametrize("version", [99, 10**30])
def test_a_version_that_is_not_there_is_not_found(analyst, first, version):
    assert analyst.get(f"/rulesets/{version}/").status_code == 404


@pytest.mark.parametrize("against", ["99", "-1", "x", "1" * 40, "²"])
def test_a_comparison_with_nothing_is_no_fault(analyst, first, against):
    assert analyst.get(f"/rulesets/1/?against={against}").status_code in {200, 404}


def test_rules_detectors_and_entries_are_compared():
    before = {"detection": dict(DEFAULT_RULESET.document), "policy": dict(DEFAULT_POLICY.document)}
    changed = DEFAULT_RULESET.with_options("evaluation", sets=[ENTRY]).with_options("patterns", threshold=0.6)
    policy = {**before["policy"], "rules": before["policy"]["rules"][1:]}
    found = differences(before, {"detection": dict(changed.document), "policy": policy})
    assert [(each.part, each.name, each.change) for each in found] == [
        ("rule", "secret", Change.REMOVED),
        ("detector", "patterns", Change.CHANGED),
        ("entry", "exam harbour", Change.ADDED),
    ]


def test_a_finding_says_why_without_its_value(analyst, first, claims, owner):
    initiative = scope.initiative(claims, by=owner, title="Letters assistant")
    scan = Scan.objects.create(
        subject="exchange:x",
        unit=claims,
        digest="0" * 64,
        ruleset_digest=first.digest,
        receipt={},
        complete=True,
        verdict="block",
        at=now(),
    )
    found = {"start": 0, "end": 9, "score": 0.85, "view": "decoded", "action": "redact", "keyed_digest": b"x"}
    Finding.objects.create(scan=scan, type="IBAN_CODE", detector="patterns", path="m", rule="contact_data", **found)
    exchange = Exchange.objects.create(
        at=now(),
        unit=claims,
        initiative=initiative,
        scan=scan,
        surface="chat",
        verdict="redact",
        state="completed",
        ruleset_digest=first.digest,
    )
    text = main(analyst.get(f"/exchanges/{exchange.pk}/"))
    assert "contact_data: toward public API and our own cloud tenant" in text
    assert "once an encoding or escape was undone" in text
    assert "85 % sure; said from 40 % on" in text
    assert "/rulesets/1/" in text


def test_a_ruleset_that_was_never_in_force_says_so(analyst, first):
    policy = {**DEFAULT_POLICY.document, "otherwise": "block"}
    made = make_ruleset(detection=dict(DEFAULT_RULESET.document), policy=policy, by=INSTALLER, at=now())
    assert "It decides nothing" in main(analyst.get(f"/rulesets/{made.version}/"))
    activate_ruleset(ruleset_id=made.pk, by=INSTALLER, at=now())
    assert Ruleset.objects.get(version=1).mode == "retired"
    assert "Refused" in row_of(main(analyst.get("/rulesets/2/")), "Anything that no rule names")


def test_the_questions_to_the_database_do_not_grow(analyst, first, django_assert_max_num_queries):
    for number in range(30):
        entry = ENTRY | {"id": f"exam-{number}"}
        name_fingerprints(detector="evaluation", option="sets", entry=entry, by=INSTALLER, at=now())
    with django_assert_max_num_queries(14):
        main(analyst.get("/rulesets/"))
    with django_assert_max_num_queries(20):
        main(analyst.get("/rulesets/31/"))
