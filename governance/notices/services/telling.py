"""Tell people what happened, in the transaction in which it happens; then, by the clock, spread it to e-mail and webhooks.

The notice itself is the outbox: whoever makes something happen writes one row a person and waits for nobody. The clock looks at
new notices every second and queues what must leave as durable jobs of the outbound worker.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction

from governance.core.actors import Actor
from governance.notices.kinds import group_of, is_urgent
from governance.notices.models import Delivery, Notice, Webhook
from governance.notices.rules import Channel, WebhookState
from governance.notices.selectors.wishes import Hearing, hearings
from governance.notices.services.sending import queue_try
from governance.organisation.contacts import places_of

MOST_SPREAD = 500
DIGEST = "notices.digest"


@transaction.atomic
def notify(*, people: Iterable[UUID], kind: str, text: str, link: str, by: Actor, at: datetime) -> int:
    """Tell each of `people` but the actor; return how many were told. Called in the transaction of what it tells of.

    `kind` is "area.what_happened" (notices/kinds.py), `text` a sentence without content or personal values, `link` a path inside
    Remit.
    """
    told = [
        Notice(person_id=person, kind=kind, text=text, link=link, urgent=is_urgent(kind), made_at=at)
        for person in sorted(set(people) - {by.person})
    ]
    return len(Notice.objects.bulk_create(told, ignore_conflicts=True))


def spread(*, by: Actor, at: datetime) -> int:
    """Queue what new notices send elsewhere, and the e-mails whose time has come; return how many deliveries were queued."""
    return _spread_new(by, at) + _post_due(by, at)


@transaction.atomic
def _spread_new(by: Actor, at: datetime) -> int:
    fresh = Notice.objects.select_for_update(skip_locked=True).filter(spread_at=None)
    rows = list(fresh.order_by("id")[:MOST_SPREAD])
    if not rows:
        return 0
    known = hearings({row.person_id for row in rows})
    for row in rows:
        row.spread_at, row.mail_due_at = at, _mail_due(row, known.get(row.person_id), at)
    Notice.objects.bulk_update(rows, ["spread_at", "mail_due_at"])
    return _call_webhooks(rows, by, at)


def _mail_due(row: Notice, hearing: Hearing | None, at: datetime) -> datetime | None:
    return hearing.mail_due(group_of(row.kind), urgent=row.urgent, at=at) if hearing else None


def _call_webhooks(rows: Sequence[Notice], by: Actor, at: datetime) -> int:
    """Queue one delivery for each webhook and happening, however many people were told of it."""
    webhooks = list(Webhook.objects.filter(state=WebhookState.ACTIVE).select_related("unit").order_by("pk"))
    if not webhooks:
        return 0
    places = places_of({row.person_id for row in rows})
    happenings: dict[tuple[str, str, str, datetime], list[Notice]] = defaultdict(list)
    for row in rows:
        happenings[row.kind, row.text, row.link, row.made_at].append(row)
    calls = [
        Delivery(channel=Channel.WEBHOOK, webhook=hook, kind=kind, text=text, link=link, told_at=told_at, try_at=at)
        for (kind, text, link, told_at), told in happenings.items()
        for hook in webhooks
        if (not hook.kinds or kind in hook.kinds) and any(_concerns(hook, places[row.person_id]) for row in told)
    ]
    return _queue(calls, by, at)


def _concerns(hook: Webhook, places: Iterable[tuple[str, str]]) -> bool:
    """Say whether somebody with these (role, path) pairs, "" for a member, is one of those the webhook hears of."""
    return any(path.startswith(hook.unit.path) and hook.role in {"", role} for role, path in places)


@transaction.atomic
def _post_due(by: Actor, at: datetime) -> int:
    """Queue one e-mail for each person with all that is due and still unread."""
    waiting = Notice.objects.select_for_update(skip_locked=True).filter(mail=None, mail_due_at__lte=at)
    due = list(waiting.order_by("person_id", "id")[:MOST_SPREAD])
    read = [row.pk for row in due if row.read_at is not None]
    Notice.objects.filter(pk__in=read).update(mail_due_at=None)
    unread = [row for row in due if row.read_at is None]
    mails = [(_mail_of(list(rows), at), list(rows)) for rows in _by_person(unread)]
    queued = _queue([mail for mail, _ in mails], by, at)
    for mail, rows in mails:
        Notice.objects.filter(pk__in=[row.pk for row in rows]).update(mail=mail)
    return queued


def _by_person(rows: Sequence[Notice]) -> list[list[Notice]]:
    return [list(own) for _, own in groupby(rows, key=lambda row: row.person_id)]


def _mail_of(rows: Sequence[Notice], at: datetime) -> Delivery:
    kind = rows[0].kind if len(rows) == 1 else DIGEST
    told_at = min(row.made_at for row in rows)
    return Delivery(channel=Channel.EMAIL, person_id=rows[0].person_id, kind=kind, told_at=told_at, try_at=at)


def _queue(deliveries: Sequence[Delivery], by: Actor, at: datetime) -> int:
    for delivery in Delivery.objects.bulk_create(deliveries):
        queue_try(delivery=delivery, by=by, at=at)
    return len(deliveries)
