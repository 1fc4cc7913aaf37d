"""Runs of agents: entered before a call is scanned, charged with its intent, settled when its use is known. The gateway's own SQL.

Rows are locked from a run to the one it was begun by, so that no two calls wait for one another.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.audit.events import EventKind
from governance.audit.services import record_async
from governance.core.actors import Actor
from governance.core.errors import DomainError
from governance.core.ids import uuid7
from governance.gateway.access import Access
from governance.gateway.database import Answer, Connection, Database, fetched
from governance.gateway.limits import Price, Use
from governance.gateway.runs import (
    Entered,
    NamedRun,
    RunTaking,
    calls_used_up,
    money_used_up,
    other_parent,
    price_unknown,
    too_deep,
    too_wide,
)
from governance.remits.runs import RunCaps

FIND = """
SELECT run.id, run.root_id, run.depth, parent.name
FROM gateway_run run LEFT JOIN gateway_run parent ON parent.id = run.parent_id
WHERE run.initiative_id = %(initiative)s AND run.name = %(name)s
"""
# Whoever opens the same run at once waits here for the first, and finds it then.
OPEN = """
INSERT INTO gateway_run
    (id, initiative_id, name, parent_id, root_id, depth, children, calls, spent, reserved, began_at, last_at)
VALUES (%(id)s, %(initiative)s, %(name)s, %(parent)s, %(root)s, %(depth)s, 0, 0, 0, 0, %(at)s, %(at)s)
ON CONFLICT (initiative_id, name) DO NOTHING RETURNING id
"""
ADD_CHILD = "UPDATE gateway_run SET children = children + 1 WHERE id = %(id)s AND children < %(most)s RETURNING id"
COUNT = """
UPDATE gateway_run SET calls = calls + %(calls)s, last_at = %(at)s
WHERE id = %(root)s AND calls + %(calls)s <= %(most_calls)s AND spent + reserved + %(cost)s <= %(most_spend)s RETURNING id
"""
CALLS = "SELECT calls FROM gateway_run WHERE id = %(root)s"
SET_ASIDE = """
UPDATE gateway_run SET reserved = reserved + %(amount)s
WHERE id = %(root)s AND spent + reserved + %(amount)s <= %(most)s RETURNING id
"""
SETTLE = "UPDATE gateway_run SET reserved = reserved - %(amount)s, spent = spent + %(spent)s WHERE id = %(root)s"


@dataclass(frozen=True, slots=True)
class Charge:
    """What a call may take of its run: how many calls it stands for, and what they may cost at the price of the model."""

    caps: RunCaps
    calls: int
    use: Use
    price: Price | None

    @property
    def cost(self) -> int:
        """Micro-euro. Raises NotAllowed: `price_unknown`: what cannot be counted is not let through."""
        if self.price is None:
            raise price_unknown()
        return self.price.of(self.use.tokens_in, self.use.tokens_out)


@dataclass(frozen=True, slots=True)
class _Found:
    run: UUID
    root: UUID
    depth: int
    parent: str

    @property
    def entered(self) -> Entered:
        return Entered(self.run, self.root)


async def enter_run(
    database: Database, named: NamedRun, charge: Charge, access: Access, *, by: Actor, at: datetime
) -> tuple[Entered, DomainError | None]:
    """Count a call in its run, which begins with its first call; return the run, and the refusal where its caps do not let the call in.

    A parent that nobody has named before begins as well: whoever only directs other runs need not call by itself.

    Raises:
        Invalid: `other_parent`. NotAllowed: `run_too_deep`, `run_too_wide`, `price_unknown`: then no run begins.
        Unavailable: `database_down`: what cannot be counted is not let through.
    """
    cost = charge.cost
    async with database.writing() as conn:
        opening = _Opening(conn, access, charge.caps, by, at)
        found = await opening.run(named)
        refused = await _count(conn, found.root, charge, cost, at=at)
    return found.entered, refused


@dataclass(frozen=True, slots=True)
class _Opening:
    """Finds runs by name, and begins those there are not, in one transaction."""

    conn: Connection
    access: Access
    caps: RunCaps
    by: Actor
    at: datetime

    async def run(self, named: NamedRun) -> _Found:
        found = await self._find(named.name) or await self._begin(named)
        if named.parent and found.parent != named.parent:
            raise other_parent()
        return found

    async def _find(self, name: str) -> _Found | None:
        row = await fetched(self.conn, FIND, {"initiative": self.access.initiative, "name": name})
        return _Found(row[0], row[1], row[2], row[3] or "") if row else None

    async def _begin(self, named: NamedRun) -> _Found:
        parent = await self._parent(named.parent) if named.parent else None
        if parent and parent.depth >= self.caps.depth:
            raise too_deep(self.caps)
        own = uuid7()
        root, depth = (parent.root, parent.depth + 1) if parent else (own, 1)
        values = {"id": own, "initiative": self.access.initiative, "name": named.name, "depth": depth, "at": self.at}
        if await fetched(self.conn, OPEN, values | {"parent": parent and parent.run, "root": root}) is None:
            return await self._begun_at_once(named.name)
        if parent and await fetched(self.conn, ADD_CHILD, {"id": parent.run, "most": self.caps.fan_out}) is None:
            raise too_wide(self.caps)
        told = {"initiative": str(self.access.initiative), "parent": str(parent.run) if parent else "", "depth": depth}
        path = self.access.unit_path
        await record_async(
            self.conn, EventKind.RUN_BEGUN, subject=f"run:{own}", by=self.by, at=self.at, unit_path=path, **told
        )
        return _Found(own, root, depth, named.parent)

    async def _parent(self, name: str) -> _Found:
        return await self._find(name) or await self._begin(NamedRun(name))

    async def _begun_at_once(self, name: str) -> _Found:
        found = await self._find(name)
        if found is None:
            message = "A run that was there a moment ago is gone, and nobody deletes runs."
            raise LookupError(message)
        return found


async def _count(conn: Connection, root: UUID, charge: Charge, cost: int, *, at: datetime) -> DomainError | None:
    caps = charge.caps
    most = {"most_calls": caps.calls, "most_spend": caps.spend}
    if await fetched(conn, COUNT, {"root": root, "calls": charge.calls, "cost": cost, "at": at, **most}) is not None:
        return None
    made = await fetched(conn, CALLS, {"root": root})
    return calls_used_up(caps) if made is None or made[0] + charge.calls > caps.calls else money_used_up(caps.spend)


async def set_aside_of_run(
    conn: Connection,
    taken: RunTaking,
    *,
    by: Actor,  # noqa: ARG001 - the intent it belongs to names who and when
    at: datetime,  # noqa: ARG001
) -> Answer:
    """Ask to set aside what a call may cost its run, for `require_of_run` (selectors.standing) to read: in a pipeline nothing is waited for."""
    return await conn.execute(SET_ASIDE, {"root": taken.root, "amount": taken.amount, "most": taken.most})


async def settle_run(
    conn: Connection,
    taken: RunTaking,
    use: Use | None,
    price: Price | None,
    *,
    by: Actor,  # noqa: ARG001 - the outcome it belongs to names who and when
    at: datetime,  # noqa: ARG001
) -> None:
    """Write down what a call has really cost its run, nothing when it was never sent, in place of what was set aside for it."""
    spent = price.of(use.tokens_in, use.tokens_out) if use and price else 0
    await conn.execute(SETTLE, {"root": taken.root, "amount": taken.amount, "spent": spent})
