"""What the next try of a delivery sends: read when it is tried, so that what was read or switched off meanwhile is not sent."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import Resolver404, resolve

from governance.notices.kinds import Group, group_of
from governance.notices.models import Delivery, Webhook
from governance.notices.rules import OPEN_DELIVERY, Channel, WebhookState
from governance.notices.secret import open_secret

MAIL_DOOR = "e-mail"


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as an e-mail tells it; `url` is absolute."""

    group: Group
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail to one person. `id` makes its Message-ID, the same at every try."""

    id: UUID
    address: str
    lines: Sequence[Line]
    told_at: datetime
    door: str = MAIL_DOOR


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """A call of a webhook. `id` is its webhook-id and `body` its bytes, the same at every try; each of `secrets` signs."""

    id: UUID
    url: str
    body: str
    secrets: Sequence[str]

    @property
    def door(self) -> str:
        return urlsplit(self.url).netloc


def outgoing(delivery_id: UUID, *, number: int, at: datetime) -> Letter | Call | None:
    """Return what the `number`-th try of a delivery sends; None when there is nothing to send any more."""
    due = Delivery.objects.filter(pk=delivery_id, state__in=OPEN_DELIVERY, tries=number - 1)
    row = due.select_related("person", "webhook__unit").first()
    if row is None:
        return None
    return _letter(row) if row.channel == Channel.EMAIL else _call(row, at)


def absolute(path: str) -> str:
    """Return the address of a page of ours as it is reached from outside."""
    return f"{settings.WEB_URL.rstrip('/')}{path}"


def _letter(row: Delivery) -> Letter | None:
    person = row.person
    if person is None or not person.is_active or not person.email:
        return None
    unread = row.notices.filter(read_at=None).order_by("made_at", "id")
    lines = [Line(group_of(each.kind), each.text, absolute(each.link)) for each in unread]
    return Letter(row.pk, person.email, lines, row.told_at) if lines else None


def _call(row: Delivery, at: datetime) -> Call | None:
    hook = row.webhook
    if hook is None or hook.state != WebhookState.ACTIVE:
        return None
    return Call(row.pk, hook.url, body_of(row, hook), _secrets(hook, at))


def body_of(row: Delivery, hook: Webhook) -> str:
    """Return the payload of a delivery: what happened and where, never content. The same bytes at every try."""
    data = {
        "sentence": row.text,
        "link": absolute(row.link),
        "ids": _ids(row.link),
        "group": str(group_of(row.kind)),
        "unit": hook.unit.ref,
    }
    told = {"type": row.kind, "timestamp": row.told_at.astimezone(UTC).isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _ids(link: str) -> dict[str, str]:
    """Return the ids in the path of a page by their names, such as {"request": "0199..."}."""
    try:
        named = resolve(link).kwargs
    except Resolver404:
        return {}
    return {name.removesuffix("_id"): str(value) for name, value in named.items()}


def _secrets(hook: Webhook, at: datetime) -> list[str]:
    kept = [hook.sealed]
    if hook.sealed_before is not None and hook.before_until is not None and at < hook.before_until:
        kept.append(hook.sealed_before)
    return [open_secret(bytes(each), webhook_id=hook.pk) for each in kept]
