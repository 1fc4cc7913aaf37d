"""What security does about held requests: the list of all of them, and discarding several with one reason. All data is synthetic."""

import re

import pytest

import builders
import everything
from governance.gateway.models import Exchange
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.scanning.models import Hold
from governance.scanning.rules import HoldAct
from governance.scanning.selectors import work_count
from governance.scanning.services import act_on_hold

pytestmark = pytest.mark.django_db
MOST_QUERIES = 24
WHY = "A synthetic reason."


@pytest.fixture
def analyst(signed_in):
    return signed_in(Role.SECURITY_ANALYST)


def hold_another(every):
    """Hold one more request of the same initiative, as the gateway does."""
    every.number += 1000
    everything._add_held(every)
    return every.held


def states(*held):
    return [Hold.objects.get(subject=f"exchange:{each.pk}").state for each in held]


def release(held, by):
    act_on_hold(subject=f"exchange:{held.pk}", act=HoldAct.RELEASE, reason=WHY, sender=None, by=by, at=builders.AT)


def test_the_list_says_who_wanted_to_send_what_where_to_and_who_would_release_it(every, analyst):
    release(every.held, builders.actor(builders.person(Role.SECURITY_APPROVER, name="Selma Second")))
    text = analyst.get("/reviews/").text
    for told in ("It holds a plan.", every.initiative.title, every.destination.title, "Selma Second would release it"):
        assert told in text
    assert f"/exchanges/{every.held.pk}/hold/" in text


def test_one_that_waits_for_the_reader_is_counted_on_their_first_page_until_they_release_it(every, enter):
    person = builders.person(Role.SECURITY_ANALYST)
    before = work_count(standing=standing_of(person.pk), at=every.at)
    release(every.held, builders.actor(person))
    assert work_count(standing=standing_of(person.pk), at=every.at) == before - 1
    assert "to look at" in enter(person).get("/").text


def test_several_are_discarded_with_one_reason(every, analyst):
    both = [every.held, hold_another(every)]
    analyst.post("/reviews/discard", {"request": [str(each.pk) for each in both], "reason": WHY})
    assert states(*both) == ["discarded", "discarded"]
    assert {each.state for each in Exchange.objects.filter(pk__in=[each.pk for each in both])} == {"discarded"}


def test_one_that_somebody_decided_meanwhile_keeps_no_other(every, analyst):
    gone, held = every.held, hold_another(every)
    Hold.objects.filter(subject=f"exchange:{gone.pk}").update(state="released")
    page = analyst.post("/reviews/discard", {"request": [str(gone.pk), str(held.pk)], "reason": WHY}, follow=True).text
    assert states(gone, held) == ["released", "discarded"]
    assert "Not discarded: 1 request. This does not wait any more." in page


@pytest.mark.parametrize(
    ("chosen", "reason", "said"),
    [
        pytest.param(False, WHY, "Choose at least one request", id="nothing chosen"),
        pytest.param(True, "no", "Write at least", id="a reason that says too little"),
    ],
)
def test_without_a_choice_and_a_reason_nothing_is_discarded(every, analyst, chosen, reason, said):
    told = {"reason": reason} | ({"request": str(every.held.pk)} if chosen else {})
    answer = analyst.post("/reviews/discard", told)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert states(every.held) == ["held"]


def test_its_questions_do_not_grow_with_what_is_held(every, analyst, django_assert_max_num_queries):
    for _ in range(6):
        hold_another(every)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert analyst.get("/reviews/").status_code == 200


def test_a_choice_of_several_stands_there_again_too(every, enter):
    client = enter(builders.person(Role.SECURITY_ANALYST), stepped_up=False)
    told = {"request": str(every.held.pk), "reason": "A reason typed before."}
    client.post("/reviews/discard", told, headers={"Referer": "http://testserver/reviews/"})
    page = client.get("/reviews/").text
    assert "A reason typed before." in page
    assert f'value="{every.held.pk}" checked' in page


def test_each_of_the_two_questions_why_has_a_field_of_its_own(every, analyst):
    page = analyst.get(f"/exchanges/{every.held.pk}/hold/").text
    fields = re.findall(r'<textarea[^>]* id="([^"]+)"', page)
    assert len(fields) == len(set(fields)) == 2
    assert all(f'<label for="{each}">' in page for each in fields)


def test_whoever_would_release_it_is_not_offered_to_release_it_again(every, enter):
    person = builders.person(Role.SECURITY_ANALYST)
    browser, address = enter(person), f"/exchanges/{every.held.pk}/hold/"
    assert "Release it</button>" in browser.get(address).text
    release(every.held, builders.actor(person))
    page = browser.get(address).text
    assert "Release it</button>" not in page
    assert "Discard it</button>" in page
    assert "You would release it; a second person has to." in page


def test_a_held_request_stands_under_what_security_looks_at(every, analyst):
    page = analyst.get(f"/exchanges/{every.held.pk}/hold/").text
    assert re.findall(r'<a href="([^"]+)"[^>]*aria-current="page"', page) == ["/reviews/"]
