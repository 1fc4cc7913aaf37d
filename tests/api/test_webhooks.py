"""Webhooks and preferences over REST: a secret told once, a delivery sent again, a choice kept."""

import pytest

import builders
import rest
from governance.notices.models import Webhook
from governance.organisation.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(every):
    return rest.by_session(builders.person(Role.UNIT_HEAD, every.unit))


def test_a_secret_is_told_once_also_to_a_repeated_call(every, head):
    asked = {
        "title": "t",
        "url": "https://hooks.example.com/",
        "unit": str(every.unit.pk),
        "kinds": ["approvals.approved"],
    }
    first, second = (head("post", "webhooks", asked, Idempotency_Key="once") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["secret"].startswith("whsec_")
    assert second.json() == {"id": first.json()["id"], "secret": ""}
    shown = head("get", f"webhooks/{first.json()['id']}")
    assert "secret" not in shown.json()
    assert shown.json()["kinds"] == ["approvals.approved"]


def test_a_delivery_is_tried_again_under_its_id(every, head):
    place = f"webhooks/{every.webhook.pk}/deliveries"
    again = head("post", f"{place}/{every.delivery.pk}/redelivery")
    assert (again.json()["id"], again.json()["state"]) == (str(every.delivery.pk), "queued")
    assert head("post", f"{place}/{every.delivery.pk}/redelivery").json()["code"] == "delivery_waits"
    assert head("get", f"{place}?state=queued").json()["total"] == 1


def test_a_webhook_is_switched_changed_and_removed(every, head):
    place = f"webhooks/{every.webhook.pk}"
    assert head("put", f"{place}/switch", {"active": False}).json()["state"] == "disabled"
    assert head("post", f"{place}/tests").json()["code"] == "webhook_off"
    change = {"revision": 1, "title": "T", "url": "https://hooks.example.com/"}
    assert head("put", place, change).json()["code"] == "stale_revision"
    assert head("delete", place).status_code == 204
    assert head("get", place).status_code == 404
    assert bytes(Webhook.objects.get(pk=every.webhook.pk).sealed) == b""


def test_preferences_are_read_as_they_were_chosen(lead):
    chosen = lead("get", "notices/preferences").json()
    wanted = {"mail": chosen["mail"] | {"decisions": "daily"}, "quiet_from": "22:00", "quiet_until": "07:00"}
    kept = lead("put", "notices/preferences", wanted | {"time_zone": "Asia/Tokyo"})
    assert kept.status_code == 200, kept.content
    assert kept.json()["mail"]["decisions"] == "daily"
    assert (kept.json()["quiet_from"], kept.json()["time_zone"]) == ("22:00:00", "Asia/Tokyo")
    wrong = lead("put", "notices/preferences", wanted | {"time_zone": "Moon/Base"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "time_zone")


def test_kinds_are_listed_with_their_meaning(lead):
    rows = lead("get", "notice-kinds?limit=200").json()["rows"]
    told = {row["kind"]: row for row in rows}
    assert told["approvals.escalated"]["urgent"] is True
    assert told["approvals.approved"]["told_when"] == "a request was approved"
