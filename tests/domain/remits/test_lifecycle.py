"""Versions, revocation, expiry, and what follows when data or terms change."""

from datetime import UTC, datetime, timedelta

import pytest

import asking
import builders
import scope
from governance.approvals.models import Request
from governance.approvals.selectors import request_page
from governance.catalogue import services as catalogue
from governance.core.actors import CLOCK
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.core.vocabulary import Mode
from governance.notices.models import Notice
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.remits import services
from governance.remits.models import Grant, Remit
from governance.remits.selectors import conditions_of, grants_of, usable_grants

pytestmark = pytest.mark.django_db
AT, LATER = asking.AT, asking.LATER


@pytest.fixture
def in_force(assistant, handbook, tenant, owner, deciders):
    """Version 1, approved."""
    request = asking.sent(assistant, [asking.grant(handbook, tenant)], by=owner)
    asking.approve(request, *deciders[:2])
    return Remit.objects.get(pk=request.subject_id)


@pytest.fixture
def head(claims):
    return builders.actor_with(Role.UNIT_HEAD, claims)


def states(initiative):
    return sorted((row.version, row.state) for row in grants_of(initiative.pk, at=AT, live=False))


def test_the_next_version_begins_as_a_copy_of_the_one_in_force(in_force, assistant, owner):
    draft = services.start_draft(initiative_id=assistant.pk, by=owner, at=LATER)
    assert (draft.version, draft.body) == (2, in_force.body)


def test_a_draft_that_exists_is_returned(in_force, assistant, owner):
    first = services.start_draft(initiative_id=assistant.pk, by=owner, at=LATER)
    assert services.start_draft(initiative_id=assistant.pk, by=owner, at=LATER) == first


def test_while_a_version_is_decided_no_other_begins(assistant, handbook, tenant, owner, deciders):
    asking.sent(assistant, [asking.grant(handbook, tenant)], by=owner)
    with pytest.raises(Conflict) as refused:
        services.start_draft(initiative_id=assistant.pk, by=owner, at=LATER)
    assert refused.value.code == "being_decided"


def test_the_old_version_stays_in_force_until_the_new_one_is_approved(in_force, assistant, owner, deciders):
    longer = [in_force.body["grants"][0] | {"ends": "2027-01-31"}]
    request = asking.sent(assistant, longer, by=owner, ends="2027-01-31")
    assert states(assistant) == [(1, "active"), (2, "pending")]
    asking.approve(request, *deciders[:2], at=LATER)
    assert states(assistant) == [(1, "superseded"), (2, "active")]
    assert Remit.objects.get(pk=in_force.pk).state == "superseded"


def test_a_refused_version_leaves_the_old_one_in_force(in_force, assistant, owner, deciders):
    request = asking.sent(assistant, in_force.body["grants"], by=owner, title="Another title")
    asking.say("reject", request, by=deciders[1], comment="No.")
    assert states(assistant) == [(1, "active")]


def test_revoking_a_remit_ends_its_grants_at_once(in_force, assistant, head, tenant):
    services.revoke_remit(remit_id=in_force.pk, reason="The project is over.", by=head, at=LATER)
    assert usable_grants(assistant.pk, tenant.pk, Mode.PROMPT, at=LATER) == []


def test_a_revocation_owes_a_reason(in_force, head):
    with pytest.raises(Invalid):
        services.revoke_remit(remit_id=in_force.pk, reason=" ", by=head, at=LATER)


def test_a_requester_cannot_revoke(in_force, owner):
    with pytest.raises(NotAllowed):
        services.revoke_remit(remit_id=in_force.pk, reason="Because.", by=owner, at=LATER)


def test_the_steward_of_the_data_ends_a_grant_on_it(in_force, steward, recorded):
    grant = in_force.grants.get()
    ended = services.revoke_grant(grant_id=grant.pk, reason="Not for this.", by=steward, at=LATER)
    assert (ended.state, recorded.kinds(grant.pk)) == ("revoked", ["remits.grant_revoked"])


def test_a_steward_of_other_data_cannot(in_force, retail):
    other = builders.actor_with(Role.DATA_STEWARD, retail)
    with pytest.raises(NotAllowed):
        services.revoke_grant(grant_id=in_force.grants.get().pk, reason="Mine.", by=other, at=LATER)


def test_grants_end_with_their_last_day_in_the_time_zone_of_the_unit(in_force, assistant, tenant):
    last_moment = datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)  # 23:59:59 in Zurich
    assert usable_grants(assistant.pk, tenant.pk, Mode.PROMPT, at=last_moment)
    assert not usable_grants(assistant.pk, tenant.pk, Mode.PROMPT, at=last_moment + timedelta(seconds=1))


