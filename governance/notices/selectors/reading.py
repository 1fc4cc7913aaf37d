"""What a person is told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from governance.core.errors import NotFound
from governance.core.paging import Page, page_window
from governance.notices.kinds import GROUP_OF_AREA, KINDS, Group, areas_of, group_of, kinds_of
from governance.notices.models import Notice


@dataclass(frozen=True, slots=True)
class NoticeRow:
    id: UUID
    kind: str
    group: Group
    text: str
    link: str
    made_at: datetime
    is_read: bool


def notices_of(
    person: UUID,
    *,
    unread_only: bool = False,
    group: Group | None = None,
    oldest_first: bool = False,
    page: int = 1,
    size: int = 50,
) -> Page[NoticeRow]:
    """Return a page of a person's notices, newest first unless `oldest_first`. `group` None: all."""
    found = Notice.objects.filter(person_id=person)
    if unread_only:
        found = found.filter(read_at=None)
    if group is not None:
        found = found.filter(_in_group(group))
    start, end = page_window(page, size)
    order = ("made_at", "id") if oldest_first else ("-made_at", "-id")
    rows = [_row(row) for row in found.order_by(*order)[start:end]]
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


def unread_count(person: UUID, *, most: int = 1000) -> int:
    """Return how many notices a person has not read, counted up to `most`: every page asks."""
    return len(Notice.objects.filter(person_id=person, read_at=None).order_by().values_list("pk")[:most])


def _in_group(group: Group) -> Q:
    """Select the kinds of a group, and those of its areas that nobody has described (kinds.group_of)."""
    inside = Q(kind__in=kinds_of(group))
    areas = areas_of(group)
    for area in areas:
        inside |= Q(kind__startswith=f"{area}.") & ~Q(kind__in=list(KINDS))
    if group is Group.SECURITY:
        known = Q(kind__in=list(KINDS))
        for area in GROUP_OF_AREA:
            known |= Q(kind__startswith=f"{area}.")
        inside |= ~known
    return inside


def _row(row: Notice) -> NoticeRow:
    return NoticeRow(row.id, row.kind, group_of(row.kind), row.text, row.link, row.made_at, row.read_at is not None)
