"""Owners answer for their grants, stewards confirm, a lead extends, a head closes the unit for a day."""

import pytest

import builders
from governance.organisation.calendars import hours_row
from governance.organisation.models import Person
from governance.organisation.roles import Role
from governance.remits.models import Grant, Recertification, Remit

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(enter, every):
    return enter(every.lead_person)


def test_an_owner_sees_what_is_theirs_and_keeps_it(lead, every):
    page = lead.get("/recertify/").text
    assert "1 grant to recertify" in page
    lead.post(f"/recertify/{every.asked_again.pk}/answer", {"outcome": "yes"})
    assert Recertification.objects.get(pk=every.asked_again.pk).state == "kept"
    assert "All grants are up to date" in lead.get("/recertify/").text


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        pytest.param("?show=answer&sort=-initiative", True, id="what is to answer"),
        pytest.param("?show=confirm", False, id="what is to confirm"),
        pytest.param("?q=nothing-like-it", False, id="other words"),
        pytest.param("?page=2", False, id="the page after the last"),
    ],
)
def test_the_list_is_narrowed_and_paged(lead, asked, shown):
    assert ("Still needed, unchanged" in lead.get(f"/recertify/{asked}").text) is shown


def test_no_longer_ends_it(lead, every):
    lead.post(f"/recertify/{every.asked_again.pk}/answer", {"outcome": "no"})
    assert Grant.objects.get(pk=every.grant.pk).state == "revoked"


def test_it_waits_on_the_first_page_too(lead):
    assert "To recertify" in lead.get("/").text


def test_a_steward_confirms_or_ends_with_a_reason(enter, every):
    steward = enter(every.deciders.steward_person)
    assert "says that it is still needed" in steward.get("/recertify/").text
    without_reason = steward.post(f"/recertify/{every.to_confirm.pk}/confirm", {"outcome": "no"})
    assert without_reason.status_code == 422
    steward.post(f"/recertify/{every.to_confirm.pk}/confirm", {"outcome": "no", "comment": "The data moved."})
    assert Recertification.objects.get(pk=every.to_confirm.pk).state == "refused"


def test_an_outsider_sees_and_answers_nothing(enter, every, retail):
    other = enter(builders.person(Role.REQUESTER, retail))
    assert "Nothing to recertify" in other.get("/recertify/").text
    assert other.post(f"/recertify/{every.asked_again.pk}/answer", {"outcome": "yes"}).status_code == 403


def test_nonsense_is_no_answer(lead, every):
    assert lead.post(f"/recertify/{every.asked_again.pk}/answer", {"outcome": "maybe"}).status_code == 422
    assert lead.post("/recertify/together", {"recertification": "not-an-id"}).status_code == 422


def test_a_lead_extends_what_is_in_force_in_one_step(lead, every):
    code = every.initiative.code
    assert f"/initiatives/{code}/extend" in lead.get(f"/initiatives/{code}/").text
    assert lead.post(f"/initiatives/{code}/extend", {"ends": "2020-01-01"}).status_code == 422
    later = Remit.objects.get(pk=every.remit).ends_at.date().replace(year=2028).isoformat()
    answer = lead.post(f"/initiatives/{code}/extend", {"ends": later})
    assert answer.status_code in {302, 422}


def test_a_head_states_the_week_and_closes_a_day(enter, every, claims):
    head = enter(builders.person(Role.UNIT_HEAD, claims))
    week = {"days": ["1", "2"], "opens": "08:00", "closes": "12:00", "country": "CH-ZH"}
    head.post(f"/hours/{claims.pk}/week", week)
    row = hours_row(claims.pk, on=every.at.date())
    assert (row.days, row.country, row.stated_by) == ((1, 2), "CH-ZH", "Claims")
    wrong = head.post(f"/hours/{claims.pk}/week", week | {"country": "Atlantis"})
    assert (wrong.status_code, "No public holidays are known" in wrong.text) == (422, True)
    closed = {"first_date": "2027-01-04", "last_date": "2027-01-05", "reason": "Inventory"}
    head.post(f"/hours/{claims.pk}/closures", closed)
    assert "Inventory" in head.get(f"/hours/{claims.pk}/").text


def test_everyone_reads_the_hours_and_only_those_who_may_change_them(lead, claims):
    assert "9" in lead.get("/hours/").text
    page = lead.get(f"/hours/{claims.pk}/").text
    assert "State the week" not in page
    assert (
        lead.post(f"/hours/{claims.pk}/week", {"days": ["1"], "opens": "08:00", "closes": "09:00"}).status_code == 403
    )


def test_the_page_asks_the_database_the_same_for_many_grants(lead, every, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        lead.get("/recertify/")
    assert Person.objects.exists()
