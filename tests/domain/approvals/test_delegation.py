"""Somebody is away: who decides in their place, for what, and how it is shown."""

from datetime import timedelta

import pytest

import asking
import builders
from governance.approvals import services
from governance.approvals.models import Decision, Stage
from governance.approvals.rules import DecisionKind, RequestState, StageState
from governance.approvals.selectors import inbox, request_page
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.notices.models import Notice
from governance.organisation import services as organisation
from governance.organisation.models import Delegation
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def hand_on(giver, deputy, *, starts_at=asking.AT, lasts=WEEK, at=asking.AT, **scope):
    return organisation.delegate(
        deputy_id=deputy.person,
        starts_at=starts_at,
        ends_at=starts_at + lasts,
        reason="On leave.",
        by=giver,
        at=at,
        **scope,
    )


def code_of(act):
    with pytest.raises((NotAllowed, Conflict, Invalid, NotFound)) as refused:
        act()
    return refused.value.code


@pytest.fixture
def dana(retail):
    """Decides in another unit, and nothing here but in somebody's place."""
    return builders.actor(builders.person(Role.DATA_STEWARD, retail, name="Dana Deputy"))


@pytest.fixture
def cleo(retail):
    return builders.actor(builders.person(Role.UNIT_HEAD, retail, name="Cleo Second"))


def test_a_deputy_decides_on_behalf_of_who_is_away(request_for_letters, it, dana):
    hand_on(it, dana)
    asking.approve(request_for_letters, dana)
    decision = Decision.objects.get(actor_id=dana.person)
    assert (decision.on_behalf_of_id, decision.slot.label) == (it.person, "IT approver")


def test_who_was_spoken_for_does_not_speak_again(request_for_letters, it, dana):
    hand_on(it, dana)
    asking.approve(request_for_letters, dana)
    assert code_of(lambda: asking.approve(request_for_letters, it)) == "already_spoken"


def test_two_deputies_of_one_person_are_one_voice(assistant, letters, tenant, owner, steward, group, dana, cleo):
    both = builders.person(Role.IT_APPROVER, group, name="Two Seats")
    builders.services.give_role(
        person_id=both.pk, role=Role.SECURITY_APPROVER, unit_id=group.pk, by=builders.INSTALLER, at=asking.AT
    )
    builders.actor_with(Role.SECURITY_APPROVER, group)
    request = asking.sent(assistant, [asking.grant(letters, tenant)], by=owner)
    hand_on(builders.actor(both), dana, role=Role.IT_APPROVER)
    hand_on(builders.actor(both), cleo, role=Role.SECURITY_APPROVER)
    asking.approve(request, steward, dana)
    assert code_of(lambda: asking.approve(request, cleo)) == "not_asked"


def test_what_waits_for_who_is_away_waits_for_the_deputy_too(request_for_letters, it, dana):
    assert inbox(dana.person, asking.AT) == []
    hand_on(it, dana)
    [row] = inbox(dana.person, asking.AT)
    assert (row.id, row.in_place_of) == (request_for_letters.pk, "Ines It")


def test_the_page_says_in_whose_place_one_decides(request_for_letters, it, dana):
    hand_on(it, dana)
    page = request_page(request_for_letters.pk, reader=standing_of(dana.person), at=asking.AT)
    assert (bool(page.may_decide), page.in_place_of) == (True, "Ines It")


def test_a_deputy_is_told_of_it_and_of_what_opens(request_for_letters, security, it, steward, dana):
    hand_on(security, dana)
    asking.approve(request_for_letters, it, steward)
    kinds = Notice.objects.filter(person_id=dana.person).order_by("made_at", "pk").values_list("kind", flat=True)
    assert list(kinds) == ["approvals.deputy", "approvals.decision_wanted"]


@pytest.mark.parametrize(
    "scope",
    [
        pytest.param({"role": Role.SECURITY_APPROVER}, id="another role"),
        pytest.param({"subject_kind": "pattern"}, id="another kind of request"),
        pytest.param({"starts_at": asking.AT + WEEK}, id="a window ahead"),
    ],
)
def test_outside_its_scope_a_delegation_gives_nothing(request_for_letters, it, dana, scope):
    hand_on(it, dana, **scope)
    assert code_of(lambda: asking.approve(request_for_letters, dana)) == "not_asked"


def test_a_delegation_for_another_unit_gives_nothing_here(request_for_letters, steward, dana, retail):
    hand_on(steward, dana, unit_id=retail.pk)
    assert code_of(lambda: asking.approve(request_for_letters, dana)) == "not_asked"


def test_after_its_end_a_delegation_gives_nothing(request_for_letters, it, dana):
    hand_on(it, dana)
    assert code_of(lambda: asking.approve(request_for_letters, dana, at=asking.AT + WEEK)) == "not_asked"


def test_what_was_taken_back_gives_nothing(request_for_letters, it, dana):
    made = hand_on(it, dana)
    organisation.end_delegation(delegation_id=made.pk, by=it, at=asking.AT)
    assert code_of(lambda: asking.approve(request_for_letters, dana)) == "not_asked"


