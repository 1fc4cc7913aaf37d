"""Webhooks to a real receiver on loopback, verified with the library that receivers use."""

import json
import time
from datetime import timedelta

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

import builders
from governance.core.clock import now
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.notices import services, steps
from governance.notices.models import Delivery, Notice, Webhook
from governance.notices.selectors import channels, deliveries, webhooks
from governance.notices.timing import BACK_OFF_S
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_mail(settings):
    settings.MAIL_FROM = ""


@pytest.fixture
def at():
    """The library checks the time of a call against the clock."""
    return now()


@pytest.fixture
def head(claims):
    return builders.actor(builders.person(Role.UNIT_HEAD, claims, name="Hedda Head"))


@pytest.fixture
def hook(claims, head, receiver, at):
    """A webhook of Claims, by its head, with its secret."""
    return services.add_webhook(title="Ticketing", url=receiver.url, unit_id=claims.pk, by=head, at=at)


def verified(call, secret):
    return Verifier(secret).verify(call.body, call.headers)


def test_a_happening_reaches_the_receiver_signed_and_says_no_more_than_the_notice(
    hook, receiver, settings, tell, work, owner, at
):
    settings.WEB_URL = "https://remit.example"
    tell(owner, at=at, link="/inbox/01a214d9-afa3-76a1-8133-f79f6cbd63d0/")
    assert work(at) == [("sent", "http_204", 1)]
    [call] = receiver.calls
    assert verified(call, hook[1]) == {
        "type": "approvals.decision_wanted",
        "timestamp": at.isoformat(),
        "data": {
            "sentence": "Request 7 waits for your decision.",
            "link": "https://remit.example/inbox/01a214d9-afa3-76a1-8133-f79f6cbd63d0/",
            "ids": {"request": "01a214d9-afa3-76a1-8133-f79f6cbd63d0"},
            "group": "decisions",
            "unit": hook[0].unit.ref,
        },
    }
    assert call.headers["webhook-id"] == str(Delivery.objects.get().pk)


def test_many_people_told_of_one_thing_are_one_call(hook, receiver, tell, work, owner, head, claims, at):
    tell(owner, head, builders.actor(builders.person(None, claims)), at=at)
    work(at)
    assert len(receiver.calls) == 1


@pytest.mark.parametrize(
    ("chosen", "called"),
    [
        pytest.param({}, True, id="everything of the unit"),
        pytest.param({"kinds": ["approvals.decision_wanted"]}, True, id="this kind"),
        pytest.param({"kinds": ["approvals.approved"]}, False, id="another kind"),
        pytest.param({"role": "requester"}, True, id="those with the role"),
        pytest.param({"role": "data_steward"}, False, id="those with another role"),
    ],
)
def test_a_webhook_hears_what_it_asked_for(chosen, called, claims, head, receiver, tell, work, owner, at):
    services.add_webhook(title="t", url=receiver.url, unit_id=claims.pk, by=head, at=at, **chosen)
    tell(owner, at=at)
    work(at)
    assert bool(receiver.calls) is called


def test_a_webhook_hears_of_units_below_and_of_no_others(hook, receiver, tell, work, claims, outsider, approver, at):
    below = builders.actor(builders.person(Role.REQUESTER, builders.unit("Motor", parent=claims)))
    tell(outsider, approver, at=at)
    work(at)
    assert receiver.calls == []
    tell(below, at=at, link="/inbox/asked")
    work(at)
    assert len(receiver.calls) == 1


def test_a_call_that_fails_is_repeated_with_the_same_id_and_a_new_time(hook, receiver, tell, work, owner, at):
    receiver.statuses[:] = [500]
    tell(owner, at=at)
    assert work(at) == [("failed", "http_500", 1)]
    later = at + timedelta(seconds=BACK_OFF_S[0] * 2)
    assert work(later) == [("sent", "http_204", 2)]
    first, second = receiver.calls
    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)
    assert second.headers["webhook-timestamp"] == str(int(later.timestamp()))
    assert verified(second, hook[1])


@pytest.mark.parametrize("change", ["body", "webhook-id", "webhook-timestamp"])
def test_what_was_changed_on_the_way_is_not_verified(change, hook, receiver, tell, work, owner, at):
    tell(owner, at=at)
    work(at)
    [call] = receiver.calls
    if change == "body":
        call.body = call.body.replace("waits", "waited")
    else:
        call.headers[change] = str(int(time.time()) + 1) if change == "webhook-timestamp" else "another"
    with pytest.raises(WebhookVerificationError):
        verified(call, hook[1])


def test_an_old_call_cannot_be_replayed(hook, receiver, tell, work, owner, at):
    tell(owner, at=at - timedelta(minutes=10))
    work(at - timedelta(minutes=10))
    with pytest.raises(WebhookVerificationError, match="too old"):
        verified(receiver.calls[0], hook[1])


