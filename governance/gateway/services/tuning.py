"""What the gateway writes of training sets that it sends, and of the jobs that providers began with them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.types.json import Jsonb

from governance.audit.events import EventKind
from governance.audit.services import INSERT as EVENT
from governance.audit.services import named_event, record_async
from governance.core.actors import Actor
from governance.gateway.access import Access
from governance.gateway.case import Publishing
from governance.gateway.database import Connection, Database
from governance.gateway.rules import PublicationState
from governance.gateway.selectors.tuning import on_its_way

# The row stays locked until the intent is committed: of two calls that would send the same set one does.
USE_PERMIT = """
UPDATE training_release_permit SET used_at = %(at)s WHERE id = %(permit)s AND used_at IS NULL AND expires_at > %(at)s
RETURNING id
"""
BEGIN = """
INSERT INTO gateway_publication (id, exchange_id, training_set_id, destination_id, permit_id, state, begun_at)
VALUES (%(id)s, %(id)s, %(set)s, %(destination)s, %(permit)s, %(state)s, %(at)s)
"""
# What a person has settled meanwhile stays as it is, with all that follows from it.
END = """
WITH ended AS (
    UPDATE gateway_publication SET state = %(state)s, provider_id = %(provider_id)s, ended_at = %(at)s
    WHERE id = %(id)s AND ended_at IS NULL RETURNING training_set_id, permit_id, state
),
released AS (
    UPDATE training_set SET state = 'released' FROM ended
    WHERE training_set.id = ended.training_set_id AND ended.state = 'sent' AND training_set.state = 'releasable'
)
UPDATE training_release_permit SET used_at = NULL FROM ended
WHERE training_release_permit.id = ended.permit_id AND ended.state = 'failed'
"""
NOTE_JOB = f"""
WITH event AS ({EVENT})
INSERT INTO gateway_tuning_job (
    id, exchange_id, initiative_id, destination_id, dialect, model, provider_id, training_set_id, validation_set_id, files,
    begun_at, seen, seen_at
) VALUES (
    %(id)s, %(id)s, %(initiative)s, %(destination)s, %(dialect)s, %(model)s, %(provider_id)s, %(training_set)s,
    %(validation_set)s, %(files)s, %(at)s, %(seen)s, %(at)s
) RETURNING id
"""  # noqa: S608 - constants of this module
SEE_JOB = "UPDATE gateway_tuning_job SET seen = seen || %(seen)s, seen_at = %(at)s WHERE id = %(id)s AND seen_at < %(at)s RETURNING id"


class NewJob(NamedTuple):
    """A job that a provider just began. `files` are the provider's names of its sets, and ours."""

    id: UUID
    destination: UUID
    model: str
    provider_id: str
    training_set: UUID
    validation_set: UUID | None
    files: Mapping[str, str]
    seen: Mapping[str, Any]


async def begin_publication(
    conn: Connection,
    sending: Publishing,
    *,
    by: Actor,  # noqa: ARG001 - the intent it belongs to names who and when
    at: datetime,
) -> None:
    """Use the release permit up, in the transaction of the intent to send.

    Raises:
        Conflict: `set_on_its_way`.
    """
    values: dict[str, Any] = {
        "id": sending.exchange,
        "set": sending.training_set,
        "destination": sending.destination,
    }
    values |= {"permit": sending.permit, "state": PublicationState.SENDING, "at": at}
    if await (await conn.execute(USE_PERMIT, values)).fetchone() is None:
        raise on_its_way()
    await conn.execute(BEGIN, values)


async def end_publication(
    database: Database, sending: Publishing, *, provider_id: str, kept: bool, access: Access, by: Actor, at: datetime
) -> None:
    """Write down what became of it. `provider_id` is "" when the provider did not take it.

    `kept`: it may have the bytes all the same, so the release permit stays used.

    Raises:
        Unavailable: `database_down`; then it counts as possibly sent.
    """
    kind = EventKind.TRAINING_SET_PUBLISHED if provider_id else EventKind.TRAINING_SET_NOT_PUBLISHED
    state = PublicationState.SENT if provider_id else PublicationState.UNKNOWN if kept else PublicationState.FAILED
    values = {"id": sending.exchange, "state": state, "provider_id": provider_id, "at": at}
    detail = {"exchange": str(sending.exchange), "permit": str(sending.permit), "digest": sending.digest, "kept": kept}
    subject = f"training_set:{sending.training_set}"
    async with database.writing() as conn:
        await record_async(conn, kind, subject=subject, by=by, at=at, unit_path=access.unit_path, **detail)
        await conn.execute(END, values)


async def note_job(database: Database, job: NewJob, *, access: Access, dialect: str, by: Actor, at: datetime) -> None:
    """Tie a job that a provider began to the initiative. Its number is that of the exchange that asked for it.

    Raises:
        Unavailable: `database_down`; then nobody can ask for it.
    """
    subject, detail = f"tuning_job:{job.id}", {"destination": str(job.destination), "model": job.model}
    detail |= {"training_set": str(job.training_set)}
    event = named_event(EventKind.TUNING_JOB_BEGUN, subject=subject, by=by, at=at, unit_path=access.unit_path, **detail)
    values = {**job._asdict(), "files": Jsonb(dict(job.files)), "seen": Jsonb(dict(job.seen))}
    await database.write(NOTE_JOB, event | values | {"initiative": access.initiative, "dialect": dialect, "at": at})


async def see_job(
    database: Database,
    number: UUID,
    *,
    seen: Mapping[str, Any],
    by: Actor,  # noqa: ARG001 - the exchange that asked names who and when
    at: datetime,
) -> None:
    """Keep how a job stands, for the list of jobs."""
    await database.write(SEE_JOB, {"id": number, "seen": Jsonb(dict(seen)), "at": at})
