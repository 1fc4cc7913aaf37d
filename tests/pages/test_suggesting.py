"""A change that an approver writes: on a page of its own, seen as a difference, taken with one click."""

from datetime import timedelta

import pytest

import asking
import builders
import scope
from governance.approvals.models import Decision, Request, Suggestion
from governance.core.clock import now
from governance.notices.models import Notice
from governance.remits.models import Remit

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_for_two(claims, lead, it, steward):
    """A request for the same letters toward two places, one right each."""
    at = now() - timedelta(hours=1)
    letters = scope.dataset(title="Claims letters", at=at)
    places = [scope.destination(title=f"Place {n}", ref=f"place-{n}", at=at, **asking.OUR_TENANT) for n in (1, 2)]
    ends = (at + timedelta(days=90)).date().isoformat()
    grants = [asking.grant(letters, place, at=at, ends=ends) for place in places]
    initiative = scope.initiative(claims, by=builders.actor(lead), at=at, tier="low")
    return asking.sent(initiative, grants, by=builders.actor(lead), at=at, ends=ends)


def filled(request, **changed):
    rights = {
        f"{n}-{name}": value for n in (1, 2) for name, value in (("mode", "prompt"), ("destination", f"place-{n}"))
    }
    whole = {"digest": request.revisions.get().digest, "comment": "One place is enough.", "human_oversight": ""}
    return rights | whole | changed


def code_of(request):
    return Remit.objects.select_related("initiative").get(pk=request.subject_id).initiative.code


def suggest(request, browser, **changed):
    return browser.post(f"/inbox/{request.pk}/suggest/", filled(request, **changed))


def test_the_form_names_each_right_and_only_places_the_request_names(request_for_two, enter, it):
    page = enter(it).get(f"/inbox/{request_for_two.pk}/suggest/").text
    assert page.count("Leave it out") == 2
    assert "Claims letters to Place 1" in page
    assert "Asked until" in page


def test_what_is_written_goes_back_with_the_yes_to_exactly_that(request_for_two, enter, it, lead):
    suggest(request_for_two, enter(it), **{"2-leave_out": "on", "counts": "true"})
    made = Suggestion.objects.get()
    assert (made.counts, [grant["destination"] for grant in made.body["grants"]]) == (True, ["place-1"])
    assert Notice.objects.get(person=lead, kind="approvals.changes_requested").text.endswith("with one click.")


def test_what_stands_for_a_value_is_suggested_and_read_in_the_difference(request_for_two, enter, it, lead):
    suggest(request_for_two, enter(it), **{"1-way": "placeholder"})
    ways = [grant["conditions"].get("way") for grant in Suggestion.objects.get().body["grants"]]
    assert ways == ["placeholder", None]
    assert "values replaced only by a placeholder, or a hash" in enter(lead).get(f"/inbox/{request_for_two.pk}/").text


def test_the_page_waits_for_the_asker_and_for_nobody_else(request_for_two, enter, it, lead):
    suggest(request_for_two, enter(it), **{"2-leave_out": "on", "counts": "true"})
    mine, theirs = (enter(who).get(f"/inbox/{request_for_two.pk}/").text for who in (lead, it))
    assert "Your answer" in mine
    assert "It waits for you." in mine
    assert f"The answer of {lead.name}" in theirs
    assert f"It waits for {lead.name}." in theirs
    for page in (mine, theirs):
        assert page.count('aria-current="step"') == 1
        assert "After that" in page
    assert f"waits for {lead.name}" in enter(lead).get(f"/initiatives/{code_of(request_for_two)}/").text


def test_the_asker_takes_it_with_one_click_and_once(request_for_two, enter, it, lead):
    suggest(request_for_two, enter(it), **{"2-leave_out": "on", "counts": "true"})
    browser, made = enter(lead), Suggestion.objects.get()
    assert "Take it and send it again" in browser.get(f"/inbox/{request_for_two.pk}/").text
    take = f"/inbox/{request_for_two.pk}/suggestions/{made.pk}/take"
    said = [browser.post(take, follow=True).text for _ in range(2)]
    assert "Sent again, exactly as it was suggested." in said[0]
    assert "It was taken already." in said[1]
    assert list(Decision.objects.filter(revision__number=2).values_list("actor", "kind")) == [(it.pk, "approve")]


def test_the_asker_declines_with_an_answer_that_both_read(request_for_two, enter, it, lead):
    suggest(request_for_two, enter(it), **{"2-leave_out": "on"})
    decline = f"/inbox/{request_for_two.pk}/suggestions/{Suggestion.objects.get().pk}/decline"
    browser = enter(lead)
    assert "Say why" in browser.post(decline, {"answer": " "}, follow=True).text
    browser.post(decline, {"answer": "We need both."})
    page = enter(it).get(f"/inbox/{request_for_two.pk}/").text
    assert "We need both." in page
    assert "Take it and send it again" not in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({}, "Nothing differs", id="nothing changed"),
        pytest.param({"comment": ""}, "Answer “Why?”.", id="no reason"),
        pytest.param({"1-calls_per_day": "501"}, "It was asked with 500 calls a day.", id="more calls"),
        pytest.param({"1-destination": "place-2"}, "The same right is asked for twice.", id="two rights become one"),
        pytest.param({"1-mode": "train"}, "not one of the available choices", id="a mode that was not offered"),
        pytest.param({"digest": "0" * 64, "2-leave_out": "on"}, "changed after you opened it", id="a stale page"),
    ],
)
def test_what_cannot_be_suggested_is_said_at_the_form_and_nothing_is_decided(request_for_two, enter, it, changed, said):
    answer = suggest(request_for_two, enter(it), **changed)
    assert answer.status_code == 422
    assert said in answer.text
    assert not Decision.objects.exists()


def test_a_second_click_of_the_writer_finds_the_first(request_for_two, enter, it):
    browser = enter(it)
    for _ in range(2):
        answer = suggest(request_for_two, browser, **{"2-leave_out": "on"})
    assert answer.status_code == 302
    assert Request.objects.get(pk=request_for_two.pk).state == "changes_requested"
    assert Suggestion.objects.count() == 1
