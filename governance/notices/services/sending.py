"""What becomes of a delivery: tried by the outbound worker, tried again later, or given up. The row is the truth."""

import random
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, NotFound
from governance.core.verdict import require
from governance.notices.models import Delivery, Notice, Webhook
from governance.notices.rules import (
    OPEN_DELIVERY,
    DeliveryState,
    Outcome,
    Result,
    WebhookState,
    is_worn_out,
    may_send_again,
)
from governance.notices.timing import back_off
from governance.organisation.selectors import who_may
from governance.work.rules import LeasedJob
from governance.work.services import enqueue, finish_job

GONE = "http_410"  # the receiver says that nobody will ever answer there again


def queue_try(*, delivery: Delivery, by: Actor, at: datetime) -> None:
    """Queue the next try of a delivery for when it is due. Called in the transaction that made it due."""
    told = {"delivery": str(delivery.pk), "try": delivery.tries + 1}
    wait_s = max(0.0, (delivery.try_at - at).total_seconds())
    enqueue(kind="notices.deliver", input=told, by=by, at=at, delay_s=wait_s)


@transaction.atomic
def close_try(*, job: LeasedJob, outcome: Outcome, by: Actor, at: datetime) -> None:
    """Write down how the try of `job` ended, and queue the next where one follows. A try that was overtaken changes nothing.

    Raises:
        Conflict: `lease_lost`, when another worker took the try over.
    """
    _write_down(job, outcome, by, at)
    finish_job(job=job, at=at)


@transaction.atomic
def lose_try(*, job: LeasedJob, by: Actor, at: datetime) -> None:
    """The workers that tried it died: count it as one failed try, for the next may go well."""
    _write_down(job, Outcome(Result.AGAIN, "worker_lost"), by, at)


@transaction.atomic
def put_off(*, job: LeasedJob, wait_s: float, by: Actor, at: datetime) -> None:
    """Queue the same try again in `wait_s` seconds: the other side has just kept somebody waiting in vain."""
    delivery = _held(job)
    if delivery is not None:
        delivery.try_at = at + timedelta(seconds=wait_s)
        delivery.save(update_fields=["try_at"])
        queue_try(delivery=delivery, by=by, at=at)
    finish_job(job=job, at=at)


@transaction.atomic
def send_again(*, delivery_id: UUID, by: Actor, at: datetime) -> Delivery:
    """Begin the tries of an ended delivery anew, under the same id, so that a receiver can tell that it had it before.

    The caller has asked who may. Raises:
        NotFound: `no_delivery`. Conflict: `delivery_waits` or `webhook_off`.
    """
    delivery = Delivery.objects.select_for_update(of=["self"]).select_related("webhook").filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound("no_delivery", "There is no such delivery.")
    require(may_send_again(delivery.state), Conflict)
    if delivery.webhook is not None and delivery.webhook.state != WebhookState.ACTIVE:
        raise Conflict("webhook_off", "This webhook is switched off.", remedy="Switch it on first.")
    delivery.state, delivery.tries, delivery.try_at = DeliveryState.QUEUED, 0, at
    delivery.save(update_fields=["state", "tries", "try_at"])
    record(EventKind.DELIVERY_SENT_AGAIN, subject=f"delivery:{delivery.pk}", by=by, at=at, channel=delivery.channel)
    queue_try(delivery=delivery, by=by, at=at)
    return delivery


def _held(job: LeasedJob) -> Delivery | None:
    """Return the delivery of `job`, locked, unless another try came in between."""
    due = Delivery.objects.select_for_update().filter(pk=job.input["delivery"], state__in=OPEN_DELIVERY)
    return due.filter(tries=job.input["try"] - 1).first()


def _write_down(job: LeasedJob, outcome: Outcome, by: Actor, at: datetime) -> None:
    hook = _locked_webhook(job)  # before its delivery, in the order of whoever switches it off
    delivery = _held(job)
    if delivery is None:
        return
    delivery.tries += 1
    delivery.tried_at, delivery.code = at, outcome.code
    wait = back_off(delivery.tries, random.random())  # noqa: S311 - spreads load, guards nothing
    delivery.state = _state_after(outcome, wait)
    delivery.try_at = at + (wait or timedelta())
    delivery.save(update_fields=["tries", "tried_at", "code", "state", "try_at"])
    if delivery.state == DeliveryState.FAILED:
        queue_try(delivery=delivery, by=by, at=at)
    if hook is not None and hook.state == WebhookState.ACTIVE:
        _judge_webhook(hook, outcome, by, at)


def _state_after(outcome: Outcome, wait: timedelta | None) -> DeliveryState:
    match outcome.result:
        case Result.SENT:
            return DeliveryState.SENT
        case Result.NEVER:
            return DeliveryState.GIVEN_UP
        case Result.AGAIN:
            return DeliveryState.FAILED if wait else DeliveryState.GIVEN_UP


def _locked_webhook(job: LeasedJob) -> Webhook | None:
    hooks = Webhook.objects.select_for_update(of=["self"]).select_related("unit", "owner")
    return hooks.filter(deliveries__pk=job.input["delivery"]).first()


def _judge_webhook(hook: Webhook, outcome: Outcome, by: Actor, at: datetime) -> None:
    """Remember since when a webhook fails, and switch it off when that is too long or its receiver says it is gone."""
    failing_since = None if outcome.result is Result.SENT else hook.failing_since or at
    if failing_since != hook.failing_since:
        hook.failing_since = failing_since
        hook.save(update_fields=["failing_since"])
    patience = timedelta(days=settings.WEBHOOK_PATIENCE_DAYS)
    if outcome.code == GONE or is_worn_out(failing_since=failing_since, at=at, patience=patience):
        _switch_off(hook, "gone" if outcome.code == GONE else "worn_out", by, at)


def _switch_off(hook: Webhook, reason: str, by: Actor, at: datetime) -> None:
    hook.state, hook.state_reason = WebhookState.DISABLED, reason
    hook.revision += 1
    hook.save(update_fields=["state", "state_reason", "revision"])
    unsent = hook.deliveries.filter(state__in=OPEN_DELIVERY)
    given_up = unsent.update(state=DeliveryState.GIVEN_UP, code="webhook_off")
    subject = f"webhook:{hook.pk}"
    record(
        EventKind.WEBHOOK_DISABLED,
        subject=subject,
        by=by,
        at=at,
        unit_path=hook.unit.path,
        reason=reason,
        given_up=given_up,
    )
    text = f"The webhook “{hook.title}” was switched off: its receiver has not taken anything for days."
    if reason == "gone":
        text = f"The webhook “{hook.title}” was switched off: its receiver says that it is gone."
    # The row itself, and not notify(), which stands above this: what is told here is told like everything else.
    told = [
        Notice(person_id=person, kind="notices.webhook_disabled", text=text, link=f"/webhooks/{hook.pk}/", made_at=at)
        for person in _who_looks_after(hook)
    ]
    Notice.objects.bulk_create(told, ignore_conflicts=True)


def _who_looks_after(hook: Webhook) -> set[UUID]:
    """Return its owner, or, once the owner has left, everybody who may change it."""
    if hook.owner.is_active:
        return {hook.owner_id}
    return {row.id for row in who_may("notices:webhook:edit", hook.unit.path)}
