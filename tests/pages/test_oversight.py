"""The page Oversight: totals for everybody concerned, people for whoever leads them, and a rest that somebody lifts."""

from datetime import timedelta

import pytest

import builders
import overseeing
import sending
from governance.core.clock import now
from governance.gateway.models import Shortfall
from governance.organisation.roles import Role
from governance.remits.models import Grant, Remit
from governance.remits.services import rest_for_oversight

SHORT = {"tally": {}, "sentences": ["0 of 80 answers (0 %) were looked at; 50 % was promised."]}


@pytest.fixture
def who(db):
    made = sending.builder()
    sending.grant(made, sending.destination("https://quill.example/v1"))
    Remit.objects.filter(initiative=made.initiative).update(body={"oversight": {"share": 50}})
    return made


@pytest.fixture
def page(who):
    return f"/initiatives/{who.initiative.code}/oversight/"


@pytest.fixture
def head(who):
    return builders.person(Role.UNIT_HEAD, who.initiative.accountable_unit, name="Hana Head")


@pytest.fixture
def stamped(who):
    """Sixty answers within three minutes, all accepted within two seconds each."""
    found = overseeing.answers(who.initiative, 60, at=now() - timedelta(hours=3), every=timedelta(seconds=3))
    overseeing.looks(found, seconds=2, reviewer="Quentin Quick")
    return found


@pytest.fixture
def resting(who):
    remit, at = Remit.objects.get(initiative=who.initiative), now()
    told = {"figures": SHORT, "rest_figures": SHORT, "warned_at": at, "due_at": at, "rested_at": at}
    rest_for_oversight(initiative_id=who.initiative.pk, by=builders.INSTALLER, at=at)
    return Shortfall.objects.create(initiative=who.initiative, remit=remit, state="resting", **told)


def test_an_empty_page_teaches(enter, who, page):
    text = enter(who.person).get(page).text
    assert "No answers yet" in text
    assert "50 % of the answers looked at by a person" in text


def test_whoever_leads_them_sees_whose_looks_they_were(enter, head, page, stamped):
    browser = enter(head)
    text = browser.get(page).text
    assert "People looked at 60 of 60 answers (100 %)" in text
    assert "Accepted every one of 60 answers." in text
    assert f"/exchanges/{stamped[-1].pk}/" in text or "not yours to open" in text
    assert text.count("Quentin Quick") == 4
    assert "Quentin Quick,False,60,60,0,0,2.0" in browser.get(page, {"csv": "oversight_reviewers"}).text


def test_others_see_totals_and_no_names(enter, who, page, stamped):
    browser = enter(who.person)
    text = browser.get(page).text
    assert "A reviewer" in text
    assert "Quentin" not in text + browser.get(page, {"csv": "oversight_reviewers"}).text
    assert ",60,60,60,0,0," in browser.get(page, {"csv": "oversight_weeks"}).text


def test_a_head_lets_it_go_on_with_a_reason(enter, head, who, page, resting):
    browser = enter(head)
    assert "Its rights rest since" in browser.get(page).text
    assert "Write at least" in browser.post(f"{page}lift", {"reason": "ok"}).text
    browser.post(f"{page}lift", {"reason": "The clerks are back from leave."})
    assert Grant.objects.get(initiative=who.initiative).state == "active"
    assert "The clerks are back from leave." in browser.get(page).text
    again = browser.post(f"{page}lift", {"reason": "The clerks are back from leave."})
    assert "Nothing of it rests" in again.text


def test_the_initiatives_page_says_that_it_rests_and_why(enter, who, resting):
    text = enter(who.person).get(f"/initiatives/{who.initiative.code}/").text
    assert "Its rights rest: fewer answers were looked at than it promised." in text
    assert "are no longer what was decided on" not in text


def test_the_page_asks_the_same_number_of_questions_however_many_looked(
    enter, head, page, who, django_assert_max_num_queries
):
    found = overseeing.answers(who.initiative, 40, at=now() - timedelta(days=20), every=timedelta(hours=9))
    for number, each in enumerate(found):
        overseeing.looks([each], reviewer=f"Reviewer {number}")
    browser = enter(head)
    with django_assert_max_num_queries(30):
        browser.get(page)
