"""What the clock does about silence. The clock is moved by `at`; the week is Monday to Friday, 9 to 17, in Zurich.

The request opens on Monday 2 March 2026 at 10:00 there, and every stage has 16 working hours.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

import asking
import builders
from governance.approvals import services
from governance.approvals.models import Candidate, Reminder, Request, Stage
from governance.approvals.rules import DecisionKind, RequestState, StageState
from governance.approvals.selectors import inbox, request_page
from governance.core.actors import CLOCK, INSTALLER
from governance.notices.models import Notice
from governance.organisation import services as organisation
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.remits import services as remits
from governance.remits.models import Remit
from governance.remits.rules import RemitState

pytestmark = pytest.mark.django_db
HALF = datetime(2026, 3, 3, 9, tzinfo=UTC)  # Tuesday 10:00 in Zurich
DUE = datetime(2026, 3, 4, 9, tzinfo=UTC)  # Wednesday 10:00
DOUBLE = datetime(2026, 3, 6, 9, tzinfo=UTC)  # Friday 10:00
TRIPLE = datetime(2026, 3, 10, 9, tzinfo=UTC)  # Tuesday after
MOMENT = timedelta(seconds=1)


@pytest.fixture
def office_head(data_office):
    return builders.actor(builders.person(Role.UNIT_HEAD, data_office, name="Olaf Office"))


@pytest.fixture
def top(group):
    return builders.actor(builders.person(Role.UNIT_HEAD, group, name="Hugo Berg"))


@pytest.fixture
def request_(assistant, handbook, tenant, owner, steward, it):
    """A request that waits for a steward and for IT."""
    return asking.sent(assistant, [asking.grant(handbook, tenant)], by=owner)


def stage_of(request, name="Data stewards"):
    return Stage.objects.select_related("revision__request").get(revision__request=request, name=name)


def chase(at):
    return services.chase_deciders(by=CLOCK, at=at)


def told(kind):
    return {notice.person.name for notice in Notice.objects.filter(kind=kind).select_related("person")}


def taken(request):
    rows = Reminder.objects.filter(slot__stage=stage_of(request)).select_related("person")
    return [(row.kind, row.person.name if row.person else "") for row in rows.order_by("step")]


def test_a_stage_is_due_in_working_hours_of_those_asked(request_):
    assert {stage.due_at for stage in Stage.objects.filter(revision__request=request_, state="open")} == {DUE}


def test_a_public_holiday_of_the_stewards_unit_moves_only_their_stage(
    assistant, handbook, tenant, owner, steward, it, data_office
):
    closed = {"first_date": date(2026, 3, 3), "last_date": date(2026, 3, 3), "reason": "Inventory"}
    organisation.add_closure(unit_id=data_office.pk, **closed, by=INSTALLER, at=asking.AT)
    request = asking.sent(assistant, [asking.grant(handbook, tenant)], by=owner)
    assert stage_of(request).due_at == DUE + timedelta(days=1)
    assert stage_of(request, "IT").due_at == DUE


def test_at_half_the_time_those_asked_are_reminded_and_nobody_else(request_, owner):
    assert chase(HALF - MOMENT) == 0
    assert chase(HALF) == 2
    assert told("approvals.reminded") == {"Stella Steward", "Ines It"}


def test_who_has_spoken_is_not_reminded(request_, it):
    asking.approve(request_, it)
    chase(HALF)
    assert told("approvals.reminded") == {"Stella Steward"}


def test_when_the_time_is_over_the_head_of_those_asked_can_decide_too(request_, office_head, top):
    chase(HALF)
    chase(DUE)
    assert told("approvals.escalated") == {"Olaf Office", "Hugo Berg"}
    assert [row.id for row in inbox(office_head.person, DUE)] == [request_.pk]
    asking.approve(request_, office_head, at=DUE)
    assert stage_of(request_).state == StageState.SATISFIED


def test_whoever_got_the_role_meanwhile_comes_before_any_head(request_, office_head, data_office):
    builders.person(Role.DATA_STEWARD, data_office, name="Nora New")
    chase(DUE)
    assert taken(request_) == [("escalated", "Nora New")]


def test_at_twice_the_time_it_goes_to_the_head_above_by_name_to_decide_or_delegate(request_, office_head, top):
    for moment in (HALF, DUE, DOUBLE):
        chase(moment)
    assert taken(request_) == [("reminded", ""), ("escalated", "Olaf Office"), ("to_head", "Hugo Berg")]
    notice = Notice.objects.get(kind="approvals.to_head")
    assert (notice.person_id, "Decide it, or delegate it" in notice.text) == (top.person, True)


def test_each_further_period_asks_again_at_the_top_and_the_stage_stays_open(request_, office_head, top):
    for moment in (HALF, DUE, DOUBLE, TRIPLE, TRIPLE + timedelta(days=30), TRIPLE + timedelta(days=60)):
        chase(moment)
    assert taken(request_)[-2:] == [("to_head", "Hugo Berg"), ("to_head", "Hugo Berg")]
    assert Candidate.objects.filter(slot__stage=stage_of(request_), person=top.person).count() == 1
    assert (stage_of(request_).state, Request.objects.get().state) == ("open", RequestState.IN_REVIEW)


def test_a_unit_without_a_head_is_passed_over(request_, top):
    chase(DUE)
    assert taken(request_) == [("escalated", "Hugo Berg")]


def test_without_any_head_the_asker_is_told_and_the_request_lives(request_):
    chase(DUE)
    assert taken(request_) == [("escalated", "")]
    assert told("approvals.nobody_above") == {"Olga Owner"}
    assert Request.objects.get().state == RequestState.IN_REVIEW


def test_a_head_who_asked_is_never_named(assistant, handbook, tenant, claims, steward, it, top, group):
    organisation.give_role(person_id=top.person, role=Role.REQUESTER, unit_id=group.pk, by=INSTALLER, at=asking.AT)
    request = asking.sent(assistant, [asking.grant(handbook, tenant)], by=top)
    chase(DUE)
    assert taken(request) == [("escalated", "")]


def test_a_second_clock_takes_no_step_twice(request_, recorded, top):
    for moment in (HALF, HALF, DUE, DUE, DUE + MOMENT):
        chase(moment)
    kinds = [body["kind"] for body in recorded.bodies]
    assert kinds.count("approvals.deciders_reminded") == 2
    assert kinds.count("approvals.stage_escalated") == 2


def test_after_a_clock_that_stood_still_everybody_named_still_gets_their_time(request_, office_head, top):
    late = TRIPLE + timedelta(days=7)
    chase(late)
    chase(late + MOMENT)
    assert taken(request_) == [("escalated", "Olaf Office")]
    assert stage_of(request_).next_reminder_at > late + timedelta(days=1)


def test_a_decided_request_is_left_alone(request_, it, steward):
    asking.approve(request_, it, steward)
    assert chase(DUE) == 0


def test_a_stage_that_nobody_could_decide_goes_higher_too_and_opens(assistant, handbook, tenant, owner, it, top):
    request = asking.sent(assistant, [asking.grant(handbook, tenant)], by=owner)
    assert stage_of(request).state == StageState.UNREACHABLE
    chase(DUE)
    assert stage_of(request).state == StageState.OPEN


def foretold_to(reader, request, *, at):
    shown = request_page(request.pk, reader=standing_of(reader.person), at=at)
    return next(stage.following for stage in shown.stages if stage.state == StageState.OPEN)


def test_what_comes_next_is_foretold_with_time_and_name(request_, it, top):
    foretold = foretold_to(it, request_, at=asking.AT)
    assert (foretold.kind, foretold.at, foretold.to) == ("reminded", HALF, ())
    chase(HALF)
    foretold = foretold_to(it, request_, at=HALF)
    assert (foretold.kind, foretold.at, foretold.to) == ("escalated", DUE, ("Hugo Berg",))


def test_a_leaver_is_replaced_at_once_by_whoever_holds_the_role_now(request_, steward, data_office, admin):
    builders.person(Role.DATA_STEWARD, data_office, name="Nora New")
    organisation.deactivate_person(person_id=steward.person, by=admin, at=HALF)
    page = request_page(request_.pk, reader=standing_of(request_.requester_id), at=HALF)
    stage = next(stage for stage in page.stages if stage.name == "Data stewards")
    assert (stage.state, "Nora New" in stage.slots[0].candidates) == (StageState.OPEN, True)


def test_a_role_that_is_taken_is_followed_like_a_leaver(request_, steward, data_office, admin):
    organisation.take_role(person_id=steward.person, role=Role.DATA_STEWARD, unit_id=data_office.pk, by=admin, at=HALF)
    assert stage_of(request_).state == StageState.UNREACHABLE


@pytest.fixture
def returned(request_, it):
    return asking.say(DecisionKind.REQUEST_CHANGES, request_, by=it, comment="Fewer.")


def ask(days, **more):
    return services.chase_askers(by=CLOCK, at=asking.AT + timedelta(days=days, **more))


def test_an_asker_who_owes_an_answer_is_warned_twice_and_then_it_lapses(returned, recorded):
    counts = [ask(day, minutes=day) for day in (14, 15, 16, 26, 27, 28, 29, 31)]
    assert counts == [0, 1, 0, 0, 1, 0, 0, 1]
    assert [body["kind"].split(".")[1] for body in recorded.bodies[-3:]] == [
        "requester_warned",
        "requester_warned",
        "request_lapsed",
    ]
    assert Request.objects.get().state == RequestState.LAPSED
    assert told("approvals.lapsed") == {"Olga Owner"}


def test_what_lapsed_keeps_its_draft_and_can_be_asked_again(returned, owner):
    for day in (16, 28, 32):
        ask(day)
    remit = Remit.objects.get(pk=returned.subject_id)
    assert remit.state == RemitState.DRAFT
    outcome = remits.submit(remit_id=remit.pk, revision=remit.revision, by=owner, at=asking.AT + timedelta(days=33))
    assert outcome.request_id not in {None, returned.pk}


def test_an_answer_in_time_ends_the_warnings(returned, owner):
    ask(16)
    remit = Remit.objects.get(pk=returned.subject_id)
    remits.submit(remit_id=remit.pk, revision=remit.revision, by=owner, at=asking.AT + timedelta(days=17))
    assert [ask(day) for day in (28, 40, 80)] == [0, 0, 0]


def test_a_clock_that_comes_late_warns_twice_before_anything_ends(returned):
    assert [ask(100), ask(100, minutes=1), ask(101)] == [1, 0, 0]
    assert Request.objects.get().answer_due_at > asking.AT + timedelta(days=114)


def test_no_approver_silence_ever_ends_a_request(request_, top):
    for day in range(0, 200, 5):
        chase(asking.AT + timedelta(days=day))
        ask(day)
    assert Request.objects.get().state == RequestState.IN_REVIEW
