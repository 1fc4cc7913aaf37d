"""Two sides on one page, an arbiter's form that shows what changes first, and forms of who owns and builds."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

import builders
import contesting
import scope
from contesting import claim, contest_about
from governance.core.clock import now
from governance.initiatives.models import Transfer
from governance.initiatives.services import move_initiative
from governance.organisation.roles import Role

pytestmark = pytest.mark.django_db
MOST_QUERIES = 45


@pytest.fixture
def mine(group):
    return contesting.headed("Claims")


@pytest.fixture
def theirs(group):
    return contesting.headed("Digital")


@pytest.fixture
def arbiter(group):
    return builders.person(Role.ARBITER, group, name="Ada Arbiter")


@pytest.fixture
def portal(mine):
    return scope.initiative(mine.unit, by=mine.head, title="Portal replies", at=now())


@pytest.fixture
def contest(portal, theirs, arbiter):
    claim(portal, theirs, at=now(), evidence="We built the portal.")
    return contest_about(portal)


@pytest.fixture
def ruling(theirs):
    """What the arbiter fills in."""
    today = now().date()
    days = {"effective": today + timedelta(days=1), "review": today + timedelta(days=90)}
    return {"outcome": "award", "unit": str(theirs.pk), "reasons": "They built it.", **days}


def page_of(browser, contest):
    return browser.get(f"/contests/{contest.pk}/")


def test_the_title_says_what_it_is_and_both_sides_stand_beside_each_other(enter, contest, mine):
    text = page_of(enter(mine.person), contest).text
    assert "<h1>Two units claim Portal replies</h1>" in text
    assert text.index("It owns it and has not claimed it") < text.index("We built the portal.")
    assert "Ada Arbiter rules by" in text


def test_a_page_of_a_contest_asks_a_bounded_number_of_questions(
    enter, contest, portal, mine, django_assert_max_num_queries
):
    for _ in range(5):
        claim(portal, contesting.headed(), at=now())
    browser = enter(mine.person)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert "Seven units claim" in page_of(browser, contest).text


def test_a_page_of_an_initiative_asks_a_bounded_number_of_questions(
    enter, contest, portal, mine, django_assert_max_num_queries
):
    for _ in range(5):
        claim(portal, contesting.headed(), at=now())
    browser = enter(mine.person)
    with django_assert_max_num_queries(40):
        assert "Seven units claim" in browser.get(f"/initiatives/{portal.code}/").text


def test_it_does_not_exist_for_others(signed_in, contest, retail):
    assert page_of(signed_in(*Role, where=retail), contest).status_code == 404


def test_a_side_makes_its_statement_and_finds_it_to_change(enter, contest, theirs):
    browser = enter(theirs.person)
    sent = {"unit_id": str(theirs.pk), "revision": 0, "text": "It is <b>ours</b>."}
    assert browser.post(f"/contests/{contest.pk}/statement", sent).status_code == 302
    assert "It is &lt;b&gt;ours&lt;/b&gt;." in page_of(browser, contest).text
    stale = browser.post(f"/contests/{contest.pk}/statement", sent)
    assert stale.status_code == 422
    assert "Somebody changed this" in stale.text


def test_the_arbiter_sees_what_changes_before_it_does(enter, contest, portal, arbiter, theirs, ruling):
    browser, place = enter(arbiter), f"/contests/{contest.pk}/rule"
    shown = browser.post(place, ruling | {"then": "preview"})
    assert "Digital answers for it." in shown.text
    contest.refresh_from_db()
    assert contest.state == "open"
    bound = re.search(r'name="previewed" value="(\w+)"', shown.text)[1]
    assert browser.post(place, ruling | {"then": "rule", "previewed": bound}).status_code == 302
    contest.refresh_from_db()
    assert contest.state == "ruled"


def test_today_is_the_day_where_it_is_answered_for(enter, portal, theirs, arbiter, mine, ruling):
    """The two zones are 25 hours apart: it is never the same day in both."""
    mine.unit.time_zone = "Pacific/Kiritimati"
    mine.unit.save()
    claim(portal, theirs, at=now())
    place, browser = f"/contests/{contest_about(portal).pk}/rule", enter(arbiter)
    browser.cookies["zone"] = "Pacific/Pago_Pago"
    there = now().astimezone(ZoneInfo("Pacific/Kiritimati")).date()
    empty = browser.get(place).text
    assert f'name="effective" value="{there}"' in empty
    assert f"Today is {there.day} {there:%B} where it is answered for (Pacific/Kiritimati)." in empty
    assert "Digital answers for it." in browser.post(place, ruling | {"effective": there, "then": "preview"}).text
    before = browser.post(place, ruling | {"effective": there - timedelta(days=1), "then": "preview"}).text
    assert f"Choose a day from {there.day} {there:%B %Y} to " in before


def test_what_was_not_previewed_is_not_ruled(enter, contest, arbiter, ruling, mine):
    browser, place = enter(arbiter), f"/contests/{contest.pk}/rule"
    shown = browser.post(place, ruling | {"then": "preview"}).text
    bound = re.search(r'name="previewed" value="(\w+)"', shown)[1]
    other = ruling | {"unit": str(mine.pk), "then": "rule", "previewed": bound}
    assert "Claims answers for it." in browser.post(place, other).text
    contest.refresh_from_db()
    assert contest.state == "open"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"unit": ""}, "Choose one of the units that claim it", id="nobody gets it"),
        pytest.param({"outcome": "split"}, "Name 1 to 10 parts", id="a split without parts"),
        pytest.param({"outcome": "share"}, "Name 1 to 20 other units", id="shared with nobody"),
        pytest.param({"outcome": "merge"}, "Choose another initiative", id="merged into nothing"),
        pytest.param({"review": "2020-01-01"}, "The review comes after that", id="looked at before it was made"),
        pytest.param({"reasons": " "}, "Answer “Why?”.", id="no reasons"),
    ],
)
def test_a_ruling_that_says_too_little_is_told_what(enter, contest, arbiter, ruling, change, said):
    answer = enter(arbiter).post(f"/contests/{contest.pk}/rule", ruling | change | {"then": "preview"})
    assert answer.status_code == 422
    assert said in answer.text


def test_nobody_else_gets_the_arbiters_form(enter, contest, mine):
    assert enter(mine.person).get(f"/contests/{contest.pk}/rule").status_code == 403


def test_the_side_that_lost_appeals_on_the_same_page(enter, contest, mine, theirs, arbiter):
    contesting.rule(contest, contesting.award(theirs), by=builders.actor(arbiter), at=now())
    browser = enter(mine.person)
    assert "Appeal for Claims" in page_of(browser, contest).text
    sent = {"unit_id": str(mine.pk), "reasons": "It overlooked the contract."}
    assert browser.post(f"/contests/{contest.pk}/appeal", sent).status_code == 302
    assert "It overlooked the contract." in page_of(browser, contest).text


def test_a_list_without_contests_teaches(signed_in):
    assert "Three units claim Claims letters" in signed_in(Role.AUDITOR).get("/contests/").text


@pytest.mark.parametrize(("whose", "found"), [("rule", True), ("side", False)])
def test_the_list_is_narrowed_to_what_i_rule_on(enter, contest, arbiter, whose, found):
    assert ("Two units claim" in enter(arbiter).get(f"/contests/?whose={whose}").text) is found


def test_a_claim_names_the_unit_and_its_head(enter, portal, theirs):
    sent = {"speaker": f"{theirs.pk}:{theirs.person.pk}", "basis": "run", "evidence": "We run it."}
    browser = enter(builders.person(Role.REQUESTER, theirs.unit, name="Rita Requester"))
    # A claiming unit sees an initiative of another only after it claims, so its own auditor shows the address.
    builders.services.give_role(
        person_id=theirs.person.pk,
        role=Role.AUDITOR,
        unit_id=builders.organisation().pk,
        by=builders.INSTALLER,
        at=now(),
    )
    assert browser.post(f"/initiatives/{portal.code}/claim", sent).status_code == 404
    assert enter(theirs.person).post(f"/initiatives/{portal.code}/claim", sent).status_code == 302
    assert contest_about(portal).claims.get().vouched_by == theirs.person


def test_an_initiative_is_handed_over_by_two_heads(enter, portal, mine, theirs):
    sent = {"unit_id": str(theirs.pk), "reason": "They run the portal."}
    assert enter(mine.person).post(f"/initiatives/{portal.code}/transfer", sent).status_code == 302
    answer = f"/initiatives/{portal.code}/transfers/{Transfer.objects.get().pk}"
    assert enter(mine.person).post(answer, {"answer": "accept"}).status_code == 403
    assert "Accept for Digital" in enter(theirs.person).get(f"/initiatives/{portal.code}/").text
    assert enter(theirs.person).post(answer, {"answer": "accept"}).status_code == 302
    portal.refresh_from_db()
    assert portal.accountable_unit == theirs.unit


def test_an_offered_initiative_is_seen_by_who_may_answer_and_only_while_it_is_offered(enter, portal, mine, theirs):
    place, requester = f"/initiatives/{portal.code}", builders.person(Role.REQUESTER, theirs.unit)
    assert enter(theirs.person).get(f"{place}/").status_code == 404
    sent = {"unit_id": str(theirs.unit.pk), "reason": "They run the portal."}
    assert enter(mine.person).post(f"{place}/transfer", sent).status_code == 302
    assert enter(requester).get(f"{place}/").status_code == 404
    answer = f"{place}/transfers/{Transfer.objects.get().pk}"
    declined = enter(theirs.person).post(answer, {"answer": "decline"}, follow=True)
    assert (declined.status_code, "Declined." in declined.text) == (200, True)
    assert enter(theirs.person).get(f"{place}/").status_code == 404


def test_its_people_describe_it_choose_builders_and_stop_it(enter, portal, mine):
    browser, place = enter(mine.person), f"/initiatives/{portal.code}"
    described = {"revision": 1, "title": "Replies", "purpose_text": "Reply.", "tier": "low", "ai_act_class": "minimal"}
    assert browser.post(f"{place}/edit", described).status_code == 302
    assert "Somebody changed this" in browser.post(f"{place}/edit", described | {"title": "Again"}).text
    colleague = builders.person(Role.BUILDER, mine.unit, name="Cora Colleague")
    assert browser.post(f"{place}/builders/", {"login": colleague.login}).status_code == 302
    assert "Nobody here has this login" in browser.post(f"{place}/builders/", {"login": "nobody"}).text
    assert "Cora Colleague" in browser.get(f"{place}/builders/").text
    assert browser.post(f"{place}/builders/{colleague.pk}/remove").status_code == 302
    for state in ("proposed", "active"):
        move_initiative(initiative_id=portal.pk, to=state, by=builders.INSTALLER, at=now())
    assert browser.post(f"{place}/move/suspend").status_code == 302
    assert "Resume it" in browser.get(f"{place}/").text


def test_a_capability_is_named_and_claimed(signed_in, enter, theirs):
    arbiter = signed_in(Role.ARBITER)
    assert "Document drafting" in arbiter.get("/capabilities/").text  # the example of an empty list
    assert arbiter.post("/capabilities/new", {"title": "Drafting", "purpose_text": "Drafts."}).status_code == 302
    sent = {"speaker": f"{theirs.pk}:{theirs.person.pk}", "basis": "run", "evidence": "We run it."}
    browser = enter(theirs.person)
    assert browser.post("/capabilities/drafting/claim", sent).status_code == 302
    assert "Digital (runs it)" in browser.get("/capabilities/").text