def test_during_a_rotation_both_secrets_verify_and_afterwards_the_new_one(hook, receiver, head, tell, work, owner, at):
    made, old = hook
    _, new = services.replace_secret(webhook_id=made.pk, by=head, at=at - timedelta(hours=23))
    tell(owner, at=at)
    work(at)
    assert verified(receiver.calls[0], old)
    assert verified(receiver.calls[0], new)
    Webhook.objects.update(before_until=at - timedelta(seconds=1))
    tell(owner, at=at, link="/inbox/asked")
    work(at)
    assert verified(receiver.calls[1], new)
    with pytest.raises(WebhookVerificationError):
        verified(receiver.calls[1], old)


def test_a_secret_is_sealed_and_opens_for_its_own_webhook_only(hook, claims, head, receiver, at):
    from governance.notices.secret import open_secret

    made, secret = hook
    other, _ = services.add_webhook(title="Other", url=receiver.url, unit_id=claims.pk, by=head, at=at)
    assert secret.startswith("whsec_")
    assert secret.encode() not in bytes(made.sealed)
    assert open_secret(bytes(made.sealed), webhook_id=made.pk) == secret
    with pytest.raises(Invalid, match="sealed_damaged"):
        open_secret(bytes(made.sealed), webhook_id=other.pk)


def test_a_redirect_is_not_followed(hook, receiver, tell, work, owner, at):
    receiver.statuses[:], receiver.headers = [307], {"location": receiver.url}
    tell(owner, at=at)
    assert work(at) == [("failed", "http_307", 1)]
    assert len(receiver.calls) == 1


@pytest.mark.parametrize(
    ("url", "networks", "loopback", "code"),
    [
        pytest.param("https://127.0.0.1:9/", [], False, "address_not_allowed", id="this machine"),
        pytest.param("https://localhost:9/", [], False, "address_not_allowed", id="a name of this machine"),
        pytest.param("https://10.0.0.1/", [], False, "address_not_allowed", id="a private network"),
        pytest.param("https://169.254.169.254/latest", ["10.0.0.0/8"], False, "address_not_allowed", id="metadata of a cloud"),
        pytest.param("https://[::ffff:127.0.0.1]:9/", [], False, "address_not_allowed", id="this machine in disguise"),
        pytest.param("http://1.1.1.1:9/", ["10.0.0.0/8"], False, "address_not_allowed", id="a public address without TLS"),
        pytest.param("https://127.0.0.1:9/", [], True, "unreachable", id="this machine, in the demo"),
        pytest.param("https://nobody.invalid/", [], False, "unreachable", id="no such name"),
    ],
)  # fmt: skip
def test_where_a_webhook_may_lead(url, networks, loopback, code, claims, head, settings, tell, work, owner, at):
    settings.WEBHOOK_NETWORKS, settings.WEBHOOK_LOOPBACK_ALLOWED = networks, loopback
    services.add_webhook(title="t", url=url, unit_id=claims.pk, by=head, at=at)
    tell(owner, at=at)
    assert work(at) == [("failed", code, 1)]


def test_a_proxy_of_the_environment_is_not_used(hook, receiver, monkeypatch, tell, work, owner, at):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    tell(owner, at=at)
    assert work(at) == [("sent", "http_204", 1)]


def test_a_receiver_that_keeps_somebody_waiting_holds_up_no_other(
    hook, receiver, claims, head, monkeypatch, tell, work, owner, at
):
    from governance.notices.channels import webhook as channel

    monkeypatch.setattr(channel, "PATIENCE_S", 0.2)
    receiver.before_answer = lambda: time.sleep(0.6)
    services.add_webhook(title="Same place", url=receiver.url + "?b", unit_id=claims.pk, by=head, at=at)
    tell(owner, at=at)
    assert sorted(work(at)) == [("failed", "timeout", 1), ("queued", "", 0)]
    steps._resting.clear()


def test_after_days_of_failure_a_webhook_is_switched_off_and_its_owner_told(
    hook, receiver, head, tell, work, owner, recorded, at
):
    receiver.statuses[:] = [500] * 10
    tell(owner, at=at)
    work(at)
    assert webhooks(standing=standing_of(head.person), state="failing").total == 1
    tell(owner, at=at + timedelta(days=4), link="/inbox/asked")
    work(at + timedelta(days=5))
    made = Webhook.objects.get()
    assert (made.state, made.state_reason) == ("disabled", "worn_out")
    assert set(Delivery.objects.values_list("state", "code")) <= {("given_up", "webhook_off"), ("given_up", "http_500")}
    assert Notice.objects.get(person=head.person).text.startswith("The webhook “Ticketing” was switched off")
    assert "notices.webhook_disabled" in {body["kind"] for body in recorded.bodies}
    tell(owner, at=at + timedelta(days=6), link="/inbox/later")
    assert len(work(at + timedelta(days=6))) == 2


def test_one_success_makes_up_for_days_of_failure(hook, receiver, tell, work, owner, at):
    receiver.statuses[:] = [500]
    tell(owner, at=at)
    work(at)
    work(at + timedelta(days=6))
    assert (Webhook.objects.get().state, Webhook.objects.get().failing_since) == ("active", None)


