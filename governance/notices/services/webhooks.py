"""Webhooks: added by who looks after the unit, with a secret that is shown once and can be replaced without a gap."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.core.ids import uuid7
from governance.core.revisions import require_fresh
from governance.notices.kinds import KINDS
from governance.notices.models import Delivery, Webhook
from governance.notices.rules import (
    OPEN_DELIVERY,
    ROTATION_OVERLAP,
    Channel,
    DeliveryState,
    WebhookState,
    kinds_fault,
    webhook_fault,
)
from governance.notices.secret import new_secret, seal_secret
from governance.notices.services.sending import queue_try, send_again
from governance.organisation.roles import Role
from governance.organisation.selectors import authorize, unit

EDIT = "notices:webhook:edit"
TEST = "notices.webhook_test"


@transaction.atomic
def add_webhook(
    *, title: str, url: str, unit_id: UUID, role: str = "", kinds: Sequence[str] = (), by: Actor, at: datetime
) -> tuple[Webhook, str]:
    """Add a webhook and return it with its secret, which is shown nowhere again.

    It is told what people of the unit and below are told; with `role` only those who hold it there, with `kinds` only those kinds.

    Raises:
        NotAllowed: `not_permitted`, or `no_owner` for a process. NotFound: `no_such_unit`.
        Invalid: `wrong_webhook`, with the field at fault.
    """
    where = unit(unit_id)
    authorize(by, EDIT, where.path)
    if by.person is None:
        raise NotAllowed("no_owner", "A webhook needs a person who answers for it.")
    _require_shape(title=title, url=url, role=role, kinds=kinds)
    webhook_id, secret = uuid7(), new_secret()
    hook = Webhook.objects.create(
        id=webhook_id,
        title=title.strip(),
        url=url,
        unit=where,
        role=role,
        kinds=sorted(set(kinds)),
        sealed=seal_secret(secret, webhook_id=webhook_id),
        owner_id=by.person,
        added_at=at,
    )
    _record(EventKind.WEBHOOK_ADDED, hook, by, at)
    return hook, secret


@transaction.atomic
def edit_webhook(
    *, webhook_id: UUID, revision: int, title: str, url: str, role: str, kinds: Sequence[str], by: Actor, at: datetime
) -> Webhook:
    """Change what a webhook is and hears of. What already waits goes to the new address.

    Raises:
        NotFound: `no_webhook`. Conflict: `stale_revision`. Invalid: `wrong_webhook`. NotAllowed: `not_permitted`.
    """
    hook = _held(webhook_id, by)
    require_fresh(held=hook.revision, seen=revision)
    _require_shape(title=title, url=url, role=role, kinds=kinds)
    hook.title, hook.url, hook.role, hook.kinds = title.strip(), url, role, sorted(set(kinds))
    _save(hook, "title", "url", "role", "kinds")
    _record(EventKind.WEBHOOK_EDITED, hook, by, at)
    return hook


@transaction.atomic
def replace_secret(*, webhook_id: UUID, by: Actor, at: datetime) -> tuple[Webhook, str]:
    """Return the webhook with a new secret. For ROTATION_OVERLAP the one before signs beside it, so that no call is refused.

    Raises:
        NotFound: `no_webhook`. NotAllowed: `not_permitted`.
    """
    hook, secret = _held(webhook_id, by), new_secret()
    hook.sealed_before, hook.before_until = hook.sealed, at + ROTATION_OVERLAP
    hook.sealed = seal_secret(secret, webhook_id=hook.pk)
    _save(hook, "sealed", "sealed_before", "before_until")
    _record(EventKind.WEBHOOK_SECRET_REPLACED, hook, by, at)
    return hook, secret


@transaction.atomic
def switch_webhook(*, webhook_id: UUID, active: bool, by: Actor, at: datetime) -> Webhook:
    """Switch a webhook on or off; what it missed while it was off is not sent later. As it is already: no change.

    Raises:
        NotFound: `no_webhook`. NotAllowed: `not_permitted`.
    """
    hook = _held(webhook_id, by)
    wanted = WebhookState.ACTIVE if active else WebhookState.DISABLED
    if hook.state == wanted:
        return hook
    hook.state, hook.state_reason, hook.failing_since = wanted, "" if active else "by_hand", None
    _save(hook, "state", "state_reason", "failing_since")
    if not active:
        _drop_waiting(hook)
    _record(EventKind.WEBHOOK_ENABLED if active else EventKind.WEBHOOK_DISABLED, hook, by, at)
    return hook


@transaction.atomic
def remove_webhook(*, webhook_id: UUID, by: Actor, at: datetime) -> None:
    """Take a webhook away and forget its secrets. Its deliveries stay readable in the log alone.

    Raises:
        NotFound: `no_webhook`. NotAllowed: `not_permitted`.
    """
    hook = _held(webhook_id, by)
    hook.state, hook.sealed, hook.sealed_before = WebhookState.REMOVED, b"", None
    _save(hook, "state", "sealed", "sealed_before")
    _drop_waiting(hook)
    _record(EventKind.WEBHOOK_REMOVED, hook, by, at)


@transaction.atomic
def send_test(*, webhook_id: UUID, by: Actor, at: datetime) -> Delivery:
    """Queue a call that tells of nothing, so that a receiver can be tried.

    Raises:
        NotFound: `no_webhook`. Conflict: `webhook_off`. NotAllowed: `not_permitted`.
    """
    hook = _held(webhook_id, by)
    if hook.state != WebhookState.ACTIVE:
        raise Conflict("webhook_off", "This webhook is switched off.", remedy="Switch it on first.")
    delivery = hook.deliveries.create(
        channel=Channel.WEBHOOK,
        kind=TEST,
        text="This is a test. Nothing happened.",
        link=f"/webhooks/{hook.pk}/",
        told_at=at,
        try_at=at,
    )
    queue_try(delivery=delivery, by=by, at=at)
    record(EventKind.WEBHOOK_TESTED, subject=f"webhook:{hook.pk}", by=by, at=at, unit_path=hook.unit.path)
    return delivery


@transaction.atomic
def call_again(*, webhook_id: UUID, delivery_id: UUID, by: Actor, at: datetime) -> Delivery:
    """Send an ended delivery of a webhook once more, under the same id.

    Raises:
        NotFound: `no_webhook` or `no_delivery`. Conflict: `delivery_waits` or `webhook_off`. NotAllowed: `not_permitted`.
    """
    hook = _held(webhook_id, by)
    if not hook.deliveries.filter(pk=delivery_id).exists():
        raise NotFound("no_delivery", "There is no such delivery.")
    return send_again(delivery_id=delivery_id, by=by, at=at)


def _held(webhook_id: UUID, by: Actor) -> Webhook:
    """Return the webhook, locked, when the actor may change it."""
    known = Webhook.objects.exclude(state=WebhookState.REMOVED).select_related("unit")
    hook = known.select_for_update(of=["self"]).filter(pk=webhook_id).first()
    if hook is None:
        raise NotFound("no_webhook", "There is no such webhook.")
    authorize(by, EDIT, hook.unit.path)
    return hook


def _save(hook: Webhook, *fields: str) -> None:
    hook.revision += 1
    hook.save(update_fields=[*fields, "revision"])


def _drop_waiting(hook: Webhook) -> None:
    hook.deliveries.filter(state__in=OPEN_DELIVERY).update(state=DeliveryState.GIVEN_UP, code="webhook_off")


def _record(kind: EventKind, hook: Webhook, by: Actor, at: datetime) -> None:
    told = {"unit": str(hook.unit_id), "role": hook.role, "kinds": hook.kinds, "revision": hook.revision}
    record(kind, subject=f"webhook:{hook.pk}", by=by, at=at, unit_path=hook.unit.path, **told)


def _require_shape(*, title: str, url: str, role: str, kinds: Sequence[str]) -> None:
    plain = bool(settings.WEBHOOK_NETWORKS) or settings.WEBHOOK_LOOPBACK_ALLOWED
    field, fault = webhook_fault(title=title, url=url, plain_allowed=plain)
    if not fault and role and role not in set(Role):
        field, fault = "role", f"There is no role {role}."
    if not fault:
        field, fault = "kinds", kinds_fault(kinds, KINDS)
    if fault:
        raise Invalid("wrong_webhook", fault, field=field)
