"""How people want to hear: what they chose, or the usual, on the clock of their own wall."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from governance.notices.kinds import Group
from governance.notices.models import Preference
from governance.notices.timing import USUAL, MailWish, QuietHours, mail_due
from governance.organisation.contacts import contacts_of


@dataclass(frozen=True, slots=True)
class Hearing:
    """`address` is "" for somebody who cannot be written to. `own_zone` "" means that of the unit, `unit_zone`."""

    address: str
    own_zone: str
    unit_zone: str
    mail: Mapping[Group, MailWish]
    quiet: QuietHours | None

    @property
    def zone(self) -> str:
        return self.own_zone or self.unit_zone

    def mail_due(self, group: Group, *, urgent: bool, at: datetime) -> datetime | None:
        if not (self.address and settings.MAIL_FROM):
            return None
        return mail_due(self.mail[group], urgent=urgent, quiet=self.quiet, zone=ZoneInfo(self.zone), at=at)


def hearings(people: AbstractSet[UUID]) -> dict[UUID, Hearing]:
    """Return how each of `people` who is still here wants to hear, in a fixed number of queries."""
    chosen = {row.person_id: row for row in Preference.objects.filter(person_id__in=people)}
    return {
        person: Hearing(
            contact.email, contact.own_zone, contact.unit_zone, _mail(chosen.get(person)), _quiet(chosen.get(person))
        )
        for person, contact in contacts_of(people).items()
    }


def hearing_of(person: UUID) -> Hearing:
    """Return how one person who is still here wants to hear."""
    return hearings({person})[person]


def _mail(row: Preference | None) -> dict[Group, MailWish]:
    kept = row.mail if row else {}
    return {group: MailWish(kept.get(group, USUAL[group])) for group in Group}


def _quiet(row: Preference | None) -> QuietHours | None:
    if row is None or row.quiet_from is None or row.quiet_until is None:
        return None
    return QuietHours(row.quiet_from, row.quiet_until)
