"""The inbox, the one-screen decision page, and how long people wait."""

from datetime import timedelta

import pytest

import asking
import builders
from governance.approvals import services
from governance.approvals.rules import StageState
from governance.approvals.selectors import asked_by, decided_by, inbox, request_page, waiting_stats
from governance.core.errors import NotFound
from governance.core.verdict import Allowed
from governance.notices.models import Notice
from governance.organisation import services as organisation
from governance.organisation.models import Person
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.remits import services as remits
from governance.remits.models import Remit

pytestmark = pytest.mark.django_db
AT, LATER = asking.AT, asking.LATER


def page(request, reader, *, at=AT):
    return request_page(request.pk, reader=standing_of(reader.person), at=at)


def stage(request, reader, name):
    return next(stage for stage in page(request, reader).stages if stage.name == name)


def waiting(*actors):
    return [[row.number for row in inbox(actor.person, AT)] for actor in actors]


def test_a_request_waits_only_for_those_whose_stage_is_open(request_for_letters, steward, it, security, owner):
    number = request_for_letters.number
    assert waiting(steward, it, security, owner) == [[number], [number], [], []]


def test_a_decided_request_leaves_the_inbox_of_everybody_in_the_stage(request_for_letters, it, group):
    asking.approve(request_for_letters, it)
    assert waiting(it) == [[]]
    assert [(row.number, row.my_decision) for row in decided_by(it.person)] == [(request_for_letters.number, "approve")]


def test_the_requester_sees_what_it_waits_for(request_for_letters, owner, steward, it):
    assert asked_by(owner.person)[0].waits_for == ("Data stewards", "IT")
    asking.approve(request_for_letters, steward, it)
    assert asked_by(owner.person)[0].waits_for == ("Security",)


def test_the_page_is_one_sentence_with_its_difference_and_facts(request_for_letters, it):
    shown = page(request_for_letters, it)
    assert shown.title == (
        "Letters assistant wants to send confidential data (Claims letters) to Example model, our tenant"
    )
    assert shown.first_version
    assert "Claims letters to Example model, our tenant, prompt, summarise" in [row.field for row in shown.difference]
    assert ("Owner", "Claims") in [(fact.label, fact.text) for fact in shown.facts]


def test_each_stage_says_why_who_and_how_long(request_for_letters, it, steward):
    security = stage(request_for_letters, it, "Security")
    assert (security.state, security.reason, security.usual_hours) == ("waiting", "The data is confidential.", None)
    mine = stage(request_for_letters, it, "IT")
    assert (mine.mine, mine.slots[0].candidates) == (True, ("Ines It",))
    assert not stage(request_for_letters, steward, "IT").mine


def test_nobody_is_asked_while_the_asker_owes_an_answer(request_for_letters, steward, it):
    asking.say("request_changes", request_for_letters, by=it, comment="Fewer calls.")
    for reader in (it, steward):
        shown = page(request_for_letters, reader)
        assert [(each.name, each.asked, each.mine) for each in shown.stages if each.asked or each.mine] == []
        assert not shown.may_send_again
    assert inbox(steward.person, AT) == []


def test_who_lost_the_role_is_not_waited_for(assistant, letters, tenant, owner, steward, it, group):
    second = builders.actor_with(Role.IT_APPROVER, group)
    request = asking.sent(assistant, [asking.grant(letters, tenant)], by=owner)
    given = {"person_id": second.person, "role": Role.IT_APPROVER, "unit_id": group.pk}
    organisation.take_role(**given, by=builders.INSTALLER, at=AT)
    asked = next(each for each in page(request, it).stages if each.name == "IT")
    assert [seat.candidates for seat in asked.slots] == [("Ines It",)]
    assert inbox(second.person, AT) == []


def test_the_page_tells_each_reader_whether_they_may_decide(request_for_letters, it, owner, security):
    assert page(request_for_letters, it).may_decide == Allowed()
    assert page(request_for_letters, security).may_decide.code == "not_asked"
    assert page(request_for_letters, owner).may_decide.code == "not_permitted"
    assert (page(request_for_letters, owner).may_withdraw, page(request_for_letters, it).may_withdraw) == (True, False)


