"""What a person is told, how they want to hear of it, and what became of what left."""

from governance.notices.selectors.reading import NoticeRow, notice, notices_of, unread_count
from governance.notices.selectors.webhooks import SORTS as WEBHOOK_SORTS
from governance.notices.selectors.webhooks import (
    ChannelRow,
    DeliveryRow,
    WebhookRow,
    channels,
    deliveries,
    delivery,
    outbound_is_alive,
    webhook,
    webhooks,
)
from governance.notices.selectors.wishes import Hearing, hearing_of

__all__ = [
    "WEBHOOK_SORTS",
    "ChannelRow",
    "DeliveryRow",
    "Hearing",
    "NoticeRow",
    "WebhookRow",
    "channels",
    "deliveries",
    "delivery",
    "hearing_of",
    "notice",
    "notices_of",
    "outbound_is_alive",
    "unread_count",
    "webhook",
    "webhooks",
]
