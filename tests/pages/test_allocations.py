"""A scarce dataset on pages: marked, asked for, awarded; and the handling record that stands beside it."""

from datetime import timedelta

import pytest

import asking
import builders
import scope
from governance.core.clock import now
from governance.gateway.models import Exchange
from governance.organisation.roles import Role
from governance.remits import services
from governance.remits.models import Entry, ScarceDataset

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward_person(group):
    return builders.person(Role.DATA_STEWARD, group, name="Stella Steward")


@pytest.fixture
def letters(group):
    return scope.dataset(title="Claims letters", ref="letters")


@pytest.fixture
def entry(letters, claims, owner, steward_person):
    """The request of the owner's initiative, in a round that has closed."""
    at = now() - timedelta(days=20)
    told = {"scarcity": "scarce", "why": "One licence.", "until": None, "round_days": 14}
    services.mark_dataset(dataset_id=letters.pk, **told, by=builders.actor(steward_person), at=at)
    place = scope.destination(at=at, **asking.OUR_TENANT)
    ours = scope.initiative(claims, title="Ours", by=owner)
    ends = (now() + timedelta(days=90)).date().isoformat()
    asking.sent(ours, [asking.grant(letters, place, at=at, ends=ends)], by=owner, at=at, ends=ends)
    return Entry.objects.get()


@pytest.fixture
def address(entry):
    return f"/allocations/{entry.allocation_id}/"


def lot(entry, **told):
    return {f"{entry.pk}-{name}": value for name, value in told.items()}


def test_a_steward_marks_a_dataset_and_says_there_is_enough_again(enter, letters, steward_person):
    steward = enter(steward_person)
    steward.post("/datasets/letters/scarce", {"scarcity": "exclusive", "why": "One licence.", "round_days": "7"})
    assert "One licence." in steward.get("/datasets/letters/").text
    steward.post("/datasets/letters/enough")
    assert not ScarceDataset.objects.exists()


def test_a_dataset_says_who_asks_for_it_and_hides_what_is_not_the_readers(enter, entry, owner_person, retail):
    assert "Ours" in enter(owner_person).get("/datasets/letters/").text
    stranger = enter(builders.person(Role.REQUESTER, retail)).get("/datasets/letters/").text
    assert "An initiative of Claims" in stranger
    assert "Ours" not in stranger


def test_a_requester_sees_their_place_and_makes_their_case(enter, entry, address, owner_person):
    lead = enter(owner_person)
    assert "yours is number 1" in lead.get(address).text
    lead.post(f"{address}case/{entry.pk}", lot(entry, expected_value="1,000 hours", beneficiaries="Claimants"))
    assert "1,000 hours" in lead.get(address).text


def test_the_steward_compares_and_awards(enter, entry, address, steward_person):
    steward = enter(steward_person)
    assert "Who gets it" in steward.get(address).text
    steward.post(f"{address}award", {"division": "shared", "reasons": "Enough for one."} | lot(entry, awarded="on"))
    entry.refresh_from_db()
    assert entry.state == "awarded"
    assert "Enough for one." in steward.get(address).text


def test_an_award_that_does_not_fit_says_why_and_changes_nothing(enter, entry, address, steward_person):
    answer = enter(steward_person).post(f"{address}award", {"division": "shared", "reasons": "None."})
    entry.refresh_from_db()
    assert (answer.status_code, entry.state) == (422, "waiting")
    assert "Say to each request that is refused why." in answer.text


def test_a_stranger_finds_no_round(enter, address, retail):
    assert enter(builders.person(Role.REQUESTER, retail)).get(address).status_code == 404


def test_a_list_of_rounds_is_narrowed(enter, entry, steward_person):
    steward = enter(steward_person)
    assert "Claims letters" in steward.get("/allocations/?state=open").text
    assert "Nothing matches" in steward.get("/allocations/?state=awarded").text


def refuse(unit, count, *, of):
    for number in range(of):
        state = "refused" if number < count else "completed"
        Exchange.objects.create(at=now(), unit=unit, surface="openai.chat_completions", verdict="allow", state=state)


def test_a_handling_record_counts_with_its_base(enter, claims, owner_person):
    refuse(claims, 2, of=40)
    text = enter(owner_person).get(f"/units/{claims.pk}/handling/").text
    assert "2 of 40" in text
    assert "50.0 per 1,000" in text


def test_with_few_events_no_rate_is_given(enter, claims, owner_person):
    refuse(claims, 2, of=3)
    assert "no data yet" in enter(owner_person).get(f"/units/{claims.pk}/handling/").text


def test_a_head_comments_and_the_comment_stands_beside_the_round(enter, entry, address, claims, steward_person):
    head = enter(builders.person(Role.UNIT_HEAD, claims))
    head.post(f"/units/{claims.pk}/handling/comment", {"text": "New agents were trained."})
    assert "New agents were trained." in enter(steward_person).get(address).text


def test_nobody_comments_on_another_units_record(enter, claims, retail):
    head = enter(builders.person(Role.UNIT_HEAD, retail))
    assert head.post(f"/units/{claims.pk}/handling/comment", {"text": "Careless."}).status_code == 403
