"""What the gateway process writes of answers that wait for a person: asked, given out once, ended."""

from datetime import datetime

from psycopg.types.json import Jsonb

from governance.audit.events import EventKind
from governance.audit.services import named_event, record_async
from governance.core.actors import Actor
from governance.core.errors import NotAllowed
from governance.gateway.case import Case, Confirmed
from governance.gateway.confirming import CONFIRMATION_LIFE
from governance.gateway.database import Database, fetched
from governance.gateway.entries import entry_values
from governance.gateway.rules import ExchangeState
from governance.gateway.services.statements import END

SERVED = "served_confirmed"  # nothing was sent: the answer is one that a person confirmed
ASK = """
INSERT INTO gateway_confirmation
    (id, exchange_id, initiative_id, keyed_digest, tools, storage_ref, state, asked_at, expires_at, reason)
VALUES (%(id)s, %(exchange)s, %(initiative)s, %(digest)s, %(tools)s, %(ref)s, 'waiting', %(at)s, %(until)s, '')
"""
GIVE_OUT = """
UPDATE gateway_confirmation SET served_at = %(at)s
WHERE id = %(id)s AND state = 'confirmed' AND served_at IS NULL AND expires_at > %(at)s RETURNING id
"""
OVER = "UPDATE gateway_confirmation SET state = 'ended' WHERE id = %(id)s AND state = 'waiting' RETURNING id"


async def ask_person(database: Database, case: Case, *, tools: list[str], by: Actor, at: datetime) -> None:
    """Write down that an answer waits. `tools` are lines of the remit's list, never a name that a model wrote."""
    access, asked = case.access, case.confirmation
    if access is None or asked is None:
        message = "Only an exchange whose key is known asks a person."
        raise ValueError(message)
    values = {
        "id": asked.id,
        "exchange": case.id,
        "initiative": access.initiative,
        "digest": case.keyed_digest or b"",
        "tools": Jsonb(tools),
        "ref": asked.storage_ref,
        "at": at,
        "until": at + CONFIRMATION_LIFE,
    }
    subject, path = f"exchange:{case.id}", access.unit_path
    async with database.writing() as conn:
        await conn.execute(ASK, values)
        await record_async(conn, EventKind.CALL_WAITS, subject=subject, by=by, at=at, unit_path=path, tools=tools)


async def give_out(database: Database, case: Case, asked: Confirmed, *, served: bool, by: Actor, at: datetime) -> None:
    """Mark a confirmed answer as given out. `served`: to the same request sent again, which is written down as an exchange.

    Raises:
        NotAllowed: `call_given_out`: whoever came first has it.
    """
    path, subject = case.access.unit_path if case.access else "", f"exchange:{case.id}"
    async with database.writing() as conn:
        if await fetched(conn, GIVE_OUT, {"id": asked.id, "at": at}) is None:
            raise NotAllowed("call_given_out", "The confirmed answer was given out already.", remedy="Ask again.")
        told = named_event(
            EventKind.CALL_PASSED, subject=subject, by=by, at=at, unit_path=path, confirmation=str(asked.id)
        )
        if served:
            await conn.execute(
                END, told | entry_values(case, state=ExchangeState.COMPLETED, closed_at=at) | {"error_code": SERVED}
            )
        else:
            await record_async(
                conn,
                EventKind.CALL_PASSED,
                subject=subject,
                by=by,
                at=at,
                unit_path=path,
                confirmation=str(asked.id),
            )


async def end_confirmation(database: Database, case: Case, *, by: Actor, at: datetime) -> None:
    """Write down that nobody can confirm it any more: a stop or a revocation came first."""
    if case.confirmation is None:
        return
    path, subject = case.access.unit_path if case.access else "", f"exchange:{case.id}"
    async with database.writing() as conn:
        if await fetched(conn, OVER, {"id": case.confirmation.id}) is not None:
            await record_async(conn, EventKind.CALL_OVER, subject=subject, by=by, at=at, unit_path=path)
