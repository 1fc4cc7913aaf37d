"""A version of the ruleset: made on a page, run in shadow, and put in force by somebody else."""

import pytest

import builders
import scope
from governance.core.actors import INSTALLER
from governance.core.clock import now
from governance.gateway.comparing import Effect
from governance.gateway.models import Comparison, Exchange
from governance.organisation.roles import Role
from governance.scanning.models import Ruleset
from governance.scanning.selectors import ruleset_in_force
from governance.scanning.services import ensure_default, name_fingerprints
from governance.web.watching.ruleset_versions import VersionForm

pytestmark = pytest.mark.django_db
EXAM = {"id": "harbour", "kind": "exam", "digest": "0" * 64, "folder": "x"}


@pytest.fixture
def in_force(group):
    ensure_default(by=INSTALLER, at=builders.AT)
    return ruleset_in_force()


@pytest.fixture
def analyst(signed_in, group, in_force):
    return signed_in(Role.SECURITY_ANALYST, where=group)


@pytest.fixture
def colleague(signed_in, group, in_force):
    return signed_in(Role.POLICY_ADMIN, where=group)


def typed(in_force, **changes):
    form = VersionForm(in_force)
    sent = {name: str(value) for name, value in form.initial.items() if value is not False and name in form.fields}
    return sent | changes


def make(analyst, in_force, **changes):
    answer = analyst.post("/rulesets/new", typed(in_force, **(changes or {"way_identifier": "mask"})))
    assert answer.status_code == 302
    return Ruleset.objects.order_by("-version").first()


def test_a_version_is_made_tried_and_put_in_force_by_somebody_else(analyst, colleague, in_force):
    made = make(analyst, in_force)
    assert (made.mode, made.body["policy"]["rules"] != in_force.body["policy"]["rules"]) == ("draft", True)
    here = f"/rulesets/{made.version}"
    page = analyst.get(f"{here}/").text
    assert "Masked" in page
    assert "Somebody else puts in force what you made." in page
    assert "Put it in force" not in page
    assert analyst.post(f"{here}/shadow", {"on": "yes"}).status_code == 302
    assert "In shadow" in colleague.get(f"{here}/").text
    assert analyst.post(f"{here}/enforce").status_code == 403
    assert colleague.post(f"{here}/enforce").status_code == 302
    assert ruleset_in_force().version == made.version


def test_a_form_of_a_version_that_is_not_in_force_any_more_is_refused(analyst, in_force):
    sent = typed(in_force, way_identifier="hash")
    name_fingerprints(detector="evaluation", option="sets", entry=EXAM, by=INSTALLER, at=builders.AT)
    answer = analyst.post("/rulesets/new", sent)
    assert (answer.status_code, "has come into force meanwhile" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("field", "value"),
    [("then_secret", "allow"), ("way_identifier", "shred"), ("sure", "3"), ("then_language_noted", "redact")],
)
def test_what_no_version_may_say_is_said_at_its_field(analyst, in_force, field, value):
    versions = Ruleset.objects.count()
    assert analyst.post("/rulesets/new", typed(in_force, **{field: value})).status_code == 422
    assert Ruleset.objects.count() == versions


def test_a_version_from_before_something_was_registered_is_brought_up_to_date_first(analyst, colleague, in_force):
    made = make(analyst, in_force)
    name_fingerprints(detector="evaluation", option="sets", entry=EXAM, by=INSTALLER, at=builders.AT)
    here = f"/rulesets/{made.version}"
    assert "exam harbour" in colleague.get(f"{here}/").text
    assert colleague.post(f"{here}/enforce").status_code == 409
    assert analyst.post(f"{here}/renew").status_code == 302
    renewed = Ruleset.objects.order_by("-version").first()
    assert renewed.body["detection"]["detectors"]["evaluation"]["sets"] == [EXAM]
    assert colleague.post(f"/rulesets/{renewed.version}/enforce").status_code == 302


def test_a_version_in_shadow_goes_on_when_something_is_registered_and_stays_its_makers(analyst, colleague, in_force):
    made = make(analyst, in_force)
    analyst.post(f"/rulesets/{made.version}/shadow", {"on": "yes"})
    name_fingerprints(detector="evaluation", option="sets", entry=EXAM, by=INSTALLER, at=builders.AT)
    beside = Ruleset.objects.get(mode="shadow")
    assert beside.version > made.version
    assert beside.body["detection"]["detectors"]["evaluation"]["sets"] == [EXAM]
    assert analyst.post(f"/rulesets/{beside.version}/enforce").status_code == 403
    assert colleague.post(f"/rulesets/{beside.version}/enforce").status_code == 302


def test_one_version_at_most_runs_in_shadow(analyst, in_force):
    first, second = make(analyst, in_force), make(analyst, in_force, way_identifier="hash")
    for made in (first, second, second):
        assert analyst.post(f"/rulesets/{made.version}/shadow", {"on": "yes"}).status_code == 302
    assert Ruleset.objects.get(mode="shadow") == second
    analyst.post(f"/rulesets/{second.version}/shadow", {"on": "no"})
    assert not Ruleset.objects.filter(mode="shadow").exists()


@pytest.fixture
def calls(group, in_force, analyst):
    """Two calls that a version in shadow decided too, one of them otherwise."""
    made = make(analyst, in_force)
    initiative = scope.initiative(group, title="Letters assistant")
    for effect, verdict in ((Effect.STOPPED, "block"), (Effect.SAME, "redact")):
        told = {"initiative": initiative, "unit": group, "surface": "chat", "verdict": "redact", "state": "completed"}
        call = Exchange.objects.create(at=now(), **told)
        kinds = [{"type": "CREDIT_CARD", "before": "redact:mask", "after": "block", "count": 3}]
        found = {"effect": effect, "verdict": verdict, "kinds": kinds if effect is Effect.STOPPED else []}
        Comparison.objects.create(exchange=call, ruleset_digest=made.digest, at=now(), **found)
    return made


def test_the_page_says_what_a_version_would_change_and_leads_to_the_calls(
    analyst, calls, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20):
        page = analyst.get(f"/rulesets/{calls.version}/").text
    assert "1 of 2 would end otherwise" in page
    assert ("Would be stopped" in page, "Masked" in page, "Card number" in page) == (True, True, True)
    with django_assert_max_num_queries(20):
        listed = analyst.get(f"/rulesets/{calls.version}/calls/").text
    assert "Card number: masked, would be refused" in listed
    assert analyst.get(f"/rulesets/{calls.version}/calls/?effect=same").text.count("Letters assistant") == 1
    call = Exchange.objects.get(pk=Comparison.objects.get(effect=Effect.STOPPED).exchange_id)
    assert f"By version {calls.version} in shadow" in analyst.get(f"/exchanges/{call.pk}/").text


def test_calls_of_other_units_are_not_counted(signed_in, claims, calls):
    other = signed_in(Role.SECURITY_ANALYST, where=claims)
    assert "would end otherwise" not in other.get(f"/rulesets/{calls.version}/").text
    assert "Letters assistant" not in other.get(f"/rulesets/{calls.version}/calls/").text