def test_a_receiver_that_says_it_is_gone_is_called_no_more(hook, receiver, tell, work, owner, at):
    receiver.statuses[:] = [410]
    tell(owner, at=at)
    assert work(at) == [("given_up", "http_410", 1)]
    assert Webhook.objects.get().state_reason == "gone"


def test_when_its_owner_has_left_those_who_may_change_it_are_told(
    hook, receiver, claims, head, admin, tell, work, owner, at
):
    builders.services.deactivate_person(person_id=head.person, by=admin, at=at)
    successor = builders.person(Role.UNIT_HEAD, claims)
    receiver.statuses[:] = [410]
    tell(owner, at=at)
    work(at)
    assert Notice.objects.filter(person=successor, kind="notices.webhook_disabled").exists()


def test_a_test_is_sent_and_can_be_sent_again_under_its_id(hook, receiver, head, work, at):
    made = services.send_test(webhook_id=hook[0].pk, by=head, at=at)
    with pytest.raises(Conflict, match="delivery_waits"):
        services.call_again(webhook_id=hook[0].pk, delivery_id=made.pk, by=head, at=at)
    work(at)
    services.call_again(webhook_id=hook[0].pk, delivery_id=made.pk, by=head, at=at)
    assert work(at) == [("sent", "http_204", 1)]
    assert [json.loads(call.body)["type"] for call in receiver.calls] == ["notices.webhook_test"] * 2
    assert len({call.headers["webhook-id"] for call in receiver.calls}) == 1
    [row] = deliveries(hook[0].pk, standing=standing_of(head.person)).rows
    assert (row.state, row.tries) == ("sent", 1)


def test_a_webhook_that_is_off_hears_nothing_until_it_is_on(hook, receiver, head, tell, work, owner, at):
    for active in (False, False, True):
        services.switch_webhook(webhook_id=hook[0].pk, active=active, by=head, at=at)
        tell(owner, at=at, link=f"/inbox/?{active}")
        work(at)
    assert len(receiver.calls) == 1
    services.switch_webhook(webhook_id=hook[0].pk, active=False, by=head, at=at)
    with pytest.raises(Conflict, match="webhook_off"):
        services.send_test(webhook_id=hook[0].pk, by=head, at=at)


def test_a_removed_webhook_is_gone_with_its_secrets(hook, head, tell, work, owner, at):
    services.replace_secret(webhook_id=hook[0].pk, by=head, at=at)
    services.remove_webhook(webhook_id=hook[0].pk, by=head, at=at)
    row = Webhook.objects.get()
    assert (bytes(row.sealed), row.sealed_before) == (b"", None)
    tell(owner, at=at)
    assert work(at) == []
    with pytest.raises(NotFound, match="no_webhook"):
        services.switch_webhook(webhook_id=row.pk, active=True, by=head, at=at)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        pytest.param({"title": " "}, "title", id="no title"),
        pytest.param({"url": "javascript:alert(1)"}, "url", id="no address"),
        pytest.param({"role": "emperor"}, "role", id="no such role"),
        pytest.param({"kinds": ["approvals.aproved"]}, "kinds", id="no such kind"),
    ],
)
def test_a_wrong_webhook_is_told_its_field_and_not_made(wrong, field, claims, head, at):
    told = {"title": "t", "url": "https://hooks.example.com/", "unit_id": claims.pk} | wrong
    with pytest.raises(Invalid) as refused:
        services.add_webhook(**told, by=head, at=at)
    assert refused.value.field == field
    assert not Webhook.objects.exists()


def test_only_heads_of_the_unit_and_the_platform_admin_change_a_webhook(hook, claims, retail, admin, owner, at):
    asked = {"title": "t", "url": "https://hooks.example.com/", "unit_id": claims.pk, "at": at}
    stranger = builders.actor(builders.person(Role.UNIT_HEAD, retail))
    for other in (owner, stranger):
        with pytest.raises(NotAllowed):
            services.add_webhook(**asked, by=other)
        with pytest.raises(NotAllowed):
            services.replace_secret(webhook_id=hook[0].pk, by=other, at=at)
    assert services.add_webhook(**asked, by=admin)


def test_a_stale_change_is_refused(hook, head, at):
    change = {"title": "T", "url": "https://hooks.example.com/", "role": "", "kinds": [], "by": head, "at": at}
    services.edit_webhook(webhook_id=hook[0].pk, revision=1, **change)
    with pytest.raises(Conflict, match="stale_revision"):
        services.edit_webhook(webhook_id=hook[0].pk, revision=1, **change)


def test_the_state_of_the_channels_counts_and_names_nobody(hook, receiver, head, work, tell, owner, at):
    receiver.statuses[:] = [204, 410]
    for number in range(2):
        services.send_test(webhook_id=hook[0].pk, by=head, at=at + timedelta(seconds=number))
    work(at + timedelta(seconds=5))
    _, told = channels(at + timedelta(seconds=9))
    assert (told.waiting, told.given_up, told.last_code) == (0, 1, "http_410")
    assert told.last_sent_at == at + timedelta(seconds=5)
