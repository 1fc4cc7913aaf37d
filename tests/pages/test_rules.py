"""Pages of the rules and of patterns: read by everybody, written by a policy admin, nothing typed is lost."""

import pytest
import yaml
from django.urls import reverse

import builders
from governance.approvals import services
from governance.approvals.models import Workflow, WorkflowDraft
from governance.core.actors import INSTALLER
from governance.core.clock import now
from governance.organisation.roles import Role
from governance.remits.models import Pattern, Sample

pytestmark = pytest.mark.django_db
BROKEN = "name: default\nstages:\n  - {name: IT, reason: r, when: [{if: teir == 1, because: b, otherwise: o}], slots: [{role: it_approver, label: IT}]}"


@pytest.fixture
def admin(group):
    return builders.person(Role.POLICY_ADMIN, group, name="Paul Policy")


@pytest.fixture
def writer(admin, enter):
    return enter(admin)


@pytest.fixture
def draft(admin):
    """A draft that was replayed as it stands."""
    by, at = builders.actor(admin), now()
    begun = services.start_draft(name="default", by=by, at=at)
    stricter = begun.source.replace("IT answers for", "Our IT answers for")
    kept = services.save_draft(draft_id=begun.pk, source=stricter, revision=begun.revision, by=by, at=at)
    services.start_replay(draft_id=begun.pk, last=10, by=by, at=at)
    return kept


def place(name, draft):
    return reverse(name, args=[draft.pk])


def test_everybody_reads_who_decides_and_only_a_policy_admin_writes(draft, writer, signed_in):
    reader = signed_in(Role.REQUESTER)
    shown = reader.get("/rules/").content.decode()
    assert "The steward of each dataset says whether its data may be used so." in shown
    assert "Draft new rules" not in shown
    assert reader.get(place("rules_draft", draft)).status_code == 403
    assert "Draft new rules" in writer.get("/rules/").content.decode()


def test_a_version_shows_what_it_changed(draft, writer):
    first = Workflow.objects.get(name="default")
    stricter = yaml.safe_load(draft.source)
    second = services.install_workflow(document=stricter, source=draft.source, by=INSTALLER, at=now())
    shown = {row: writer.get(reverse("rules_version", args=[row.pk])).content.decode() for row in (first, second)}
    assert "What it changed" not in shown[first]
    assert "What it changed" in shown[second]
    assert "Our IT answers for" in shown[second]


def test_a_fault_is_shown_with_its_line_as_it_is_typed(draft, writer):
    sent = {"source": BROKEN}
    shown = writer.post(place("rules_draft_check", draft), sent, headers={"HX-Request": "true"}).content.decode()
    assert "Line 3" in shown
    assert "there is no fact teir; did you mean tier?" in shown
    assert "<html" not in shown


def test_rules_that_are_wrong_are_kept_and_mended_later(draft, writer):
    sent = {"source": BROKEN.replace("\n", "\r\n"), "revision": draft.revision}
    writer.post(place("rules_draft_save", draft), sent)
    assert WorkflowDraft.objects.get(pk=draft.pk).source == BROKEN


def test_what_was_typed_survives_a_stale_form(draft, writer):
    answer = writer.post(place("rules_draft_save", draft), {"source": "# Mine.", "revision": 0})
    assert (answer.status_code, "# Mine." in answer.content.decode()) == (409, True)
    assert WorkflowDraft.objects.get(pk=draft.pk).source == draft.source


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        pytest.param(
            {"classification": "restricted", "ai_act_class": "limited"}, "The data is restricted.", id="example"
        ),
        pytest.param({"ai_act_class": "prohibited"}, "so nobody can approve it", id="a practice nobody can approve"),
        pytest.param({"number": 999_999}, "There is no request 999999", id="no such request"),
    ],
)
@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {}], ids=["its part", "the page without script"])
def test_a_dry_run_says_who_would_be_asked(draft, writer, sent, said, headers):
    assert said in writer.post(place("rules_draft_try", draft), sent, headers=headers).content.decode()


def test_a_draft_says_what_it_ties_to_a_yes_and_when(draft, writer):
    source = draft.source.replace(
        "stages:", 'attach:\n  - if: tier == "high"\n    because: It is grave.\n    way: hash\nstages:', 1
    )
    sent = {"source": source, "revision": str(draft.revision)}
    shown = writer.post(place("rules_draft_check", draft), sent, headers={"HX-Request": "true"}).content.decode()
    assert "Tied to a yes:</strong> What is replaced is replaced by a hash" in shown
    assert '<code class="under muted">tier == &quot;high&quot;</code>' in shown


@pytest.mark.parametrize("name", ["rules_draft_save", "rules_draft_check", "rules_draft_try"])
def test_what_no_row_can_hold_is_refused_by_its_field(draft, writer, name):
    answer = writer.post(place(name, draft), {"source": "name: a\0b", "revision": str(draft.revision)})
    assert answer.status_code == 422
    assert "source holds a NUL character" in answer.content.decode()


def test_a_replay_is_asked_and_read(draft, writer):
    answer = writer.post(place("rules_draft_replay", draft), {"last": "50"}, follow=True)
    assert "requests would have gone another way" in answer.content.decode()


def test_a_draft_is_put_to_two_people(draft, writer):
    answer = writer.post(place("rules_draft_submit", draft), follow=True)
    assert "wants new rules for who decides" in answer.content.decode()


def test_a_pattern_is_proposed_from_its_page(every, writer):
    sent = {
        "name": "Brochures",
        "owner_unit_id": str(builders.organisation().pk),
        "purposes": ["translate"],
        "techniques": ["prompt"],
        "modes": ["prompt"],
        "highest_classification": "public",
        "destinations": [every.destination.ref],
        "tier": "low",
        "ai_act_class": "minimal",
        "ruleset": "standard",
        "way": "stand_in",
        "longest_days": 30,
        "ends_on": every.ends,
        "percent": 10,
    }
    shown = writer.post("/patterns/new", sent, follow=True).content.decode()
    assert "Brochures, version 1" in shown
    assert "only by a stand-in, a placeholder or a hash" in shown
    assert Pattern.objects.get(name="Brochures").sampling_rate == 0.1


def test_a_pattern_that_was_sent_back_is_changed_and_sent_again(every, enter):
    proposer = enter(builders.person(Role.POLICY_ADMIN))
    shown = proposer.get(reverse("pattern_edit", args=[every.returned.pk])).content.decode()
    assert f"Change Returned {every.number}" in shown


def test_a_pattern_is_ended(every, writer):
    shown = writer.post(reverse("pattern_end", args=[every.pattern.pk]), follow=True).content.decode()
    assert "Ended" in shown


def test_a_look_at_what_a_pattern_decided(every, enter):
    looker = builders.person(Role.SECURITY_APPROVER, builders.organisation())
    client = enter(looker)
    assert "1 decision of patterns to look at" in client.get("/patterns/samples/").content.decode()
    answer = client.post(reverse("sample_look", args=[every.sample.pk]), {"outcome": "fine"}, follow=True)
    assert "Nothing to look at" in answer.content.decode()
    assert Sample.objects.get(pk=every.sample.pk).outcome == "fine"
