"""What a reader of figures sees: which units, from when until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from governance.core.errors import NotFound
from governance.organisation.permissions import Standing
from governance.organisation.selectors import paths_for, unit_ids_within, units_tree

READ = "insights:portfolio:read"
PERIODS = (30, 90, 365)  # days
USUAL_DAYS = 90


@dataclass(frozen=True, slots=True)
class Scope:
    """The units whose figures are shown, and the period [since, until)."""

    units: tuple[UUID, ...]
    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        return self.until - self.since

    @property
    def asked(self) -> dict[str, Any]:
        """The parameters that every statement here takes."""
        return {"units": list(self.units), "since": self.since, "until": self.until}


def scope_for(standing: Standing, *, at: datetime, days: int = USUAL_DAYS, unit: str = "", zone: str = "UTC") -> Scope:
    """Return the last `days` days, the beginning of the first one included, of the units where the reader may see figures.

    `unit` is the ref of one of them and narrows to it and all below. Days begin in the zone with this IANA name, as they
    do in the lists behind the figures.

    Raises:
        NotFound: "no_such_unit", also when its figures are not the reader's.
    """
    paths = paths_for(standing, READ)
    if unit:
        inside = {row.ref: row.path for row in units_in(standing)}
        if unit not in inside:
            raise NotFound("no_such_unit", "There is no such unit, or its figures are not yours to see.", field="unit")
        paths = [inside[unit]]
    return Scope(tuple(unit_ids_within(paths)), _beginning(at, days, ZoneInfo(zone)), at)


def _beginning(at: datetime, days: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(at.astimezone(zone).date() - timedelta(days=days), time.min, zone)


@dataclass(frozen=True, slots=True)
class UnitChoice:
    ref: str
    name: str
    path: str
    depth: int


def units_in(standing: Standing) -> list[UnitChoice]:
    """Return the units whose figures the reader may see, parents before children."""
    paths = tuple(paths_for(standing, READ))
    return [
        UnitChoice(each.ref, each.name, each.path, each.depth) for each in units_tree() if each.path.startswith(paths)
    ]


def rows_of(statement: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a SELECT as {column: value}; jsonb comes as its text, as Django leaves it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(asked))
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
