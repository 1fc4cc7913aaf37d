"""A stage that nobody can decide is shown as such, with its remedy, and never skipped."""

import pytest

import asking
import builders
import scope
from governance.approvals import services
from governance.approvals.models import Request, Stage
from governance.approvals.rules import DecisionKind, RequestState, StageState
from governance.approvals.selectors import request_page
from governance.core.actors import CLOCK
from governance.core.errors import NotAllowed
from governance.organisation import services as organisation
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.remits import services as remits
from governance.remits.models import Remit

pytestmark = pytest.mark.django_db


@pytest.fixture
def stuck(assistant, handbook, tenant, owner, steward):
    """A request without anybody in IT."""
    return asking.sent(assistant, [asking.grant(handbook, tenant)], by=owner)


def it_stage(request):
    return Stage.objects.get(revision__request=request, name="IT")


def test_a_stage_without_people_is_unreachable_and_says_what_is_missing(stuck, owner):
    page = request_page(stuck.pk, reader=standing_of(owner.person), at=asking.AT)
    stage = next(stage for stage in page.stages if stage.name == "IT")
    assert stage.state == StageState.UNREACHABLE
    assert "it approver on Claims" in stage.remedy


def test_it_is_never_skipped(stuck, steward):
    decided = asking.approve(stuck, steward)
    assert (decided.state, it_stage(stuck).state) == (RequestState.IN_REVIEW, StageState.UNREACHABLE)


def test_it_opens_when_somebody_gets_the_role(stuck, steward, group):
    late = builders.actor_with(Role.IT_APPROVER, group)
    assert services.seek_unreached(by=CLOCK, at=asking.LATER) == [stuck.pk]
    assert asking.approve(stuck, steward, late).state == RequestState.APPROVED


def test_looking_again_in_vain_changes_and_records_nothing(stuck, recorded):
    services.seek_unreached(by=CLOCK, at=asking.LATER)
    assert it_stage(stuck).state == StageState.UNREACHABLE
    assert recorded.bodies == []


@pytest.fixture
def two_hats(data_office, group):
    """The only steward is the only one in IT too."""
    who = builders.person(Role.DATA_STEWARD, data_office)
    organisation.give_role(
        person_id=who.pk, role=Role.IT_APPROVER, unit_id=group.pk, by=builders.INSTALLER, at=asking.AT
    )


@pytest.mark.usefixtures("two_hats")
def test_the_same_person_cannot_fill_two_parallel_stages(assistant, handbook, tenant, owner):
    request = asking.sent(assistant, [asking.grant(handbook, tenant)], by=owner)
    states = Stage.objects.filter(revision__request=request, position=1).values_list("state", flat=True)
    assert sorted(states) == [StageState.OPEN, StageState.UNREACHABLE]


def test_the_requester_alone_in_a_role_leaves_the_stage_unreachable(assistant, handbook, tenant, colleague, steward):
    request = asking.sent(assistant, [asking.grant(handbook, tenant)], by=colleague)
    assert it_stage(request).state == StageState.UNREACHABLE


def test_a_leaver_frees_nothing_silently(request_for_letters, it, admin):
    organisation.deactivate_person(person_id=it.person, by=admin, at=asking.LATER)
    assert it_stage(request_for_letters).state == StageState.UNREACHABLE
    with pytest.raises(NotAllowed):
        asking.approve(request_for_letters, it)


def test_another_takes_the_seat_of_a_leaver(request_for_letters, it, admin, group):
    organisation.deactivate_person(person_id=it.person, by=admin, at=asking.LATER)
    successor = builders.actor_with(Role.IT_APPROVER, group)
    services.seek_unreached(by=CLOCK, at=asking.LATER)
    asking.approve(request_for_letters, successor)
    assert it_stage(Request.objects.get(pk=request_for_letters.pk)).state == StageState.SATISFIED


@pytest.fixture
def nobody_there(assistant, handbook, tenant, owner, retail):
    """Two datasets of two units, and no steward in either."""
    leaflets = scope.dataset(retail, ref="leaflets")
    return asking.sent(assistant, [asking.grant(handbook, tenant), asking.grant(leaflets, tenant)], by=owner)


def test_half_of_the_people_named_later_is_in_the_log_too(nobody_there, data_office, recorded):
    half = builders.actor_with(Role.DATA_STEWARD, data_office)
    recorded.bodies.clear()
    services.seek_unreached(by=CLOCK, at=asking.LATER)
    assert Stage.objects.get(name="Data stewards").state == StageState.UNREACHABLE
    named = [body["detail"]["people"] for body in recorded.bodies if body["kind"] == "approvals.deciders_named"]
    assert named == [[str(half.person)]]


@pytest.fixture
def two_offices(handbook, tenant, assistant, owner, retail, data_office, it):
    """A request for data of two offices with one and the same steward, and nobody else."""
    both = builders.person(Role.DATA_STEWARD, data_office, name="Bea Both")
    organisation.give_role(
        person_id=both.pk, role=Role.DATA_STEWARD, unit_id=retail.pk, by=builders.INSTALLER, at=asking.AT
    )
    leaflets = scope.dataset(retail, ref="leaflets")
    request = asking.sent(assistant, [asking.grant(handbook, tenant), asking.grant(leaflets, tenant)], by=owner)
    return request, builders.actor(both)


def test_the_steward_of_two_units_answers_once_for_the_data_of_both(two_offices, it):
    request, both = two_offices
    page = request_page(request.pk, reader=standing_of(both.person), at=asking.AT)
    assert len(page.decides_as) == 2
    assert asking.approve(request, both, it).state == RequestState.APPROVED


def test_an_answer_for_two_units_is_kept_for_both(two_offices, it, owner):
    request, both = two_offices
    asking.approve(request, both)
    asking.say(DecisionKind.REQUEST_CHANGES, request, by=it, comment="Another title.")
    remit = Remit.objects.get(pk=request.subject_id)
    saved = remits.save_draft(
        remit_id=remit.pk, body=remit.body | {"title": "Better"}, revision=remit.revision, by=owner, at=asking.AT
    )
    remits.submit(remit_id=saved.pk, revision=saved.revision, by=owner, at=asking.AT)
    assert asking.approve(request, it).state == RequestState.APPROVED
