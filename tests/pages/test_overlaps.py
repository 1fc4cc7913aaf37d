"""Overlaps on pages: a requester sees what exists before starting anew; heads resolve; other units stay private."""

import pytest

import builders
import scope
from governance.initiatives.models import Initiative, JoinRequest, Overlap
from governance.organisation.roles import Role
from governance.remits import services as remits

pytestmark = pytest.mark.django_db
LETTERS = "Draft replies to letters from claimants, which a handler corrects and signs."
SAME = "Answer claimants' letters: the handler corrects and signs every draft reply."


def compared(initiative):
    remits.look_for_overlaps(initiative_id=initiative.pk, by=builders.INSTALLER, at=builders.AT)
    return initiative


@pytest.fixture
def theirs(retail, outsider):
    return compared(scope.initiative(retail, title="Post for policyholders", purpose_text=SAME, by=outsider))


@pytest.fixture
def overlap(theirs, claims, owner):
    compared(scope.initiative(claims, title="Claims letters", purpose_text=LETTERS, by=owner))
    return Overlap.objects.get()


@pytest.fixture
def asked(claims):
    return {"title": "Letters", "purpose_text": LETTERS, "unit_id": str(claims.pk), "purpose": "assist_staff"}


def test_what_exists_is_shown_before_anything_is_made(enter, owner_person, theirs, asked):
    answer = enter(owner_person).post("/requests/new/", asked)
    assert "Something like it exists already" in answer.text
    assert theirs.title in answer.text
    assert SAME not in answer.text
    assert not Initiative.objects.filter(title="Letters").exists()


def test_who_goes_on_is_not_asked_again(enter, owner_person, theirs, asked):
    assert enter(owner_person).post("/requests/new/", asked | {"seen": "yes"}).status_code == 302


def test_a_requester_joins_instead_and_the_unit_takes_them_on(enter, owner_person, theirs, retail):
    enter(owner_person).post(f"/initiatives/{theirs.pk}/join", {"reason": "We would do the same."})
    head = enter(builders.person(Role.UNIT_HEAD, retail, roles=[Role.BUILDER]))
    assert "We would do the same." in head.get(f"/initiatives/{theirs.code}/").text
    head.post(f"/joins/{JoinRequest.objects.get().pk}/answer", {"answer": "accept"})
    assert theirs.members.filter(person=owner_person, until=None).exists()


def test_the_page_marks_what_both_say_only_for_who_may_read_both(enter, overlap, owner_person, group):
    address = f"/overlaps/{overlap.pk}/"
    arbiter = enter(builders.person(Role.ARBITER, group))
    assert "<mark>handler</mark>" in arbiter.get(address).text
    text = enter(owner_person).get(address).text
    assert "belongs to another unit" in text
    assert "<mark>" not in text
    assert SAME not in text


def test_a_head_resolves_it_with_reasons(enter, overlap, claims):
    head = enter(builders.person(Role.UNIT_HEAD, claims))
    refused = head.post(f"/overlaps/{overlap.pk}/resolve", {"resolution": "distinct", "reasons": ""})
    done = head.post(f"/overlaps/{overlap.pk}/resolve", {"resolution": "distinct", "reasons": "Other customers."})
    assert (refused.status_code, done.status_code) == (422, 302)
    assert "Other customers." in head.get(f"/overlaps/{overlap.pk}/").text


def test_the_list_is_narrowed_and_says_why(enter, overlap, group):
    reader = enter(builders.person(Role.ARBITER, group))
    assert "Both speak of" in reader.get("/overlaps/?state=waiting").text
    assert "Nothing matches" in reader.get("/overlaps/?state=merge").text


def test_a_list_costs_the_same_however_long_it_is(enter, overlap, group, claims, owner, django_assert_max_num_queries):
    for number in range(4):
        compared(scope.initiative(claims, title=f"Letters {number}", purpose_text=LETTERS, by=owner))
    reader = enter(builders.person(Role.ARBITER, group))
    with django_assert_max_num_queries(22):
        assert reader.get("/overlaps/").status_code == 200
