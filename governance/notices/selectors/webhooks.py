"""Webhooks and what became of what they were told; and how the channels are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet

from governance.core.errors import NotFound
from governance.core.paging import Page, page_window
from governance.notices.models import Delivery, Webhook
from governance.notices.rules import OPEN_DELIVERY, Channel, DeliveryState, WebhookState
from governance.organisation.permissions import Standing
from governance.organisation.selectors import paths_for, within
from governance.work.selectors import fresh

READ = "notices:webhook:read"
SORTS = {
    "title": ("title", "id"),
    "-title": ("-title", "-id"),
    "added": ("added_at", "id"),
    "-added": ("-added_at", "-id"),
}
LATELY = timedelta(days=7)
ALIVE_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """`address` is where it is called, `host` the part of it that is fit for a list. `before_until`: an old secret signs until then."""

    id: UUID
    title: str
    address: str
    unit_id: UUID
    unit_path: str
    unit: str
    role: str
    kinds: list[str]
    state: str
    state_reason: str
    owner: str
    added_at: datetime
    failing_since: datetime | None
    before_until: datetime | None
    revision: int

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    id: UUID
    kind: str
    sentence: str
    link: str
    told_at: datetime
    state: str
    tries: int
    try_at: datetime
    tried_at: datetime | None
    code: str

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_DELIVERY


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """How one channel is: what waits and since when, what was sent last, what was given up in the last seven days and why."""

    channel: Channel
    ready: bool
    waiting: int
    waiting_since: datetime | None
    last_sent_at: datetime | None
    given_up: int
    last_code: str


def webhooks(
    *, standing: Standing, search: str = "", state: str = "", sort: str = "title", page: int = 1, size: int = 50
) -> Page[WebhookRow]:
    """Return one page of the webhooks of the units where the reader may read them."""
    found = _visible(standing)
    if search:
        found = found.filter(Q(title__icontains=search) | Q(url__icontains=search) | Q(unit__name__icontains=search))
    if state == "failing":
        found = found.filter(state=WebhookState.ACTIVE, failing_since__isnull=False)
    elif state:
        found = found.filter(state=state)
    start, end = page_window(page, size)
    rows = [_row(hook) for hook in found.order_by(*SORTS[sort])[start:end]]
    return Page(rows, found.count(), max(page, 1), end - start)


def webhook(webhook_id: UUID, *, standing: Standing) -> WebhookRow:
    """Return one webhook.

    Raises:
        NotFound: `no_webhook`, also when the reader may not see it.
    """
    return _row(_one(webhook_id, standing))


def deliveries(
    webhook_id: UUID, *, standing: Standing, state: str = "", page: int = 1, size: int = 50
) -> Page[DeliveryRow]:
    """Return one page of what a webhook was told, newest first.

    Raises:
        NotFound: `no_webhook`, also when the reader may not see it.
    """
    found = _one(webhook_id, standing).deliveries.all()
    if state:
        found = found.filter(state=state)
    start, end = page_window(page, size)
    rows = [_delivery(row) for row in found.order_by("-told_at", "-id")[start:end]]
    return Page(rows, found.count(), max(page, 1), end - start)


def delivery(delivery_id: UUID, *, webhook_id: UUID, standing: Standing) -> DeliveryRow:
    """Return one delivery of a webhook.

    Raises:
        NotFound: `no_webhook` or `no_delivery`.
    """
    found = _one(webhook_id, standing).deliveries.filter(pk=delivery_id).first()
    if found is None:
        raise NotFound("no_delivery", "There is no such delivery.")
    return _delivery(found)


def channels(at: datetime) -> list[ChannelRow]:
    """Return how e-mail and webhooks are. No address and no sentence of anybody's is in it."""
    return [_channel(each, at) for each in Channel]


def outbound_is_alive(at: datetime) -> bool:
    """Tell whether the worker that sends gave a sign of life in the last minute."""
    return fresh("worker.outbound", at, ALIVE_WITHIN_S)


def _channel(channel: Channel, at: datetime) -> ChannelRow:
    rows = Delivery.objects.filter(channel=channel)
    lately, waits = Q(told_at__gt=at - LATELY), Q(state__in=OPEN_DELIVERY)
    told = rows.filter(lately | waits).aggregate(
        waiting=Count("pk", filter=waits),
        since=Min("told_at", filter=waits),
        sent_at=Max("tried_at", filter=Q(state=DeliveryState.SENT)),
        given_up=Count("pk", filter=Q(state=DeliveryState.GIVEN_UP)),
    )
    wrong = rows.filter(state__in=[DeliveryState.FAILED, DeliveryState.GIVEN_UP], tried_at__isnull=False)
    last = wrong.order_by("-tried_at", "-pk").values_list("code", flat=True).first()
    ready = bool(settings.MAIL_FROM) if channel is Channel.EMAIL else True
    return ChannelRow(channel, ready, told["waiting"], told["since"], told["sent_at"], told["given_up"], last or "")


def _visible(standing: Standing) -> QuerySet[Webhook]:
    inside = within(paths_for(standing, READ), "unit__path")
    return Webhook.objects.filter(inside).exclude(state=WebhookState.REMOVED).select_related("unit", "owner")


def _one(webhook_id: UUID, standing: Standing) -> Webhook:
    found = _visible(standing).filter(pk=webhook_id).first()
    if found is None:
        raise NotFound("no_webhook", "There is no such webhook, or you may not see it.")
    return found


def _row(hook: Webhook) -> WebhookRow:
    return WebhookRow(
        id=hook.pk,
        title=hook.title,
        address=hook.url,
        unit_id=hook.unit_id,
        unit_path=hook.unit.path,
        unit=hook.unit.name,
        role=hook.role,
        kinds=hook.kinds,
        state=hook.state,
        state_reason=hook.state_reason,
        owner=hook.owner.name,
        added_at=hook.added_at,
        failing_since=hook.failing_since,
        before_until=hook.before_until,
        revision=hook.revision,
    )


def _delivery(row: Delivery) -> DeliveryRow:
    return DeliveryRow(
        row.pk, row.kind, row.text, row.link, row.told_at, row.state, row.tries, row.try_at, row.tried_at, row.code
    )
