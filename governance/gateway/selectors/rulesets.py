"""The ruleset in force, by its digest: read once for each version, for a version never changes."""

from governance.core.errors import Unavailable
from governance.gateway.database import Connection, Database
from governance.scanning.rules import RulesetMode
from governance.scanning.selectors import Enforced, enforced_of

BESIDE = "SELECT version, digest, body FROM scanning_ruleset WHERE mode = %s"
RULESET = "SELECT version, digest, body FROM scanning_ruleset WHERE digest = %s"


async def in_shadow(conn: Connection, *, known: Enforced | None) -> Enforced | None:
    """Return the version that runs in shadow, None when none does; `known` again when it is still that one."""
    row = await (await conn.execute(BESIDE, [RulesetMode.SHADOW])).fetchone()
    if row is None:
        return None
    return known if known is not None and known.digest == row[1] else enforced_of(*row)


class Rulesets:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, Enforced] = {}

    async def of(self, digest: str) -> Enforced:
        """Return the ruleset with this digest.

        Raises:
            Unavailable: `ruleset_missing`, when none is in force or it cannot be read.
        """
        if digest not in self._known:
            async with self._database.reading() as connection:
                row = await (await connection.execute(RULESET, [digest])).fetchone()
            if row is None:
                raise Unavailable("ruleset_missing", "No ruleset is in force, so nothing can be checked.")
            self._known = {digest: enforced_of(*row)}
        return self._known[digest]
