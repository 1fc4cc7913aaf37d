"""A remit is sent: people are asked, or a pattern decides at once; the sandbox opens meanwhile."""

import pytest

import asking
import scope
from governance.approvals.models import Request
from governance.catalogue.models import Dataset
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.destinations.models import Destination
from governance.initiatives.models import Initiative
from governance.organisation.selectors import key_from_text
from governance.remits import services
from governance.remits.models import Grant, Remit
from governance.remits.selectors import grants_of

pytestmark = pytest.mark.django_db
AT = asking.AT


def submit(draft, owner, *, at=AT):
    return services.submit(remit_id=draft.pk, revision=draft.revision, by=owner, at=at)


@pytest.fixture
def draft(assistant, handbook, tenant, owner, deciders):
    return asking.draft(assistant, [asking.grant(handbook, tenant)], by=owner)


@pytest.fixture
def everyday(handbook, tenant, deciders):
    """A pattern for the handbook in our tenant."""
    return asking.pattern(asking.bounds([handbook], [tenant]), *deciders[:2])


@pytest.fixture
def samples(data_office):
    return scope.dataset(data_office, title="Synthetic letters", ref="samples", classification="public", synthetic=True)


@pytest.fixture
def sandbox_pattern(samples, tenant, deciders):
    return asking.pattern(asking.sandbox_bounds(samples, tenant), *deciders[:2], name="Sandbox", sandbox=True)


def test_people_are_asked_when_no_pattern_is_in_force(draft, owner):
    outcome = submit(draft, owner)
    assert (outcome.pattern, outcome.remit.state) == (None, "submitted")
    assert Request.objects.get(pk=outcome.request_id).title == (
        "Letters assistant wants to send internal data (Product handbook) to Example model, our tenant"
    )


def test_an_idea_becomes_a_proposal_and_then_active(draft, owner, deciders):
    request = Request.objects.get(pk=submit(draft, owner).request_id)
    assert Initiative.objects.get(pk=draft.initiative_id).state == "proposed"
    asking.approve(request, *deciders[:2])
    assert Initiative.objects.get(pk=draft.initiative_id).state == "active"


def test_pending_grants_give_no_right(draft, owner):
    submit(draft, owner)
    assert [row.usable for row in grants_of(draft.initiative_id, at=AT, live=False)] == [False]


def test_a_grant_begins_at_activation_and_ends_with_its_last_day_in_the_units_time_zone(draft, owner, deciders):
    request = Request.objects.get(pk=submit(draft, owner).request_id)
    asking.approve(request, *deciders[:2], at=asking.LATER)
    granted = Grant.objects.get(initiative=draft.initiative_id)
    assert (granted.starts_at, granted.ends_at.isoformat()) == (asking.LATER, "2026-12-31T23:00:00+00:00")


def test_a_request_inside_a_pattern_is_decided_at_once_and_cites_it(draft, owner, everyday, recorded, deciders):
    outcome = submit(draft, owner)
    assert (outcome.request_id, outcome.pattern, outcome.remit.state) == (None, everyday, "approved")
    cited = next(e for e in recorded.about(draft.pk) if e["kind"] == "remits.remit_decided_by_pattern")["detail"]
    assert cited["pattern_version"] == 1
    assert {str(decider.person) for decider in deciders[:2]} < set(cited["approvers"])


def test_a_pattern_never_lets_people_look_at_less_than_was_promised(assistant, handbook, tenant, owner, everyday):
    granted = [asking.grant(handbook, tenant)]
    promised = asking.draft(assistant, granted, by=owner, oversight={"share": 100})
    assert submit(promised, owner).pattern == everyday
    assert submit(asking.draft(assistant, granted, by=owner, oversight={"share": 50}), owner).pattern is None


def test_a_request_outside_the_pattern_is_asked_of_people(assistant, letters, tenant, owner, everyday):
    outside = asking.draft(assistant, [asking.grant(letters, tenant)], by=owner)
    assert submit(outside, owner).pattern is None