def test_an_outsider_sees_nothing(request_for_letters, outsider):
    with pytest.raises(NotFound):
        page(request_for_letters, outsider)


def test_a_candidate_from_another_unit_may_read_what_they_are_asked(request_for_letters, steward):
    assert page(request_for_letters, steward).number == request_for_letters.number


def test_against_the_version_in_force_only_the_change_is_shown(request_for_letters, assistant, owner, deciders):
    asking.approve(request_for_letters, *deciders)
    grants = [grant | {"ends": "2027-01-31"} for grant in Remit.objects.get().body["grants"]]
    second = asking.sent(assistant, grants, by=owner, ends="2027-01-31")
    shown = page(second, deciders[0])
    assert not shown.first_version
    assert [(row.before[:16], row.after[:16], row.material) for row in shown.difference] == [
        ("2026-12-31", "2027-01-31", True),
        ("until 2026-12-31", "until 2027-01-31", True),
    ]


def test_decisions_and_comments_stay_on_the_page(request_for_letters, steward, it, owner):
    asking.say("approve", request_for_letters, by=steward, comment="Replace policy numbers too.")
    services.comment(request_id=request_for_letters.pk, text="Will do.", by=owner, at=LATER)
    shown = page(request_for_letters, it)
    assert [(row.who, row.role, row.kind) for row in shown.decisions] == [
        ("Stella Steward", "steward of Claims letters", "approve")
    ]
    assert [(row.who, row.text) for row in shown.comments] == [("Olga Owner", "Will do.")]


def test_an_approval_of_an_earlier_version_that_still_counts_is_shown_as_such(request_for_letters, steward, it, owner):
    asking.approve(request_for_letters, steward)
    asking.say("request_changes", request_for_letters, by=it, comment="A better title.")
    remit = Remit.objects.get()
    saved = remits.save_draft(
        remit_id=remit.pk, body=remit.body | {"title": "Better"}, revision=remit.revision, by=owner, at=AT
    )
    remits.submit(remit_id=saved.pk, revision=saved.revision, by=owner, at=AT)
    seat = stage(request_for_letters, it, "Data stewards").slots[0]
    assert (seat.decided_by, seat.carried) == ("Stella Steward", True)


def test_waits_are_counted_from_what_happened(request_for_letters, it, steward):
    assert waiting_stats(["IT"], at=LATER) == {}
    asking.approve(request_for_letters, it, at=LATER)
    found = waiting_stats(["IT", "Security"], at=LATER)
    assert (found["IT"].hours, set(found)) == (3, {"IT"})


def test_those_asked_are_told_and_so_is_the_requester(request_for_letters, it, steward, security, owner):
    told = set(Notice.objects.filter(kind="approvals.decision_wanted").values_list("person_id", flat=True))
    assert told == {it.person, steward.person}
    asking.approve(request_for_letters, it, steward, security)
    assert Notice.objects.get(person_id=owner.person).kind == "approvals.approved"


def test_others_who_are_asked_see_that_somebody_has_it_open(assistant, letters, tenant, owner, steward, it, group):
    second = builders.actor_with(Role.IT_APPROVER, group)
    request = asking.sent(assistant, [asking.grant(letters, tenant)], by=owner)
    for _ in range(2):
        services.note_look(request_id=request.pk, by=it, at=LATER)
    shown = [inbox(who.person, LATER)[0].looking for who in (it, second, steward)]
    assert shown == [(), (Person.objects.get(pk=it.person).name,), ()]
    assert inbox(second.person, LATER + timedelta(minutes=16))[0].looking == ()


def test_the_page_costs_the_same_with_more_people(request_for_letters, it, django_assert_max_num_queries, group):
    for _ in range(5):
        builders.actor_with(Role.IT_APPROVER, group)
    with django_assert_max_num_queries(26):
        page(request_for_letters, it)


def test_a_stage_that_waits_names_nobody_yet(request_for_letters, it):
    waiting_stage = stage(request_for_letters, it, "Security")
    assert waiting_stage.state == StageState.WAITING
    assert waiting_stage.slots[0].candidates == ()
