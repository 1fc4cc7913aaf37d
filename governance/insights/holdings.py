"""What a unit holds: what would go to another, and end, if it were dissolved. Counts only, for whoever runs the installation."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from governance.core.errors import NotFound
from governance.initiatives.rules import OPEN_CLAIM

COUNTS = """
SELECT
  (SELECT count(*) FROM initiatives_initiative WHERE accountable_unit_id = %(unit)s),
  (SELECT count(*) FROM initiatives_capability WHERE accountable_unit_id = %(unit)s),
  (SELECT count(*) FROM initiatives_claim
    WHERE unit_id = %(unit)s AND state = ANY(%(open)s)),
  (SELECT count(*) FROM catalogue_dataset WHERE steward_unit_id = %(unit)s),
  (SELECT count(*) FROM remits_pattern WHERE owner_unit_id = %(unit)s),
  (SELECT count(*) FROM organisation_membership WHERE unit_id = %(unit)s AND ends_at IS NULL),
  (SELECT count(*) FROM organisation_role_grant WHERE unit_id = %(unit)s AND ends_at IS NULL)
FROM organisation_unit WHERE id = %(unit)s
"""


@dataclass(frozen=True, slots=True)
class Holdings:
    """How many of each. The first five go to the successor, except open claims, which are withdrawn; the last two end."""

    initiatives: int
    capabilities: int
    claims: int
    datasets: int
    patterns: int
    members: int
    roles: int


def holdings_of(unit_id: UUID) -> Holdings:
    """Return what the unit holds.

    Raises:
        NotFound: "no_such_unit".
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"unit": unit_id, "open": sorted(OPEN_CLAIM)})
        found = cursor.fetchone()
    if found is None:
        raise NotFound("no_such_unit", "There is no such unit.")
    return Holdings(*found)
