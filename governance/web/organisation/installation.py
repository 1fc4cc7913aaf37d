"""What a platform admin looks after, on their first page: people, units, destinations, and how people are told."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from governance.core.vocabulary import Hosting
from governance.core.wording import several
from governance.destinations.selectors import open_destinations
from governance.notices.selectors import channels
from governance.organisation.calendars import heads_above
from governance.organisation.directory import people_counted
from governance.organisation.selectors import units_tree

RUN = "organisation:unit:edit"


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that is looked after. `wants` says what is missing there, "" for nothing."""

    title: str
    url: str
    said: str
    wants: str = ""


def looked_after(*, at: datetime) -> list[Kept]:
    """Return what the installation consists of, and what of it wants a hand."""
    return [_people(), _units(at), _destinations(at), _channels(at)]


def _people() -> Kept:
    active, without_role = people_counted()
    wants = f"{without_role} without a role" if without_role else ""
    return Kept("People", reverse("people"), f"{active:,} can sign in", wants)


def _units(at: datetime) -> Kept:
    tree = units_tree()
    headed = {found.path for found, _ in heads_above([row.path for row in tree], at=at)}
    missing = sum(row.path not in headed for row in tree)
    wants = f"{missing} without a head of {'its' if missing == 1 else 'their'} own" if missing else ""
    return Kept("Units", reverse("units"), several(len(tree), "unit"), wants)


def _destinations(at: datetime) -> Kept:
    rows = open_destinations(at=at)
    outside = [row for row in rows if row.hosting is Hosting.PUBLIC_API and not row.stand_in]
    missing = sum(not row.has_key for row in outside)
    return Kept(
        "Destinations", reverse("destinations"), f"{len(rows)} open", f"{missing} without a key" if missing else ""
    )


def _channels(at: datetime) -> Kept:
    found = channels(at)
    waiting, lost = sum(row.waiting for row in found), sum(row.given_up for row in found)
    return Kept("Channels", reverse("channels"), f"{waiting:,} to be sent", f"{lost} given up lately" if lost else "")
