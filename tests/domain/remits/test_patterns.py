"""Patterns: proposed, decided like any request, looked at afterwards, ended."""

from datetime import timedelta

import pytest

import asking
import builders
import remit_bodies
import scope
from governance.approvals.models import Request
from governance.approvals.selectors import request_of
from governance.core.actors import CLOCK
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.detection.ways import Way
from governance.notices.models import Notice
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.remits import services
from governance.remits.models import Pattern, Sample
from governance.remits.selectors import patterns, samples_waiting
from governance.remits.selectors.shown import pattern_rows

pytestmark = pytest.mark.django_db
AT, LATER = asking.AT, asking.LATER


@pytest.fixture
def policy_admin(group):
    return builders.actor(builders.person(Role.POLICY_ADMIN, group, name="Paul Policy"))


@pytest.fixture
def bounds(handbook, tenant):
    return asking.bounds([handbook], [tenant])


@pytest.fixture
def proposed(bounds, group, policy_admin, deciders):
    return services.propose_pattern(
        name="Everyday",
        body=bounds,
        owner_unit_id=group.pk,
        ends_at=AT + timedelta(days=300),
        sampling_rate=1.0,
        by=policy_admin,
        at=AT,
    )


@pytest.fixture
def sampled(proposed, assistant, owner, deciders):
    """A sample of a remit that the pattern decided."""
    asking.approve(request_about(proposed), *deciders[:2])
    handbook = proposed.body["datasets"][0]
    place = proposed.body["destinations"][0]
    grant = {"dataset": handbook, "purpose": "summarise", "mode": "prompt", "conditions": {}, "ends": "2026-12-31"}
    draft = asking.draft(assistant, [grant | place], by=owner)
    services.submit(remit_id=draft.pk, revision=draft.revision, by=owner, at=AT)
    return Sample.objects.get()


def request_about(pattern):
    return Request.objects.get(pk=request_of("pattern", pattern.pk).id)


def test_a_pattern_asks_the_stewards_of_what_it_names(proposed, deciders):
    request = request_about(proposed)
    assert request.title == "Example Group proposes a pattern, Everyday, that decides requests at once"
    asking.approve(request, *deciders[:2])
    assert Pattern.objects.get(pk=proposed.pk).state == "approved"


def test_the_next_version_retires_the_one_before(proposed, bounds, deciders, policy_admin):
    asking.approve(request_about(proposed), *deciders[:2])
    second = asking.pattern(bounds | {"longest_days": 30}, *deciders[:2], by=policy_admin)
    assert (second.version, second.state) == (2, "approved")
    assert Pattern.objects.get(pk=proposed.pk).state == "retired"


def test_a_refused_pattern_decides_nothing(proposed, deciders):
    asking.say("reject", request_about(proposed), by=deciders[1], comment="Too wide.")
    assert [row.state for row in patterns()] == ["rejected"]


def test_a_pattern_is_narrowed_when_changes_are_requested(proposed, bounds, deciders, policy_admin):
    request = request_about(proposed)
    asking.say("request_changes", request, by=deciders[1], comment="Shorter.")
    services.revise_pattern(pattern_id=proposed.pk, body=bounds | {"longest_days": 30}, by=policy_admin, at=LATER)
    assert asking.approve(request, *deciders[:2], at=LATER).state == "approved"
    assert Pattern.objects.get(pk=proposed.pk).body["longest_days"] == 30


def test_new_terms_before_the_approval_make_it_stale(proposed, deciders, tenant):
    request = request_about(proposed)
    asking.approve(request, deciders[0])
    scope.set_terms(tenant, retention_days=90, at=LATER)
    assert asking.approve(request, deciders[1], at=LATER).state == "stale"


def test_whoever_can_renew_a_pattern_is_told_twice_that_it_ends(proposed, deciders, policy_admin):
    asking.approve(request_about(proposed), *deciders[:2])
    told = [
        services.warn_of_pattern_ends(by=CLOCK, at=proposed.ends_at - timedelta(days=n)) for n in (31, 30, 20, 6, 5)
    ]
    assert told == [0, 1, 0, 1, 0]
    notices = Notice.objects.filter(kind__startswith="remits.pattern_ends", person_id=policy_admin.person)
    assert sorted(each.text.partition(" ends in ")[2].split()[0] for each in notices) == ["30", "6"]


def test_nobody_is_told_of_a_pattern_that_is_not_in_force(proposed):
    assert services.warn_of_pattern_ends(by=CLOCK, at=proposed.ends_at - timedelta(days=3)) == 0


def test_a_retired_pattern_decides_no_more(proposed, deciders, policy_admin, bounds):
    asking.approve(request_about(proposed), *deciders[:2])
    services.retire_pattern(pattern_id=proposed.pk, by=policy_admin, at=LATER)
    with pytest.raises(Conflict):
        services.retire_pattern(pattern_id=proposed.pk, by=policy_admin, at=LATER)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({"ends_at": AT}, "ends_in_the_past", id="ends now"),
        pytest.param({"sampling_rate": 1.5}, "bad_rate", id="more than all"),
        pytest.param({"name": ""}, "bad_name", id="no name"),
    ],
)
def test_bounds_of_a_proposal(bounds, group, policy_admin, changed, code):
    usual = {"name": "Everyday", "ends_at": LATER, "sampling_rate": 0.1, "owner_unit_id": group.pk, "body": bounds}
    with pytest.raises(Invalid) as refused:
        services.propose_pattern(by=policy_admin, at=AT, **(usual | changed))
    assert refused.value.code == code


def test_a_requester_proposes_no_pattern(bounds, claims, owner):
    with pytest.raises(NotAllowed):
        services.propose_pattern(
            name="Mine", body=bounds, owner_unit_id=claims.pk, ends_at=LATER, sampling_rate=0, by=owner, at=AT
        )


def test_a_sample_waits_and_is_looked_at_once(sampled, security):
    assert [row.id for row in samples_waiting(standing_of(security.person))] == [sampled.pk]
    services.review_sample(sample_id=sampled.pk, outcome="fine", comment="", by=security, at=LATER)
    assert samples_waiting(standing_of(security.person)) == []
    with pytest.raises(Conflict):
        services.review_sample(sample_id=sampled.pk, outcome="fine", comment="", by=security, at=LATER)


def test_those_who_approved_the_pattern_do_not_look_at_its_samples(sampled, it):
    with pytest.raises(NotAllowed) as refused:
        services.review_sample(sample_id=sampled.pk, outcome="fine", comment="", by=it, at=LATER)
    assert refused.value.code == "own_sample"


def test_a_concern_owes_a_word(sampled, security):
    with pytest.raises(Invalid):
        services.review_sample(sample_id=sampled.pk, outcome="concern", comment=" ", by=security, at=LATER)


def test_a_bound_that_may_be_left_out_is_shown_when_it_is_dropped():
    asked = remit_bodies.pattern(way=Way.HASH).to_json()
    [row] = pattern_rows(asked, remit_bodies.pattern().to_json(), {})
    assert (row.field, row.before, row.after) == ("What stands for a value", "only by a hash", "as the rules say")
