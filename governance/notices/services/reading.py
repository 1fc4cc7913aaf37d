"""Note what people have read, and forget what is long done."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from governance.core.actors import Actor
from governance.core.errors import NotFound
from governance.core.verdict import require
from governance.notices.models import Delivery, Notice
from governance.notices.rules import KEEP_DELIVERIES, KEEP_READ, OPEN_DELIVERY, may_read


@transaction.atomic
def mark_read(*, notice_id: UUID, by: Actor, at: datetime) -> Notice:
    """Note that the actor has read the notice; reading it again changes nothing.

    Raises:
        NotFound: `no_notice`. NotAllowed: `not_your_notice`.
    """
    notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
    if notice is None:
        raise NotFound("no_notice", "There is no such notice.")
    require(may_read(by.person, notice.person_id))
    if notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def mark_all_read(*, by: Actor, at: datetime) -> int:
    """Note that the actor has read all their notices; return how many were unread."""
    if by.person is None:
        return 0
    return Notice.objects.filter(person_id=by.person, read_at=None, made_at__lte=at).update(read_at=at)


@transaction.atomic
def forget(*, by: Actor, at: datetime) -> int:  # noqa: ARG001 - every write names its actor
    """Delete notices read long ago and deliveries that ended long ago; return how many rows went."""
    notices, _ = Notice.objects.filter(read_at__lt=at - KEEP_READ).delete()
    ended = ~Q(state__in=OPEN_DELIVERY)
    deliveries, _ = Delivery.objects.filter(ended, told_at__lt=at - KEEP_DELIVERIES).delete()
    return notices + deliveries
