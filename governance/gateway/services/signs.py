"""What a gateway process says of itself: that it lives, and that it has stopped. Its own SQL, as all it writes."""

from datetime import datetime
from uuid import UUID

from governance.audit.events import EventKind
from governance.audit.services import record_async
from governance.core.actors import Actor
from governance.core.ids import uuid7
from governance.gateway.database import Connection, Database

LIFE = """
INSERT INTO work_heartbeat (process, kind, at, detail) VALUES (%s, %s, %s, jsonb_build_object('calls', %s::int, 'shed', %s::int))
ON CONFLICT (process) DO UPDATE SET kind = excluded.kind, at = excluded.at, detail = excluded.detail
"""
# Both moments by the database's clock, and the earlier one before the stop was committed: no process looks faster than it was.
EFFECT = """
INSERT INTO gateway_stop_effect (id, stop_id, process, at, milliseconds, calls)
SELECT %(id)s, id, %(process)s, clock_timestamp(),
       ceil(extract(epoch FROM clock_timestamp() - placed_at) * 1000)::int, %(calls)s
FROM gateway_stop WHERE id = %(stop)s
RETURNING milliseconds
"""


async def show_life(conn: Connection, *, process: str, calls: int, shed: int, by: Actor, at: datetime) -> None:
    """Note that `process`, of the kind that `by` names, is alive, has `calls` open, and has turned `shed` away since it began."""
    await conn.execute(LIFE, [process, by.ref, at, calls, shed])


async def answer_stop(database: Database, *, stop_id: UUID, process: str, calls: int, by: Actor, at: datetime) -> None:
    """Note that nothing a stop concerns runs in `process` any more; `calls` is how many it ended, or in a drill would have.

    Raises:
        Unavailable: `database_down`; it is said at the next look.
    """
    asked = {"id": uuid7(), "stop": stop_id, "process": process, "calls": calls}
    async with database.writing() as conn:
        row = await (await conn.execute(EFFECT, asked)).fetchone()
        if row is not None:
            detail = {"process": process, "calls": calls, "milliseconds": row[0]}
            await record_async(conn, EventKind.STOP_TOOK_EFFECT, subject=f"stop:{stop_id}", by=by, at=at, **detail)
