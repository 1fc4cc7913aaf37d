"""Tell people what happened, and note what they have read."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.core.actors import Actor
from governance.core.errors import NotFound
from governance.core.verdict import require
from governance.notices.models import Notice
from governance.notices.rules import KEEP_READ, may_read


@transaction.atomic
def notify(*, people: Iterable[UUID], kind: str, text: str, link: str, by: Actor, at: datetime) -> int:
    """Tell each of `people` but the actor; return how many were told. Called in the transaction of what it tells of.

    `kind` is "area.what_happened", `text` a sentence without content or personal values, `link` a path inside Remit.
    """
    told = [
        Notice(person_id=person, kind=kind, text=text, link=link, made_at=at)
        for person in sorted(set(people) - {by.person})
    ]
    return len(Notice.objects.bulk_create(told, ignore_conflicts=True))


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
def forget_read(*, by: Actor, at: datetime) -> int:  # noqa: ARG001 - every write names its actor
    """Delete notices read long ago; return how many."""
    return Notice.objects.filter(read_at__lt=at - KEEP_READ).delete()[0]
