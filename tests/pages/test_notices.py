"""What the reader was told, and how they want to hear of it."""

from datetime import time

import pytest

import builders
from governance.core.actors import WORKER
from governance.notices.models import Notice
from governance.notices.selectors import hearing_of, unread_count
from governance.notices.services import notify
from governance.notices.timing import MailWish
from governance.organisation.roles import Role

pytestmark = pytest.mark.django_db
USUAL = {
    "decisions": "at_once",
    "requests": "at_once",
    "ownership": "at_once",
    "refusals": "daily",
    "security": "at_once",
    "digests": "weekly",
}


@pytest.fixture
def lead(claims):
    return builders.person(Role.REQUESTER, claims, name="Lena Lead")


@pytest.fixture
def tell(lead, at):
    def told(number=1, kind="approvals.approved"):
        text = f"Request {number} was approved."
        notify(people=[lead.pk], kind=kind, text=text, link=f"/inbox/asked?n={number}", by=WORKER, at=at)
        return Notice.objects.get(person=lead, link=f"/inbox/asked?n={number}", kind=kind)

    return told


def test_the_bell_counts_what_is_unread_on_every_page(enter, lead, tell):
    browser = enter(lead)
    assert " unread</span>" not in browser.get("/").text
    for number in range(3):
        tell(number)
    assert '<b>3<span class="out-of-sight"> unread</span></b>' in browser.get("/").text


def test_the_bell_stops_counting_at_ninety_nine(enter, lead, at):
    for number in range(101):
        notify(people=[lead.pk], kind="approvals.approved", text="x", link=f"/{number}/", by=WORKER, at=at)
    assert "<b>99+<span" in enter(lead).get("/").text


def test_a_notice_leads_to_its_thing_and_is_read_by_that(enter, lead, tell):
    made = tell()
    answer = enter(lead).get(f"/notices/{made.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/asked?n=1")
    assert unread_count(lead.pk) == 0


def test_one_is_marked_and_then_all(enter, lead, tell):
    first, _ = tell(1), tell(2)
    browser = enter(lead)
    browser.post(f"/notices/{first.pk}/read")
    assert unread_count(lead.pk) == 1
    assert "1 notice marked as read." in browser.post("/notices/read", follow=True).text
    assert unread_count(lead.pk) == 0


@pytest.mark.parametrize("act", ["get", "post"])
def test_a_notice_of_somebody_else_is_not_there(act, signed_in, lead, tell):
    made = tell()
    place = f"/notices/{made.pk}/" if act == "get" else f"/notices/{made.pk}/read"
    assert getattr(signed_in(Role.REQUESTER), act)(place).status_code == 404
    assert unread_count(lead.pk) == 1


@pytest.mark.parametrize(
    ("query", "shown", "gone"),
    [
        ("?show=unread", "Request 2", "Request 1"),
        ("?about=decisions", "Request 3", "Request 2"),
        ("?about=security", "Request 4", "Request 2"),
        ("?about=requests", "Request 2", "Request 4"),
    ],
)
def test_a_list_is_narrowed(query, shown, gone, enter, lead, tell):
    browser = enter(lead)
    browser.get(f"/notices/{tell(1).pk}/")
    tell(2)
    tell(3, "approvals.decision_wanted")
    tell(4, "nobody.knows")
    text = browser.get(f"/notices/{query}").text
    assert f"{shown} was" in text
    assert f"{gone} was" not in text


def test_an_empty_list_teaches(enter, lead):
    assert "This is where you are told" in enter(lead).get("/notices/").text


def test_a_choice_is_kept_and_shown_again(enter, lead):
    browser = enter(lead)
    chosen = USUAL | {"decisions": "daily", "quiet_from": "22:00", "quiet_until": "07:00", "time_zone": "Asia/Tokyo"}
    assert browser.post("/notices/preferences/", chosen).status_code == 302
    held = hearing_of(lead.pk)
    assert (held.mail["decisions"], held.zone, held.quiet.end) == (MailWish.DAILY, "Asia/Tokyo", time(7))
    assert '<option value="Asia/Tokyo" selected>' in browser.get("/notices/preferences/").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        pytest.param({"quiet_from": "22:00"}, "both a beginning and an end", id="half of the quiet hours"),
        pytest.param({"quiet_from": "07:00", "quiet_until": "07:00"}, "the whole day", id="quiet all day"),
        pytest.param({"security": "never"}, "not one of the available choices", id="no word about security"),
        pytest.param({"time_zone": "Moon/Base"}, "not one of the available choices", id="no such zone"),
        pytest.param({"decisions": ""}, "Choose one for “Decisions wanted”.", id="no choice"),
    ],
)
def test_a_wrong_choice_is_told_and_changes_nothing(wrong, said, enter, lead):
    answer = enter(lead).post("/notices/preferences/", USUAL | {"digests": "never"} | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert hearing_of(lead.pk).mail["digests"] is MailWish.WEEKLY


def test_who_cannot_be_written_to_is_told_so(enter, lead, settings):
    assert "knows no e-mail address" not in enter(lead).get("/notices/preferences/").text
    lead.email = ""
    lead.save(update_fields=["email"])
    assert "knows no e-mail address" in enter(lead).get("/notices/preferences/").text
    settings.MAIL_FROM = ""
    assert "No e-mail leaves" in enter(lead).get("/notices/preferences/").text
