"""Webhooks: what a program of a unit is told, its secret, its deliveries; and how the channels are."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape, whole
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.notices import selectors, services
from governance.notices.kinds import KINDS, Group
from governance.notices.rules import LONGEST_TITLE, LONGEST_URL, Channel, DeliveryState
from governance.organisation.roles import Role

READ, EDIT, CHANNEL = "notices:webhook:read", "notices:webhook:edit", "notices:channel:read"
EVERYONE = "organisation:unit:read"
TOLD_ONCE = 'The signing secret: shown this once and kept sealed; "" in a repeated answer.'


class KindOut(Out):
    kind = serializers.CharField(source="name")
    group = serializers.ChoiceField(list(Group))
    told_when = serializers.CharField(source="says")
    urgent = serializers.BooleanField()


class WebhookOut(Out):
    id = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.CharField(source="address")
    unit = serializers.UUIDField(source="unit_id")
    unit_name = serializers.CharField(source="unit")
    role = serializers.CharField(help_text='"": whatever their role.')
    kinds = serializers.ListField(child=serializers.CharField(), help_text="[]: all.")
    state = serializers.ChoiceField(["active", "disabled"])
    state_reason = serializers.CharField()
    owner = serializers.CharField()
    added_at = serializers.DateTimeField()
    failing_since = serializers.DateTimeField(allow_null=True)
    revision = serializers.IntegerField()


class WebhookMadeOut(Out):
    id = serializers.UUIDField()
    secret = serializers.CharField(help_text=TOLD_ONCE)


class WebhooksAsk(ListAsk):
    search = Text(required=False, allow_blank=True, max_length=100)
    state = serializers.ChoiceField(["active", "failing", "disabled"], required=False)
    sort = serializers.ChoiceField(list(selectors.WEBHOOK_SORTS), required=False)


class WebhookIn(In):
    title = Text(max_length=LONGEST_TITLE)
    url = Text(max_length=LONGEST_URL)
    unit = serializers.UUIDField(source="unit_id")
    role = serializers.ChoiceField(list(Role), required=False)
    kinds = serializers.ListField(child=serializers.ChoiceField(list(KINDS)), required=False, max_length=len(KINDS))


class WebhookChangesIn(In):
    revision = serializers.IntegerField(min_value=1, help_text="The revision you read; a stale one is refused.")
    title = Text(max_length=LONGEST_TITLE)
    url = Text(max_length=LONGEST_URL)
    role = serializers.ChoiceField(["", *Role], default="")
    kinds = serializers.ListField(child=serializers.ChoiceField(list(KINDS)), default=list, max_length=len(KINDS))


class SwitchIn(In):
    active = serializers.BooleanField()


class DeliveryOut(Out):
    id = serializers.UUIDField(help_text="The webhook-id of its calls.")
    kind = serializers.CharField()
    sentence = serializers.CharField()
    link = serializers.CharField()
    told_at = serializers.DateTimeField()
    state = serializers.ChoiceField(list(DeliveryState))
    tries = serializers.IntegerField()
    try_at = serializers.DateTimeField()
    tried_at = serializers.DateTimeField(allow_null=True)
    code = serializers.CharField(help_text='How the last try ended, such as "http_500".')


class DeliveriesAsk(ListAsk):
    state = serializers.ChoiceField(list(DeliveryState), required=False)


class ChannelOut(Out):
    channel = serializers.ChoiceField(list(Channel))
    ready = serializers.BooleanField()
    waiting = serializers.IntegerField()
    waiting_since = serializers.DateTimeField(allow_null=True)
    last_sent_at = serializers.DateTimeField(allow_null=True)
    given_up = serializers.IntegerField(help_text="In the last seven days.")
    last_code = serializers.CharField()


class NoticeKinds(Endpoint):
    @reads(EVERYONE, asks=ListAsk, gives=page_shape(KindOut), says="What people and webhooks may be told of.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        rows = [
            {"name": name, "group": kind.group, "says": kind.says, "urgent": kind.urgent}
            for name, kind in KINDS.items()
        ]
        return whole(ask, rows, KindOut)


class Webhooks(Endpoint):
    @reads(READ, asks=WebhooksAsk, gives=page_shape(WebhookOut), says="Webhooks of the units one may read.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.webhooks, WebhookOut, standing=caller.standing)

    @writes(
        EDIT,
        takes=WebhookIn,
        gives=WebhookMadeOut,
        status=201,
        says="Add a webhook. Its calls follow the Standard Webhooks specification.",
        step_up=True,
        told_once=("secret",),
    )
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        made, secret = services.add_webhook(**body, by=caller.actor, at=now())
        return Response(WebhookMadeOut({"id": made.pk, "secret": secret}).data)


class Webhook(Endpoint):
    @reads(READ, gives=WebhookOut, says="One webhook.")
    def get(self, caller: Caller, ask: dict[str, Any], webhook: UUID) -> Response:
        return _shown(webhook, caller)

    @writes(
        EDIT, takes=WebhookChangesIn, gives=WebhookOut, says="Change a webhook; what waits goes to the new address."
    )
    def put(self, caller: Caller, body: dict[str, Any], webhook: UUID) -> Response:
        selectors.webhook(webhook, standing=caller.standing)
        services.edit_webhook(webhook_id=webhook, **body, by=caller.actor, at=now())
        return _shown(webhook, caller)

    @writes(EDIT, says="Remove a webhook and forget its secret.", step_up=True)
    def delete(self, caller: Caller, body: dict[str, Any], webhook: UUID) -> Response:
        selectors.webhook(webhook, standing=caller.standing)
        services.remove_webhook(webhook_id=webhook, by=caller.actor, at=now())
        return Response()


class WebhookSecret(Endpoint):
    @writes(
        EDIT,
        gives=WebhookMadeOut,
        status=201,
        says="Replace the secret; for a day the one before signs beside it.",
        step_up=True,
        told_once=("secret",),
    )
    def post(self, caller: Caller, body: dict[str, Any], webhook: UUID) -> Response:
        selectors.webhook(webhook, standing=caller.standing)
        made, secret = services.replace_secret(webhook_id=webhook, by=caller.actor, at=now())
        return Response(WebhookMadeOut({"id": made.pk, "secret": secret}).data)


class WebhookSwitch(Endpoint):
    @writes(EDIT, takes=SwitchIn, gives=WebhookOut, says="Switch a webhook on or off.")
    def put(self, caller: Caller, body: dict[str, Any], webhook: UUID) -> Response:
        selectors.webhook(webhook, standing=caller.standing)
        services.switch_webhook(webhook_id=webhook, **body, by=caller.actor, at=now())
        return _shown(webhook, caller)


class WebhookTests(Endpoint):
    @writes(EDIT, gives=DeliveryOut, status=201, says="Send a call that tells of nothing.")
    def post(self, caller: Caller, body: dict[str, Any], webhook: UUID) -> Response:
        selectors.webhook(webhook, standing=caller.standing)
        made = services.send_test(webhook_id=webhook, by=caller.actor, at=now())
        return _delivery(made.pk, webhook, caller)


class Deliveries(Endpoint):
    @reads(READ, asks=DeliveriesAsk, gives=page_shape(DeliveryOut), says="What a webhook was told, the newest first.")
    def get(self, caller: Caller, ask: dict[str, Any], webhook: UUID) -> Response:
        def read(**asked: Any) -> Any:
            return selectors.deliveries(webhook, standing=caller.standing, **asked)

        return listed(ask, read, DeliveryOut)


class Redelivery(Endpoint):
    @writes(EDIT, gives=DeliveryOut, says="Send an ended delivery again, under the same id.")
    def post(self, caller: Caller, body: dict[str, Any], webhook: UUID, delivery: UUID) -> Response:
        selectors.delivery(delivery, webhook_id=webhook, standing=caller.standing)
        services.call_again(webhook_id=webhook, delivery_id=delivery, by=caller.actor, at=now())
        return _delivery(delivery, webhook, caller)


class Channels(Endpoint):
    @reads(CHANNEL, asks=ListAsk, gives=page_shape(ChannelOut), says="How e-mail and webhooks are.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return whole(ask, selectors.channels(now()), ChannelOut)


def _shown(webhook: UUID, caller: Caller) -> Response:
    return Response(WebhookOut(selectors.webhook(webhook, standing=caller.standing)).data)


def _delivery(delivery: UUID, webhook: UUID, caller: Caller) -> Response:
    return Response(DeliveryOut(selectors.delivery(delivery, webhook_id=webhook, standing=caller.standing)).data)