def test_it_ends_with_the_role(request_for_letters, it, dana, group):
    hand_on(it, dana)
    organisation.take_role(
        person_id=it.person, role=Role.IT_APPROVER, unit_id=group.pk, by=builders.INSTALLER, at=asking.AT
    )
    assert code_of(lambda: asking.approve(request_for_letters, dana)) in {"not_asked", "already_spoken"}


def test_it_ends_when_somebody_leaves(request_for_letters, it, dana, admin):
    hand_on(it, dana)
    organisation.deactivate_person(person_id=it.person, by=admin, at=asking.AT)
    assert code_of(lambda: asking.approve(request_for_letters, dana)) == "not_asked"


def test_a_chain_reaches_two_steps_and_no_third(request_for_letters, it, dana, cleo, retail):
    third = builders.actor_with(Role.UNIT_HEAD, retail)
    hand_on(it, dana)
    hand_on(dana, cleo)
    hand_on(cleo, third)
    assert code_of(lambda: asking.approve(request_for_letters, third)) == "not_asked"
    asking.approve(request_for_letters, cleo)
    assert Decision.objects.get(actor_id=cleo.person).on_behalf_of_id == it.person


def test_a_chain_narrows_at_every_step(request_for_letters, it, dana, cleo):
    hand_on(it, dana)
    hand_on(dana, cleo, role=Role.DATA_STEWARD)
    assert code_of(lambda: asking.approve(request_for_letters, cleo)) == "not_asked"


def test_the_requesters_deputy_does_not_decide(assistant, letters, tenant, colleague, deciders, it):
    hand_on(colleague, it)
    request = asking.sent(assistant, [asking.grant(letters, tenant)], by=colleague)
    assert code_of(lambda: asking.approve(request, it)) == "own_deputy"
    assert Stage.objects.get(revision__request=request, name="IT").state == StageState.UNREACHABLE


def test_nor_after_the_delegation_was_quickly_taken_back(assistant, letters, tenant, colleague, deciders, it):
    made = hand_on(colleague, it)
    request = asking.sent(assistant, [asking.grant(letters, tenant)], by=colleague)
    organisation.end_delegation(delegation_id=made.pk, by=colleague, at=asking.AT + timedelta(minutes=1))
    assert code_of(lambda: asking.approve(request, it, at=asking.LATER)) == "own_deputy"


def test_the_requester_does_not_decide_as_somebodys_deputy(assistant, letters, tenant, colleague, deciders, security):
    hand_on(security, colleague)
    request = asking.sent(assistant, [asking.grant(letters, tenant)], by=colleague)
    assert code_of(lambda: asking.approve(request, colleague)) == "own_request"


def test_two_people_do_not_hand_on_to_each_other(it, dana):
    hand_on(it, dana)
    assert code_of(lambda: hand_on(dana, it)) == "delegation_loop"


def test_a_loop_over_a_third_is_seen(it, dana, cleo):
    hand_on(it, dana)
    hand_on(dana, cleo)
    assert code_of(lambda: hand_on(cleo, it)) == "delegation_loop"
    assert Delegation.objects.count() == 2


def test_windows_that_do_not_meet_make_no_loop(it, dana):
    hand_on(it, dana)
    assert hand_on(dana, it, starts_at=asking.AT + WEEK).deputy_id == it.person


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"lasts": timedelta(0)}, "wrong_window", id="no time at all"),
        pytest.param({"starts_at": asking.AT - WEEK, "lasts": timedelta(days=1)}, "wrong_window", id="over already"),
        pytest.param({"lasts": timedelta(days=181)}, "window_too_long", id="half a year is the most"),
        pytest.param({"role": Role.REQUESTER}, "role_decides_nothing", id="a role that decides nothing"),
    ],
)
def test_a_delegation_that_makes_no_sense_is_refused(it, dana, change, code):
    assert code_of(lambda: hand_on(it, dana, **change)) == code


def test_a_deputy_decides_requests_themselves(it, auditor):
    assert code_of(lambda: hand_on(it, auditor)) == "cannot_decide"


def test_who_decides_nothing_hands_nothing_on(owner, dana):
    assert code_of(lambda: hand_on(owner, dana)) == "not_permitted"


def test_nobody_else_takes_a_delegation_back(it, dana, cleo):
    made = hand_on(it, dana)
    end = lambda by: organisation.end_delegation(delegation_id=made.pk, by=by, at=asking.AT)  # noqa: E731
    assert code_of(lambda: end(cleo)) == "no_such_delegation"
    end(dana)
    assert code_of(lambda: end(it)) == "over"


def test_a_no_in_somebodys_place_is_a_no(request_for_letters, it, dana):
    hand_on(it, dana)
    decided = asking.say(DecisionKind.REJECT, request_for_letters, by=dana, comment="Not like this.")
    assert decided.state == RequestState.REJECTED


def test_a_deputy_may_ask_and_read_what_they_decide_on(request_for_letters, it, dana):
    hand_on(it, dana)
    remark = services.comment(request_id=request_for_letters.pk, text="Which clerk?", by=dana, at=asking.AT)
    assert remark.author_id == dana.person
