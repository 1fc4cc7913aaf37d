"""The approver's desk: one request on one screen, several after one look, somebody else's place, and exceptions."""

import re
from datetime import timedelta

import pytest

import asking
import builders
import scope
from governance.approvals.models import Decision, Override, Request
from governance.catalogue.services import ensure_built_in
from governance.core.clock import now
from governance.organisation.models import Delegation
from governance.organisation.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def security(group):
    return builders.person(Role.SECURITY_APPROVER, group, name="Sven Security")


@pytest.fixture
def ask(claims, lead, it, steward, group):
    """Return a function that sends one more request of low risk, always for the same data to the same place."""
    at = now() - timedelta(hours=1)
    ensure_built_in(unit_id=group.pk, by=builders.INSTALLER, at=at)
    letters = scope.dataset(title="Claims letters", ref="letters", at=at)
    place = scope.destination(title="Northwind, our tenant", ref="northwind", at=at, **asking.OUR_TENANT)
    ends = (at + timedelta(days=90)).date().isoformat()

    def sent(title="Letters"):
        initiative = scope.initiative(claims, by=builders.actor(lead), title=title, at=at, tier="low")
        return asking.sent(
            initiative, [asking.grant(letters, place, at=at, ends=ends)], by=builders.actor(lead), at=at, ends=ends
        )

    return sent


def decision(request, kind="approve", **more):
    digest = request.revisions.order_by("-number")[0].digest
    return {"kind": kind, "digest": digest, "comment": "", "ends": "", "human_oversight": "", **more}


def test_a_yes_on_conditions_is_given_on_the_page(ask, enter, it, lead):
    request, browser = ask(), enter(it)
    told = decision(request, redact=["IBAN_CODE"], way="hash", human_oversight="A clerk signs each.")
    browser.post(f"/inbox/{request.pk}/decide", told)
    assert Decision.objects.get().conditions == {
        "redact": ["IBAN_CODE"],
        "human_oversight": ["A clerk signs each."],
        "way": "hash",
    }
    assert "A clerk signs each." in enter(lead).get(f"/inbox/{request.pk}/").text


def test_a_condition_that_cannot_be_kept_leaves_every_word(ask, enter, it):
    request = ask()
    told = decision(request, comment="Fine so far.", ends="2999-01-01", redact=["IBAN_CODE"])
    answer = enter(it).post(f"/inbox/{request.pk}/decide", told)
    assert answer.status_code == 422
    assert "Fine so far." in answer.text
    assert re.search(r'value="IBAN_CODE"[^>]*checked', answer.text)


def test_whoever_asked_finds_their_own_request_and_a_next_step_after_a_no(ask, enter, it, lead):
    request = ask()
    enter(it).post(f"/inbox/{request.pk}/decide", decision(request, kind="reject", comment="Not this data."))
    mine, theirs = (enter(who).get(f"/inbox/{request.pk}/").text for who in (lead, it))
    assert (">Asked by me</a>" in mine, "See where to ask" in mine) == (True, True)
    assert (">Waiting for you</a>" in theirs, "See where to ask" in theirs) == (True, False)
    assert "You cannot decide this" not in mine + theirs


def test_words_outlive_the_question_who_one_is(ask, enter, it):
    request, browser = ask(), enter(it, stepped_up=False)
    page = f"/inbox/{request.pk}/"
    told = decision(request, kind="reject", comment="Brunhilde would not like it.")
    answer = browser.post(page + "decide", told, headers={"Referer": f"http://testserver{page}"})
    assert answer["Location"].startswith("/step-up/")
    back = browser.get(page).text
    assert "Brunhilde would not like it." in back
    assert "Nothing is decided yet" in back
    assert not Decision.objects.exists()
    assert "Brunhilde" not in browser.get(page).text


def test_words_for_one_page_do_not_turn_up_on_another(ask, enter, it):
    first, second, browser = ask("One"), ask("Two"), enter(it, stepped_up=False)
    page = f"/inbox/{first.pk}/"
    told = decision(first, comment="Only here.")
    browser.post(page + "decide", told, headers={"Referer": f"http://testserver{page}"})
    assert "Only here." not in browser.get(f"/inbox/{second.pk}/").text


def test_a_second_click_leads_to_the_request_and_decides_nothing_more(ask, enter, it):
    request, browser = ask(), enter(it)
    for _ in range(2):
        answer = browser.post(f"/inbox/{request.pk}/decide", decision(request))
    assert (answer.status_code, answer["Location"]) == (302, f"/inbox/{request.pk}/")
    assert Decision.objects.count() == 1


def test_what_asks_the_same_is_approved_after_one_look(ask, enter, it):
    requests, browser = [ask("One"), ask("Two"), ask("Three")], enter(it)
    inbox = browser.get("/inbox/").text
    assert "3 of these ask the same" in inbox
    sheet = re.search(r"/inbox/together/[0-9a-f]{64}/", inbox)[0]
    values = re.findall(r'name="chosen" value="([^"]+)"', browser.get(sheet).text)
    browser.post(sheet + "approve", {"chosen": values[:2], "comment": "As always."})
    decided = Decision.objects.values_list("request_id", flat=True)
    assert len(set(decided)) == len(decided) == 2
    assert set(decided) < {request.pk for request in requests}


