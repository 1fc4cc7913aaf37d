"""Changes requested, made and sent again: what voids approvals and what does not."""

import pytest

import asking
import builders
import scope
from governance.approvals import services
from governance.approvals.models import Decision, Request
from governance.approvals.rules import DecisionKind, RequestState, StageState
from governance.approvals.selectors import inbox
from governance.catalogue import services as catalogue
from governance.core.errors import Conflict
from governance.destinations.selectors import terms_in_force
from governance.notices.models import Notice
from governance.organisation.roles import Role
from governance.remits import services as remits
from governance.remits.models import Remit

pytestmark = pytest.mark.django_db
CHANGE = DecisionKind.REQUEST_CHANGES


def resent(request, owner, *, at=asking.AT, **changed):
    """Return the request after its remit was changed and sent again."""
    remit = Remit.objects.get(pk=request.subject_id)
    body = remit.body | changed
    saved = remits.save_draft(remit_id=remit.pk, body=body, revision=remit.revision, by=owner, at=at)
    outcome = remits.submit(remit_id=saved.pk, revision=saved.revision, by=owner, at=at)
    return Request.objects.get(pk=outcome.request_id)


@pytest.fixture
def returned(request_for_letters, steward, it):
    """The steward approved, IT asked for changes."""
    asking.approve(request_for_letters, steward)
    return asking.say(CHANGE, request_for_letters, by=it, comment="Fewer calls, please.")


def stages(request):
    return {stage.name: stage for stage in request.revisions.order_by("-number")[0].stages.all()}


def test_requested_changes_open_the_remit_for_editing(returned):
    remit = Remit.objects.get(pk=returned.subject_id)
    assert (returned.state, remit.state, remit.grants.count()) == (RequestState.CHANGES_REQUESTED, "draft", 0)


def test_the_same_request_goes_on_with_a_new_revision(returned, owner):
    again = resent(returned, owner, title="Letters assistant, smaller")
    assert (again.pk, again.state, again.revisions.count()) == (returned.pk, RequestState.IN_REVIEW, 2)


def test_a_cosmetic_change_keeps_the_approval_and_asks_again_whoever_asked_for_it(returned, owner, it, security):
    again = resent(returned, owner, title="Letters assistant, renamed")
    assert stages(again)["Data stewards"].state == StageState.SATISFIED
    assert asking.approve(again, it, security).state == RequestState.APPROVED


def test_whose_approval_still_counts_is_told_and_nobody_else(returned, owner, steward):
    resent(returned, owner, title="Letters assistant, renamed")
    assert Notice.objects.get(kind="approvals.still_counts").person_id == steward.person


def test_a_material_change_voids_the_approval(returned, owner, steward, it):
    later = [grant | {"ends": "2027-01-31"} for grant in Remit.objects.get(pk=returned.subject_id).body["grants"]]
    again = resent(returned, owner, grants=later, ends="2027-01-31")
    assert stages(again)["Data stewards"].state == StageState.OPEN
    assert asking.approve(again, steward, it).state == RequestState.IN_REVIEW


def test_a_decision_of_the_first_version_stays_in_the_record(returned, owner):
    resent(returned, owner, title="Renamed")
    assert list(Decision.objects.values_list("revision__number", "kind")) == [(1, "approve"), (1, "request_changes")]


def test_the_old_digest_decides_nothing(returned, owner, it):
    old = returned.revisions.get().digest
    again = resent(returned, owner, title="Renamed")
    with pytest.raises(Conflict) as refused:
        services.decide(request_id=again.pk, kind="approve", digest=old, comment="", by=it, at=asking.AT)
    assert refused.value.code == "digest_moved"


@pytest.fixture
def two_datasets(handbook, tenant, retail):
    """Grants on data of two steward units."""
    leaflets = scope.dataset(retail, title="Retail leaflets", ref="leaflets")
    return [asking.grant(handbook, tenant), asking.grant(leaflets, tenant)]


def test_sending_again_never_approves_by_itself(assistant, owner, deciders, two_datasets, retail):
    """Left out is what the one steward objected to; the others' approvals would be enough, so they are asked anew."""
    objector = builders.actor_with(Role.DATA_STEWARD, retail)
    request = asking.sent(assistant, two_datasets, by=owner)
    asking.approve(request, *deciders[:2])
    asking.say(CHANGE, request, by=objector, comment="Not the leaflets.")
    again = resent(request, owner, grants=two_datasets[:1])
    assert again.state == RequestState.IN_REVIEW
    assert asking.approve(again, *deciders[:2]).state == RequestState.APPROVED


def test_a_request_in_review_cannot_be_revised(request_for_letters, owner):
    with pytest.raises(Conflict) as refused:
        services.revise(request_id=request_for_letters.pk, by=owner, at=asking.AT)
    assert refused.value.code == "not_open_for_changes"


def test_terms_that_moved_before_the_last_approval_make_the_request_stale(request_for_letters, deciders, tenant, owner):
    asking.approve(request_for_letters, *deciders[:2])
    scope.set_terms(tenant, retention_days=90, at=asking.LATER)
    stale = asking.approve(request_for_letters, deciders[2], at=asking.LATER)
    remit = Remit.objects.get(pk=stale.subject_id)
    assert (stale.state, remit.state) == (RequestState.STALE, "draft")


def test_a_classification_raised_before_the_last_approval_makes_the_request_stale(
    assistant, handbook, tenant, owner, deciders
):
    steward, it, _ = deciders
    request = asking.sent(assistant, [asking.grant(handbook, tenant)], by=owner)
    asking.approve(request, it)
    changed = {"revision": handbook.revision, "classification": "confidential"}
    catalogue.edit_dataset(dataset_id=handbook.pk, by=steward, at=asking.AT, **changed)
    assert asking.approve(request, steward).state == RequestState.STALE


def test_a_stale_request_goes_on_as_a_new_revision_that_everybody_decides(request_for_letters, deciders, tenant, owner):
    asking.approve(request_for_letters, *deciders[:2])
    scope.set_terms(tenant, retention_days=90, at=asking.LATER)
    asking.approve(request_for_letters, deciders[2], at=asking.LATER)
    terms = terms_in_force(tenant.pk, at=asking.LATER).digest
    grants = [grant | {"terms": terms} for grant in Remit.objects.get().body["grants"]]
    again = resent(request_for_letters, owner, at=asking.LATER, grants=grants)
    assert asking.approve(again, *deciders, at=asking.LATER).state == RequestState.APPROVED


def test_nobody_is_asked_about_a_version_that_was_replaced(request_for_letters, deciders, owner):
    steward, it, _ = deciders
    asking.say(CHANGE, request_for_letters, by=it, comment="Less.")
    again = resent(request_for_letters, owner)
    asking.approve(again, steward)
    assert inbox(steward.person, asking.LATER) == []
    replaced = again.revisions.get(number=1).stages
    assert {stage.state for stage in replaced.all()} == {StageState.SKIPPED}
