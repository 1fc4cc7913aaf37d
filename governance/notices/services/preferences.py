"""How a person wants to hear, chosen by that person alone."""

from collections.abc import Mapping
from datetime import datetime, time

from django.db import transaction

from governance.core.actors import Actor
from governance.core.errors import Invalid, NotAllowed
from governance.notices.kinds import Group
from governance.notices.models import Preference
from governance.notices.rules import quiet_fault, wishes_fault
from governance.notices.timing import USUAL
from governance.organisation.services import set_time_zone


@transaction.atomic
def set_preferences(
    *,
    mail: Mapping[str, str],
    quiet_from: time | None,
    quiet_until: time | None,
    time_zone: str,
    by: Actor,
    at: datetime,
) -> Preference:
    """Keep what the actor chose: e-mail by group (a group left out is as usual), quiet hours, and their time zone ("": the unit's).

    Raises:
        Invalid: `wrong_wish`, `wrong_quiet_hours` or `unknown_zone`. NotAllowed: `nobody`, for a process.
    """
    if by.person is None:
        raise NotAllowed("nobody", "Only a person has preferences.")
    if fault := wishes_fault(mail):
        raise Invalid("wrong_wish", fault, field="mail")
    if fault := quiet_fault(quiet_from, quiet_until):
        raise Invalid("wrong_quiet_hours", fault, field="quiet_until")
    set_time_zone(person_id=by.person, time_zone=time_zone, by=by, at=at)
    kept = {group: wish for group, wish in mail.items() if wish != USUAL[Group(group)]}
    chosen, _ = Preference.objects.update_or_create(
        person_id=by.person, defaults={"mail": kept, "quiet_from": quiet_from, "quiet_until": quiet_until}
    )
    return chosen
