"""People are told once, read their own, and are led nowhere else."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from governance.core.actors import CLOCK, WORKER
from governance.core.errors import NotAllowed
from governance.notices.rules import KEEP_READ
from governance.notices.selectors import notices_of, unread_count
from governance.notices.services import forget, mark_all_read, mark_read, notify

pytestmark = pytest.mark.django_db


def tell(*actors, at, by=WORKER, link="/inbox/1/", kind="approvals.asked"):
    people = [actor.person for actor in actors]
    return notify(people=people, kind=kind, text="A request waits for you.", link=link, by=by, at=at)


def test_each_person_is_told_and_the_actor_is_not(owner, approver, at):
    tell(owner, approver, by=owner, at=at)
    assert (unread_count(owner.person), unread_count(approver.person)) == (0, 1)


def test_what_is_unread_is_not_told_twice(approver, at):
    tell(approver, at=at)
    tell(approver, at=at + timedelta(hours=1))
    tell(approver, at=at, link="/inbox/2/")
    assert unread_count(approver.person) == 2


def test_what_was_read_is_told_again(approver, at):
    tell(approver, at=at)
    mark_all_read(by=approver, at=at)
    tell(approver, at=at + timedelta(hours=1))
    assert [row.is_read for row in notices_of(approver.person).rows] == [False, True]


def test_a_person_marks_a_notice_of_their_own(approver, outsider, at):
    tell(approver, at=at)
    [row] = notices_of(approver.person).rows
    with pytest.raises(NotAllowed, match="not_your_notice"):
        mark_read(notice_id=row.id, by=outsider, at=at)
    mark_read(notice_id=row.id, by=approver, at=at)
    assert notices_of(approver.person, unread_only=True).rows == []


@pytest.mark.parametrize(
    "link", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "inbox/"]
)
def test_a_notice_leads_nowhere_else(approver, at, link):
    with pytest.raises(IntegrityError), transaction.atomic():
        tell(approver, at=at, link=link)


def test_a_page_of_notices_is_newest_first(approver, at):
    for n in range(5):
        tell(approver, at=at + timedelta(minutes=n), link=f"/inbox/{n}/")
    page = notices_of(approver.person, page=2, size=2)
    assert ([row.link for row in page.rows], page.total) == (["/inbox/2/", "/inbox/1/"], 5)


def test_notices_read_long_ago_are_forgotten(approver, at):
    tell(approver, at=at)
    mark_all_read(by=approver, at=at)
    tell(approver, at=at)
    forget(by=CLOCK, at=at + KEEP_READ + timedelta(seconds=1))
    assert [row.is_read for row in notices_of(approver.person).rows] == [False]
