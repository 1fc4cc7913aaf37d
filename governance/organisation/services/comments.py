"""A unit says its own to its handling record."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Invalid
from governance.core.wording import says_nothing
from governance.organisation.models import RecordComment
from governance.organisation.selectors import authorize, unit

COMMENT = "organisation:record:comment"
LONGEST_COMMENT = 2000


@transaction.atomic
def comment_on_record(*, unit_id: UUID, text: str, by: Actor, at: datetime) -> RecordComment:
    """Keep what a unit says to its own record; it stands beside the figures wherever they are shown.

    Raises:
        NotFound: "no_such_unit". NotAllowed: the actor does not speak for the unit. Invalid: "no_text", "no_person".
    """
    of = unit(unit_id)
    authorize(by, COMMENT, of.path)
    if by.person is None:
        raise Invalid(
            "no_person", "Only somebody who answers for it can do this.", remedy="Sign in and do it yourself."
        )
    if says_nothing(text) or len(text) > LONGEST_COMMENT:
        raise Invalid("no_text", f"Say it in at most {LONGEST_COMMENT} characters.", field="text")
    made = RecordComment.objects.create(unit=of, text=text.strip(), by_id=by.person, at=at)
    told = {"subject": f"unit:{of.pk}", "unit_path": of.path}
    record(EventKind.RECORD_COMMENTED, by=by, at=at, comment=str(made.pk), **told)
    return made
