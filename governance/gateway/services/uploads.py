"""Files handed to the gateway: written down before their bytes are taken, and their bytes erased when nobody may name them any more."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from psycopg.types.json import Jsonb

from governance.audit.events import EventKind
from governance.audit.services import INSERT as EVENT
from governance.audit.services import named_event, record
from governance.core.actors import Actor
from governance.core.errors import TooLarge
from governance.gateway.access import Access
from governance.gateway.database import Database
from governance.gateway.models import Upload
from governance.gateway.rules import PASSING_GONE_AFTER, UPLOAD_BEFORE, UploadState
from governance.gateway.selectors.uploads import Part
from governance.gateway.upload_vault import erase

MOST_FILES = 500  # of one initiative at once
MOST_ERASED = 200
NEEDED = [UploadState.OPEN, UploadState.PASSING, UploadState.KEPT]
EVENTS = {
    UploadState.OPEN: EventKind.UPLOAD_REOPENED,
    UploadState.KEPT: EventKind.UPLOAD_WHOLE,
    UploadState.PASSING: EventKind.UPLOAD_WHOLE,
}
# What is there counts with what was said of it, so that many begun at once cannot fill the disk either.
BEGIN = f"""
WITH go AS (
    SELECT FROM gateway_upload WHERE initiative_id = %(initiative)s AND erased_at IS NULL
    HAVING count(*) < %(most)s AND coalesce(sum(size), 0) + %(size)s <= %(room)s
),
event AS ({EVENT} FROM go)
INSERT INTO gateway_upload (id, initiative_id, key_id, dialect, purpose, media_type, size, token, said, begun_at, expires_at)
SELECT %(id)s::uuid, %(initiative)s::uuid, %(key)s::uuid, %(dialect)s::text, %(purpose)s::text, %(media_type)s::text, %(size)s::bigint,
       %(token)s::bytea, %(said)s::bytea, %(at)s::timestamptz, %(expires_at)s::timestamptz
FROM go RETURNING id
"""  # noqa: S608 - constants of this module
ADD = f"""
UPDATE gateway_upload SET parts = parts || %(part)s::jsonb, received = received + %(size)s
WHERE id = %(id)s AND state = '{UploadState.OPEN}' AND expires_at > %(at)s AND received + %(size)s <= size
  AND received = coalesce(%(start)s::bigint, received) AND jsonb_array_length(parts) < %(most)s
