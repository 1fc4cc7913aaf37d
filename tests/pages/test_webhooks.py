"""Pages of webhooks: added with a secret seen once, tried, sent again; and the state of the channels."""

import re

import pytest

import builders
from governance.core.actors import CLOCK, WORKER
from governance.notices.models import Delivery, Webhook
from governance.notices.rules import Outcome, Result
from governance.notices.services import add_webhook, close_try, notify, send_test, spread, switch_webhook
from governance.organisation.roles import Role
from governance.work.models import Job
from governance.work.services import claim

pytestmark = pytest.mark.django_db
ASKED = {
    "title": "Tickets",
    "url": "https://hooks.example.com/remit/token-123",
    "role": "",
    "kinds": ["approvals.approved"],
}


@pytest.fixture
def head(claims):
    return builders.person(Role.UNIT_HEAD, claims, name="Hedda Head")


@pytest.fixture
def hook(claims, head, at):
    return add_webhook(title="Ticketing", url=ASKED["url"], unit_id=claims.pk, by=builders.actor(head), at=at)[0]


def end(delivery, outcome, at):
    job = Job.objects.get(kind="notices.deliver", input__delivery=str(delivery.pk))
    close_try(job=claim(job_id=job.pk, by=WORKER, at=at), outcome=outcome, by=WORKER, at=at)


def test_a_head_adds_a_webhook_and_sees_its_secret_once(enter, head, claims):
    browser = enter(head)
    made = browser.post("/webhooks/new", ASKED | {"unit_id": str(claims.pk)})
    [secret] = set(re.findall(r"whsec_[A-Za-z0-9+/=]{44}", made.text))
    assert "no-store" in made["Cache-Control"]
    hook = Webhook.objects.get()
    assert secret not in browser.get(f"/webhooks/{hook.pk}/").text
    assert hook.kinds == ["approvals.approved"]


def test_only_units_one_looks_after_are_offered(enter, head, claims, retail):
    answer = enter(head).post("/webhooks/new", ASKED | {"unit_id": str(retail.pk)})
    assert answer.status_code == 422
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("url", ["http://user:pw@hooks.example.com/", "javascript:alert(1)", "https://[::1"])
def test_a_wrong_address_stands_at_its_field(url, enter, head, claims):
    answer = enter(head).post("/webhooks/new", ASKED | {"unit_id": str(claims.pk), "url": url})
    assert answer.status_code == 422
    assert 'id="id_url_error"' in answer.text


def test_the_list_shows_where_and_not_the_whole_address(enter, head, hook):
    text = enter(head).get("/webhooks/").text
    assert "hooks.example.com" in text
    assert "token-123" not in text


def test_a_new_secret_asks_who_one_is(enter, head, hook):
    place = f"/webhooks/{hook.pk}/secret"
    assert "/step-up/" in enter(head, stepped_up=False).post(place)["Location"]
    assert "whsec_" in enter(head).post(place).text


def test_a_delivery_is_shown_with_how_it_went_and_sent_again(enter, head, hook, owner_person, at):
    notify(
        people=[owner_person.pk], kind="approvals.approved", text="Request 5 was approved.", link="/", by=WORKER, at=at
    )
    spread(by=CLOCK, at=at)
    row = Delivery.objects.get(webhook=hook)
    end(row, Outcome(Result.NEVER, "http_404"), at)
    browser = enter(head)
    text = browser.get(f"/webhooks/{hook.pk}/").text
    assert "Request 5 was approved." in text
    assert "The receiver answered 404." in text
    assert "sent again" in browser.post(f"/webhooks/{hook.pk}/deliveries/{row.pk}/again", follow=True).text
    assert browser.post(f"/webhooks/{hook.pk}/deliveries/{row.pk}/again").status_code == 409
    assert "Request 5" not in browser.get(f"/webhooks/{hook.pk}/?state=sent").text


def test_it_is_tried_switched_off_on_and_removed(enter, head, hook):
    browser, place = enter(head), f"/webhooks/{hook.pk}"
    assert "A test is on its way" in browser.post(f"{place}/test", follow=True).text
    assert "It is off" in browser.post(f"{place}/switch", {"active": "no"}, follow=True).text
    assert browser.post(f"{place}/test").status_code == 409
    assert "Switch it on" in browser.get(f"{place}/").text
    browser.post(f"{place}/switch", {"active": "yes"})
    assert "is removed" in browser.post(f"{place}/remove", follow=True).text
    assert browser.get(f"{place}/").status_code == 404


def test_a_stale_change_is_told(enter, head, hook):
    browser, place = enter(head), f"/webhooks/{hook.pk}/edit"
    assert browser.post(place, ASKED | {"revision": 1}).status_code == 302
    late = browser.post(place, ASKED | {"revision": 1, "title": "Late"})
    assert (late.status_code, Webhook.objects.get().title) == (422, "Tickets")
    assert "Somebody changed this" in late.text


def test_who_watches_sees_and_changes_nothing(enter, hook, group):
    browser = enter(builders.person(Role.AUDITOR, group))
    text = browser.get(f"/webhooks/{hook.pk}/").text
    assert "Ticketing" in text
    assert "Replace the secret" not in text
    assert browser.post(f"/webhooks/{hook.pk}/test").status_code == 403


def test_a_webhook_of_another_unit_is_not_there(enter, hook, retail):
    browser = enter(builders.person(Role.UNIT_HEAD, retail))
    assert "Ticketing" not in browser.get("/webhooks/").text
    for place in ("", "edit"):
        assert browser.get(f"/webhooks/{hook.pk}/{place}").status_code == 404
    for act in ("secret", "switch", "test", "remove"):
        assert browser.post(f"/webhooks/{hook.pk}/{act}").status_code == 404


def test_the_channels_say_what_waits_and_what_fails(enter, hook, head, admin_person, at, settings):
    delivery = send_test(webhook_id=hook.pk, by=builders.actor(head), at=at)
    end(delivery, Outcome(Result.AGAIN, "timeout"), at)
    settings.MAIL_FROM = ""
    text = enter(admin_person).get("/channels/").text
    for said in ("REMIT_MAIL_FROM", "gave no sign of life", "No answer in time.", "Webhooks that fail", "Ticketing"):
        assert said in text


def test_a_list_of_webhooks_asks_the_same_number_of_questions(enter, head, claims, at, django_assert_max_num_queries):
    for number in range(30):
        add_webhook(title=f"W {number}", url=ASKED["url"], unit_id=claims.pk, by=builders.actor(head), at=at)
    browser = enter(head)
    browser.get("/webhooks/")
    with django_assert_max_num_queries(16):
        assert "W 7" in browser.get("/webhooks/").text
    switch_webhook(webhook_id=Webhook.objects.first().pk, active=False, by=builders.actor(head), at=at)
    assert "1 webhook" in browser.get("/webhooks/?state=disabled").text