def test_what_moved_meanwhile_holds_up_none_of_the_others(ask, enter, it, lead):
    one, two, browser = ask("One"), ask("Two"), enter(it)
    sheet = re.search(r"/inbox/together/[0-9a-f]{64}/", browser.get("/inbox/").text)[0]
    values = re.findall(r'name="chosen" value="([^"]+)"', browser.get(sheet).text)
    stale = [value if value.startswith(str(one.pk)) else f"{two.pk}:{'0' * 64}" for value in values]
    assert browser.post(sheet + "approve", {"chosen": stale}).status_code == 302
    assert not Decision.objects.exists()
    enter(lead).post(f"/inbox/{two.pk}/withdraw")
    browser.post(sheet + "approve", {"chosen": values[:1]})
    assert list(Decision.objects.values_list("request_id", flat=True)) == [one.pk]


def test_a_request_of_another_shape_is_not_slipped_in(ask, enter, it):
    ask("One")
    sheet = f"/inbox/together/{'0' * 64}/"
    assert enter(it).get(sheet).status_code == 404


def test_lists_are_narrowed_and_paged(ask, enter, it, lead, django_assert_max_num_queries):
    for number in range(3):
        ask(f"Hail {number}")
    ask("Frost")
    browser = enter(it)
    assert "Frost" not in browser.get("/inbox/?q=hail").text
    assert "Nothing matches" in browser.get("/inbox/?due=late&q=nothing-like-it").text
    with django_assert_max_num_queries(22):
        browser.get("/inbox/")
    assert "Frost" not in enter(lead).get("/inbox/asked?q=hail").text
    assert "You have decided nothing yet" in browser.get("/inbox/decided").text


def test_somebody_goes_away_on_their_own_page(enter, it, steward, ask):
    request, browser = ask(), enter(it)
    today = now().date()
    told = {
        "deputy_id": str(steward.pk),
        "first_day": today.isoformat(),
        "last_day": (today + timedelta(days=7)).isoformat(),
        "reason": "On leave.",
    }
    assert browser.post("/away/hand-on", told).status_code == 302
    assert "decides in your place now" in browser.get("/away/").text
    page = browser.get(f"/inbox/{request.pk}/").text
    assert "Sanna Steward for Ines Approver" in page
    made = Delegation.objects.get()
    enter(steward).post(f"/away/{made.pk}/end")
    assert "You decide yourself." in browser.get("/away/").text


def test_who_decides_nothing_needs_nobody(enter, lead):
    assert "You need nobody" in enter(lead).get("/away/").text


def test_a_day_that_is_over_is_told_at_the_form(enter, it, steward):
    told = {"deputy_id": str(steward.pk), "first_day": "2020-01-01", "last_day": "2020-01-02", "reason": "Late."}
    answer = enter(it).post("/away/hand-on", told)
    assert answer.status_code == 422
    assert "is over" in answer.text


def test_an_override_takes_two_people_and_a_review(ask, enter, it, security, group):
    request = ask()
    enter(it).post(f"/inbox/{request.pk}/override", {"reason": "Hail tonight.", "hours": "2"})
    override = Override.objects.get()
    assert "Confirm the override" not in enter(it).get(f"/inbox/{request.pk}/").text
    assert "Confirm the override" in enter(security).get(f"/inbox/{request.pk}/").text
    enter(security).post(f"/overrides/{override.pk}/confirm")
    assert "Let through by an override" in enter(it).get(f"/inbox/{request.pk}/").text
    analyst = builders.person(Role.SECURITY_ANALYST, group)
    assert "No override waits" in enter(analyst).get("/overrides/?show=waiting").text
    assert "Hail tonight." in enter(analyst).get("/overrides/").text


def test_remark_and_decision_are_two_forms_that_say_what_they_do(ask, enter, it):
    page = enter(it).get(f"/inbox/{ask().pk}/").text
    assert "It decides nothing." in page
    assert "Your decision" in page
    assert page.index("Your decision") < page.index("Conversation")


def test_a_mention_reaches_who_may_read_it(ask, enter, it, steward, outsider):
    request = ask()
    text = f"@{steward.login} and @nobody-like-it: which letters?"
    enter(it).post(f"/inbox/{request.pk}/comment", {"text": text})
    assert request.comments.get().told == [str(steward.pk)]


def test_the_like_is_shown_with_how_it_was_decided(ask, enter, it, steward):
    earlier = ask("Earlier")
    asking.approve(earlier, builders.actor(it), builders.actor(steward), at=now())
    page = enter(it).get(f"/inbox/{ask('Later').pk}/").text
    assert f"Request {Request.objects.get(pk=earlier.pk).number}" in page
    assert "How the like was decided" in page
