"""What a person is told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.core.errors import NotFound
from governance.core.paging import Page, page_window
from governance.notices.models import Notice


@dataclass(frozen=True, slots=True)
class NoticeRow:
    id: UUID
    kind: str
    text: str
    link: str
    made_at: datetime
    is_read: bool


def notices_of(person: UUID, *, unread_only: bool = False, page: int = 1, size: int = 50) -> Page[NoticeRow]:
    """Return a page of a person's notices, newest first."""
    found = Notice.objects.filter(person_id=person)
    if unread_only:
        found = found.filter(read_at=None)
    start, end = page_window(page, size)
    rows = [_row(row) for row in found.order_by("-made_at", "-id")[start:end]]
    return Page(rows, total=found.count(), number=max(page, 1), size=end - start)


def notice(notice_id: UUID, *, person: UUID) -> NoticeRow:
    """Return one notice of a person.

    Raises:
        NotFound: `no_notice`, also for a notice of somebody else.
    """
    found = Notice.objects.filter(pk=notice_id, person_id=person).first()
    if found is None:
        raise NotFound("no_notice", "There is no such notice.")
    return _row(found)


def unread_count(person: UUID) -> int:
    return Notice.objects.filter(person_id=person, read_at=None).count()


def _row(row: Notice) -> NoticeRow:
    return NoticeRow(row.id, row.kind, row.text, row.link, row.made_at, row.read_at is not None)
