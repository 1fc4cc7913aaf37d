"""Files handed to the gateway, on its own connection."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from governance.gateway.database import Connection
from governance.gateway.dialects.kept import FILE, PageAsked
from governance.gateway.rules import UploadState
from governance.gateway.selectors.access import FIXED
from governance.gateway.selectors.batches import Own

COLUMNS = """u.id, u.purpose, u.media_type, u.size, u.received, u.parts, u.digest, u.said, u.state, u.begun_at,
       coalesce(u.changed_at, u.begun_at), u.expires_at"""
ONE = f"""
SELECT {COLUMNS} FROM gateway_upload u
WHERE u.id = %(id)s AND u.initiative_id = %(initiative)s AND u.dialect = %(dialect)s AND u.expires_at > %(at)s
  AND (u.erased_at IS NULL OR u.state = '{UploadState.PASSED_ON}') AND u.purpose = ANY(%(purposes)s)
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
  AND u.purpose = %(purpose)s AND u.expires_at > %(at)s AND (%(after)s::uuid IS NULL OR u.id < %(after)s)
  AND (%(before)s::uuid IS NULL OR u.id > %(before)s) AND (%(only)s::uuid[] IS NULL OR u.id = ANY(%(only)s::uuid[]))
ORDER BY u.id {{order}} LIMIT %(most)s
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
    said: bytes | None
    state: UploadState
    begun_at: datetime
    changed_at: datetime
    expires_at: datetime


class Bearer(NamedTuple):
    """For whom somebody speaks who has the address of an upload: a key, who made it, and the unit of its initiative."""

    upload: UploadRow
    prefix: str
    made_by: UUID
    unit_path: str


async def upload_of(
    conn: Connection, number: UUID, *, own: Own, purposes: Sequence[str] = (FILE,), at: datetime
) -> UploadRow | None:
    """Return a file of the initiative for one of these purposes, None when it has none of this number, or no more.

    Of one that became something else the bytes may be gone: what it became is among its words.
    """
    asked = {"id": number, **own._asdict(), "purposes": list(purposes), "at": at}
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
    conn: Connection, page: PageAsked, *, own: Own, purpose: str, at: datetime
) -> tuple[list[UploadRow], bool]:
    """Return a page of the initiative's whole files for a purpose, newest first, and whether there are more. Ids are in the order of time."""
    order = "ASC" if page.before is not None and page.after is None else "DESC"
    only = None if page.only is None else list(page.only)
    asked = {**own._asdict(), **page._asdict(), "only": only, "purpose": purpose, "most": page.most + 1, "at": at}
    found = await (await conn.execute(PAGE.format(order=order), asked)).fetchall()
    rows = [_row(row) for row in found[: page.most]]
    return rows[::-1] if order == "ASC" else rows, len(found) > page.most


def _row(row: Any) -> UploadRow:
    number, purpose, media_type, size, received, parts, digest, said, state, *times = row
    kept = tuple(Part(*each) for each in parts)
    words = bytes(said) if said is not None else None
    return UploadRow(number, purpose, media_type, size, received, kept, digest, words, UploadState(state), *times)
