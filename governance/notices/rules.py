"""Whose notice it is, and how long it is kept."""

from datetime import timedelta
from uuid import UUID

from governance.core.verdict import Allowed, Denied, Verdict

KEEP_READ = timedelta(days=90)


def may_read(person: UUID | None, addressee: UUID) -> Verdict:
    if person == addressee:
        return Allowed()
    return Denied("not_your_notice", "This notice is for somebody else.")