@pytest.mark.usefixtures("it")
def test_a_pattern_never_decides_for_those_who_approved_it(assistant, handbook, tenant, steward, colleague):
    asking.pattern(asking.bounds([handbook], [tenant]), steward, colleague)
    outcome = submit(asking.draft(assistant, [asking.grant(handbook, tenant)], by=colleague), colleague)
    assert outcome.pattern is None


@pytest.mark.parametrize(("rate", "picked"), [(0.0, 0), (1.0, 1)])
def test_what_a_pattern_decides_is_sampled_at_its_rate(draft, owner, deciders, rate, picked):
    bounds = asking.bounds(Dataset.objects.filter(ref="handbook"), Destination.objects.filter(ref="tenant"))
    asking.pattern(bounds, *deciders[:2], rate=rate)
    outcome = submit(draft, owner)
    assert Remit.objects.filter(pk=outcome.remit.pk, sample__isnull=False).count() == picked


def test_the_first_submission_brings_a_sandbox_key(draft, owner, sandbox_pattern, recorded):
    outcome = submit(draft, owner)
    key = key_from_text(outcome.sandbox.secret, AT)
    rows = grants_of(draft.initiative_id, at=AT)
    assert key.scope == f"initiative:{draft.initiative_id}"
    assert [(row.dataset_ref, row.sandbox, row.usable) for row in rows] == [("samples", True, True)]
    assert (rows[0].conditions.calls_per_day, rows[0].conditions.ruleset) == (50, "strict")
    assert (key.expires_at - AT).days < 14
    assert outcome.sandbox.secret not in recorded.text()


def test_an_initiative_has_one_sandbox(draft, owner, sandbox_pattern, deciders):
    request = Request.objects.get(pk=submit(draft, owner).request_id)
    asking.say("request_changes", request, by=deciders[1], comment="Fewer calls.")
    again = Remit.objects.get(pk=draft.pk)
    assert submit(again, owner).sandbox is None


def test_without_a_sandbox_pattern_the_submission_goes_on_and_says_so(draft, owner):
    outcome = submit(draft, owner)
    assert (outcome.sandbox.secret, outcome.sandbox.reason) == ("", "No sandbox pattern is in force.")
    assert outcome.request_id


def test_the_sandbox_ends_when_the_remit_begins(draft, owner, sandbox_pattern, deciders):
    asking.approve(Request.objects.get(pk=submit(draft, owner).request_id), *deciders[:2])
    assert [row.sandbox for row in grants_of(draft.initiative_id, at=AT)] == [False]


def test_a_prohibited_practice_is_refused_at_once(draft, owner):
    body = draft.body | {"ai_act_class": "prohibited", "tier": "high", "human_oversight": "Somebody looks."}
    saved = services.save_draft(remit_id=draft.pk, body=body, revision=draft.revision, by=owner, at=AT)
    with pytest.raises(NotAllowed) as refused:
        submit(saved, owner)
    assert refused.value.code == "prohibited_practice"


def test_an_unfinished_draft_names_what_is_missing(assistant, owner):
    begun = services.start_draft(initiative_id=assistant.pk, by=owner, at=AT)
    with pytest.raises(Invalid) as refused:
        submit(begun, owner)
    assert refused.value.field == "purpose"


def test_terms_that_moved_stop_the_submission(draft, owner, tenant):
    scope.set_terms(tenant, retention_days=90, at=AT)
    with pytest.raises(Conflict) as refused:
        submit(draft, owner, at=asking.LATER)
    assert refused.value.code == "terms_moved"


def test_data_goes_no_higher_than_its_destination_is_cleared_for(assistant, letters, owner):
    low = scope.destination(cleared_for="internal", **asking.OUR_TENANT)
    with pytest.raises(Conflict) as refused:
        submit(asking.draft(assistant, [asking.grant(letters, low)], by=owner), owner)
    assert refused.value.code == "not_cleared"


def test_a_stale_form_changes_nothing(draft, owner):
    with pytest.raises(Conflict) as refused:
        services.submit(remit_id=draft.pk, revision=draft.revision - 1, by=owner, at=AT)
    assert refused.value.code == "stale_revision"


def test_an_outsider_cannot_send_it(draft, outsider):
    with pytest.raises(NotAllowed):
        submit(draft, outsider)