RETURNING received
"""  # noqa: S608 - constants of this module
END = f"""
WITH go AS (
    UPDATE gateway_upload SET state = %(state)s, digest = coalesce(%(digest)s::text, digest),
           said = coalesce(%(said)s::bytea, said), expires_at = coalesce(%(expires_at)s::timestamptz, expires_at),
           changed_at = CASE WHEN %(state)s = '{UploadState.PASSING}' THEN %(at)s ELSE changed_at END,
           whole_at = CASE WHEN %(digest)s::text IS NULL THEN whole_at ELSE %(at)s END
    WHERE id = %(id)s AND erased_at IS NULL AND (state = ANY(%(before)s::text[])
          OR (%(state)s = '{UploadState.PASSING}' AND state = '{UploadState.PASSING}' AND changed_at < %(gone)s))
    RETURNING id
),
event AS ({EVENT} FROM go)
SELECT id FROM go
"""  # noqa: S608 - constants of this module

BEAT = (
    f"UPDATE gateway_upload SET changed_at = %(at)s WHERE id = %(id)s AND state = '{UploadState.PASSING}' RETURNING id"  # noqa: S608 - constants
)
RENEW = f"""
WITH go AS (
    UPDATE gateway_upload SET expires_at = %(expires_at)s, changed_at = %(at)s
    WHERE id = %(id)s AND state = '{UploadState.KEPT}' AND erased_at IS NULL AND expires_at > %(at)s
    RETURNING id
),
event AS ({EVENT} FROM go)
SELECT id FROM go
"""  # noqa: S608 - constants of this module


class NewUpload(NamedTuple):
    """What will come. `token` is the SHA-256 of the secret in its address, None where its parts come with a key; `said` is sealed."""

    id: UUID
    dialect: str
    purpose: str
    media_type: str
    size: int
    token: bytes | None
    said: bytes | None
    expires_at: datetime


async def begin_upload(
    database: Database, new: NewUpload, *, room: int, access: Access, by: Actor, at: datetime
) -> None:
    """Write down that a file will come. `room` is how many bytes the initiative may have here altogether.

    Raises:
        TooLarge: `uploads_full`. Unavailable: `database_down`.
    """
    detail = {"bytes": new.size, "media_type": new.media_type, "dialect": new.dialect}
    kind, subject = EventKind.UPLOAD_BEGUN, f"upload:{new.id}"
    values = named_event(kind, subject=subject, by=by, at=at, unit_path=access.unit_path, **detail)
    values |= new._asdict() | {"initiative": access.initiative, "key": access.key, "at": at}
    if await database.write(BEGIN, values | {"most": MOST_FILES, "room": room}) is None:
        reason = f"The initiative has {MOST_FILES} files here, or {room} bytes of them."
        raise TooLarge("uploads_full", reason, remedy="Delete some, or wait until they expire.")


async def add_part(
    database: Database,
    number: UUID,
    part: Part,
    *,
    in_order: bool,
    most: int,
    by: Actor,  # noqa: ARG001 - the event that it began names who, and the one of its end too
    at: datetime,
) -> bool:
    """Say that some bytes of a file have come; whether they have a place there. `in_order`: they begin where the last ended.

    Raises:
        Unavailable: `database_down`; then they are not known to have one.
    """
    values = {"id": number, "part": Jsonb([part]), "size": part.size, "start": part.start if in_order else None}
    return await database.write(ADD, values | {"most": most, "at": at}) is not None


async def end_upload(
    database: Database,
    number: UUID,
    *,
    state: UploadState,
    digest: str | None = None,
    said: bytes | None = None,
    expires_at: datetime | None = None,
    unit_path: str,
    by: Actor,
    at: datetime,
) -> bool:
    """Say what became of a file, as UPLOAD_BEFORE allows it; one that is kept has a digest. Of two that would do so at once one does.

    What somebody was making of it who has not been heard of for PASSING_GONE_AFTER, another may make of it.

    `said` is what it became, sealed; `expires_at` until when it may be named from now on; None where that stays as it was.

    Raises:
        Unavailable: `database_down`.
    """
    kind, detail = EVENTS.get(state, EventKind.UPLOAD_ENDED), {"state": state, "digest": digest or ""}
    before = UPLOAD_BEFORE[state]
    values = named_event(kind, subject=f"upload:{number}", by=by, at=at, unit_path=unit_path, **detail)
    values |= {"id": number, "state": state, "digest": digest, "before": [str(each) for each in before], "at": at}
    values |= {"said": said, "expires_at": expires_at, "gone": at - PASSING_GONE_AFTER}
    return await database.write(END, values) is not None


async def still_passing(
    database: Database,
    number: UUID,
    *,
    by: Actor,  # noqa: ARG001 - the event that it began names who
    at: datetime,
) -> None:
    """Say that something is still being made of a file. Raises Unavailable, `database_down`."""
    await database.write(BEAT, {"id": number, "at": at})


async def renew_upload(
    database: Database, number: UUID, *, expires_at: datetime, unit_path: str, by: Actor, at: datetime
) -> bool:
    """Say until when a file may be named from now on; whether it still may.

    Raises:
        Unavailable: `database_down`.
    """
    kind, detail = EventKind.UPLOAD_RENEWED, {"expires_at": expires_at.isoformat()}
    values = named_event(kind, subject=f"upload:{number}", by=by, at=at, unit_path=unit_path, **detail)
    return await database.write(RENEW, values | {"id": number, "expires_at": expires_at, "at": at}) is not None


@transaction.atomic
def forget_uploads(*, by: Actor, at: datetime) -> int:
    """Erase the bytes of files that nobody may name any more; return of how many."""
    over = Q(expires_at__lte=at) | ~Q(state__in=NEEDED)
    gone = Upload.objects.select_for_update(skip_locked=True).filter(over, erased_at=None)
    rows = list(gone.order_by("expires_at", "id")[:MOST_ERASED])
    for row in rows:
        erase(row.pk)
        record(EventKind.UPLOAD_ERASED, subject=f"upload:{row.pk}", by=by, at=at)
    numbers = [row.pk for row in rows]
    expired = Upload.objects.filter(pk__in=numbers, state__in=NEEDED)
    expired.update(state=UploadState.EXPIRED)
    Upload.objects.filter(pk__in=numbers).update(erased_at=at, parts=[])
    # What an upload became is asked for once more by a client that lost the answer; it holds ids and nobody's words.
    Upload.objects.filter(pk__in=numbers).exclude(state=UploadState.PASSED_ON).update(said=None)
    return len(rows)
