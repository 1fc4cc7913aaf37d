"""When Alder Mutual works, and which of its grants are to recertify."""

from datetime import date, time

from governance.core.actors import CLOCK, INSTALLER
from governance.initiatives.models import Initiative
from governance.organisation.services import add_closure, set_working_hours
from governance.remits.selectors import grants_of
from governance.remits.services import propose_lapse
from governance.stack.story.cast import Cast
from governance.stack.story.organisation import ROOT
from governance.stack.story.titles import CODE, LETTERS

WEEK = [1, 2, 3, 4, 5]


def state_hours(cast: Cast) -> None:
    """State the week of the whole organisation, and the quiet days at the end of its year."""
    at, unit_id = cast.calendar.day(1, hour=1), cast.units[ROOT].pk
    set_working_hours(unit_id=unit_id, days=WEEK, opens=time(8), closes=time(17), by=INSTALLER, at=at)
    first, last = date(at.year, 12, 28), date(at.year, 12, 31)
    add_closure(unit_id=unit_id, first_date=first, last_date=last, reason="Quiet days", by=INSTALLER, at=at)


def ask_whether_needed(cast: Cast, initiatives: dict[str, Initiative]) -> None:
    """Let the clock ask about what is in force for the letters and the code, as for something nobody uses."""
    at = cast.calendar.told_at
    for title in (LETTERS, CODE):
        found = [row.id for row in grants_of(initiatives[title].pk, at=at) if row.usable and not row.sandbox]
        propose_lapse(grant_ids=found, by=CLOCK, at=at)
