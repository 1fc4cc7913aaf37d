"""In a test that is rolled back, what a service commits is checked as a commit would check it.

Everything that such a test does is one transaction, so an event of its preparation would excuse each later change that names
none, and a constraint that waits for the commit would wait for ever. Where a service's outermost block is left, the constraints
are therefore asked for, and the event is forgotten. What the test writes by itself, before and after, is excused.
"""

from functools import wraps

import pytest
from django.db import transaction
from django.db.backends.postgresql.base import DatabaseWrapper

CHECK = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"
EVENT = "SELECT set_config('audit.event_id', %s, true)"


def _is_outermost(connection) -> bool:
    return bool(connection.atomic_blocks) and all(block._from_testcase for block in connection.atomic_blocks)


def _check(connection, *, excused: bool) -> None:
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        if excused:
            cursor.execute(EVENT, ["the test's own"])
        cursor.execute(CHECK)
        cursor.execute(EVENT, [""])


def _is_of_a_service(block) -> bool:
    """Say whether it is more than the block that Django itself opens around the rows of one call, which may be the test's own."""
    return not block._from_testcase and block.savepoint


def _entering(enter):
    @wraps(enter)
    def entered(self):
        connection = transaction.get_connection(self.using)
        if _is_of_a_service(self) and _is_outermost(connection) and not connection.needs_rollback:
            _check(connection, excused=True)
        return enter(self)

    return entered


def _leaving(leave):
    @wraps(leave)
    def left(self, kind, fault, trace):
        connection = transaction.get_connection(self.using)
        outermost = connection.atomic_blocks and _others_are_of_the_test(connection, self)
        if outermost and kind is None and not connection.needs_rollback:
            try:
                _check(connection, excused=False)
            except BaseException as refused:
                leave(self, type(refused), refused, refused.__traceback__)
                raise
        return leave(self, kind, fault, trace)

    return left


def _others_are_of_the_test(connection, block) -> bool:
    *others, last = connection.atomic_blocks
    return last is block and _is_of_a_service(block) and bool(others) and all(each._from_testcase for each in others)


def _ending(check_constraints):
    @wraps(check_constraints)
    def ended(self, table_names=None):
        _check(self, excused=True)
        check_constraints(self, table_names)

    return ended


@pytest.fixture(autouse=True, scope="session")
def commits_are_checked():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction.Atomic, "__enter__", _entering(transaction.Atomic.__enter__))
        patch.setattr(transaction.Atomic, "__exit__", _leaving(transaction.Atomic.__exit__))
        patch.setattr(DatabaseWrapper, "check_constraints", _ending(DatabaseWrapper.check_constraints))
        yield