def test_the_clock_closes_what_is_over_and_tells(in_force, assistant, recorded):
    over = datetime(2027, 1, 1, tzinfo=UTC)
    assert services.expire_grants(by=CLOCK, at=over) == 1
    assert (states(assistant), Remit.objects.get(pk=in_force.pk).state) == ([(1, "expired")], "expired")
    assert services.expire_grants(by=CLOCK, at=over) == 0
    assert [body["kind"] for body in recorded.bodies] == ["remits.grant_expired", "remits.remit_expired"]


@pytest.fixture
def other(in_force, assistant, owner, deciders):
    """Another initiative, with the same data toward another destination."""
    made = scope.initiative(assistant.accountable_unit, by=owner)
    grant = asking.grant(in_force.grants.get().dataset, scope.destination(**asking.OUR_TENANT))
    asking.approve(asking.sent(made, [grant], by=owner), *deciders[:2])
    return made


def test_worse_terms_suspend_exactly_the_dependent_grants(assistant, other, tenant):
    scope.set_terms(tenant, retention_days=365, at=LATER)
    assert (states(assistant), states(other)) == ([(1, "suspended")], [(1, "active")])


def test_worse_terms_are_told_to_the_owner_and_stand_in_the_difference(in_force, assistant, tenant, owner, deciders):
    scope.set_terms(tenant, retention_days=365, at=LATER)
    told = Notice.objects.get(kind="remits.grant_suspended")
    assert (told.person_id, told.link) == (owner.person, f"/initiatives/{assistant.code}/")
    draft = services.start_draft(initiative_id=assistant.pk, by=owner, at=LATER)
    asked = services.submit(remit_id=draft.pk, revision=draft.revision, by=owner, at=LATER).request_id
    page = request_page(asked, reader=standing_of(deciders[0].person, LATER), at=LATER)
    changed = page.difference[0]
    assert ("30 days kept" in changed.before, "365 days kept" in changed.after) == (True, True)


def test_better_terms_touch_nothing(in_force, assistant, tenant):
    scope.set_terms(tenant, retention_days=0, at=LATER)
    assert states(assistant) == [(1, "active")]


def test_a_new_version_on_the_new_terms_brings_suspended_grants_back(in_force, assistant, tenant, owner, deciders):
    scope.set_terms(tenant, retention_days=365, at=LATER)
    draft = services.start_draft(initiative_id=assistant.pk, by=owner, at=LATER)
    outcome = services.submit(remit_id=draft.pk, revision=draft.revision, by=owner, at=LATER)
    asking.approve(Request.objects.get(pk=outcome.request_id), *deciders[:2], at=LATER)
    assert states(assistant) == [(1, "superseded"), (2, "active")]


def test_a_raised_classification_suspends_the_grants_on_that_data(in_force, assistant, handbook, steward):
    catalogue.edit_dataset(
        dataset_id=handbook.pk, revision=handbook.revision, classification="confidential", by=steward, at=LATER
    )
    assert states(assistant) == [(1, "suspended")]


def test_retired_data_ends_the_grants_on_it(in_force, assistant, handbook, steward):
    catalogue.retire_dataset(dataset_id=handbook.pk, revision=handbook.revision, by=steward, at=LATER)
    assert states(assistant) == [(1, "revoked")]


@pytest.fixture
def two_conditions(handbook, letters, tenant):
    return [
        asking.grant(handbook, tenant, conditions={"redact": ["PERSON"], "calls_per_day": 900}),
        asking.grant(letters, tenant, conditions={"redact": ["IBAN_CODE"], "calls_per_day": 10, "ruleset": "strict"}),
    ]


def test_the_strictest_conditions_of_all_grants_hold(assistant, two_conditions, tenant, owner, deciders):
    asking.approve(asking.sent(assistant, two_conditions, by=owner), *deciders)
    held = conditions_of(usable_grants(assistant.pk, tenant.pk, Mode.PROMPT, at=LATER))
    assert (held.redact, held.calls_per_day, held.ruleset) == (("IBAN_CODE", "PERSON"), 10, "strict")


def test_a_grant_is_for_its_mode_and_destination_alone(in_force, assistant, tenant):
    elsewhere = scope.destination()
    assert not usable_grants(assistant.pk, tenant.pk, Mode.FINE_TUNE, at=LATER)
    assert not usable_grants(assistant.pk, elsewhere.pk, Mode.PROMPT, at=LATER)


def test_what_cannot_be_read_of_conditions_is_never_taken_for_none(in_force, assistant):
    Grant.objects.filter(remit=in_force).update(conditions={"redact": "PERSON"})
    with pytest.raises(Invalid):
        grants_of(assistant.pk, at=LATER)
