"""Files handed to the gateway, on its own connection."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from governance.gateway.database import Connection
from governance.gateway.rules import UploadState
from governance.gateway.selectors.access import FIXED
from governance.gateway.selectors.batches import Own

COLUMNS = "u.id, u.purpose, u.media_type, u.size, u.received, u.parts, u.digest, u.state, u.begun_at, u.expires_at"
ONE = f"""
SELECT {COLUMNS} FROM gateway_upload u
WHERE u.id = %(id)s AND u.initiative_id = %(initiative)s AND u.dialect = %(dialect)s AND u.erased_at IS NULL AND u.expires_at > %(at)s
"""  # noqa: S608 - constants of this module
AS_NOW = f"SELECT {COLUMNS} FROM gateway_upload u WHERE u.id = %(id)s"  # noqa: S608 - constants of this module
# Whoever has the address of an upload speaks for the key that asked for it, for as long as that key opens anything.
BY_TOKEN = f"""
SELECT {COLUMNS}, k.prefix, k.made_by_id, n.path FROM gateway_upload u
JOIN organisation_key k ON k.id = u.key_id AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > %(at)s)
JOIN organisation_person p ON p.id = k.made_by_id AND p.is_active
JOIN initiatives_initiative i ON i.id = u.initiative_id AND i.state = ANY({FIXED["running"]})
JOIN organisation_unit n ON n.id = i.accountable_unit_id
WHERE u.token = %(token)s AND u.dialect = %(dialect)s AND u.erased_at IS NULL AND u.expires_at > %(at)s
"""  # noqa: S608 - constants of this module
PAGE = f"""
SELECT {COLUMNS} FROM gateway_upload u
WHERE u.initiative_id = %(initiative)s AND u.dialect = %(dialect)s AND u.state = '{UploadState.KEPT}' AND u.erased_at IS NULL
  AND u.expires_at > %(at)s AND (%(after)s::uuid IS NULL OR u.id < %(after)s)
ORDER BY u.id DESC LIMIT %(most)s
"""  # noqa: S608 - constants of this module


class Part(NamedTuple):
    """Some bytes of a file: the name under which they lie sealed, where they begin, how many, and their SHA-256."""

    ref: str
    start: int
    size: int
    digest: str


class UploadRow(NamedTuple):
    """A file, or what has come of it; the columns of the table."""

    id: UUID
    purpose: str
    media_type: str
    size: int
    received: int
    parts: tuple[Part, ...]
    digest: str
    state: UploadState
    begun_at: datetime
    expires_at: datetime


class Bearer(NamedTuple):
    """For whom somebody speaks who has the address of an upload: a key, who made it, and the unit of its initiative."""

    upload: UploadRow
    prefix: str
    made_by: UUID
    unit_path: str


async def upload_of(conn: Connection, number: UUID, *, own: Own, at: datetime) -> UploadRow | None:
    """Return a file of the initiative, None when it has none of this number, or no more."""
    asked = {"id": number, **own._asdict(), "at": at}
    row = await (await conn.execute(ONE, asked)).fetchone()
    return _row(row) if row else None


async def as_now(conn: Connection, upload: UploadRow) -> UploadRow:
    """Return a file as it stands now: another piece may have come since it was read."""
    return _row(await (await conn.execute(AS_NOW, {"id": upload.id})).fetchone())


async def bearer_of(conn: Connection, token: bytes, *, dialect: str, at: datetime) -> Bearer | None:
    """Return whose upload has this secret in its address, None when no key that holds asked for one."""
    row = await (await conn.execute(BY_TOKEN, {"token": token, "dialect": dialect, "at": at})).fetchone()
    return Bearer(_row(row[:-3]), *row[-3:]) if row else None


async def kept_of(
    conn: Connection, *, own: Own, after: UUID | None, most: int, at: datetime
) -> tuple[list[UploadRow], bool]:
    """Return a page of the initiative's whole files, newest first, and whether there are more."""
    asked = {**own._asdict(), "after": after, "most": most + 1, "at": at}
    found = await (await conn.execute(PAGE, asked)).fetchall()
    return [_row(row) for row in found[:most]], len(found) > most


def _row(row: Any) -> UploadRow:
    number, purpose, media_type, size, received, parts, digest, state, *times = row
    kept = tuple(Part(*each) for each in parts)
    return UploadRow(number, purpose, media_type, size, received, kept, digest, UploadState(state), *times)
