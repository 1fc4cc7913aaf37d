"""Cached contents in Gemini's interface: kept sealed here, scanned and decided with every call that names them, and never at the provider."""

import json
from datetime import datetime

from governance.core.errors import TooLarge
from governance.gateway.address import speaking, target_of
from governance.gateway.dialects.gemini.caches import cache_object, moved_until, new_cache, no_such_cache
from governance.gateway.dialects.gemini.generate import GENERATE
from governance.gateway.dialects.kept import CACHE
from governance.gateway.dialects.surface import read_json, written_json
from governance.gateway.files.kept import ROOM_FOR_PROMPT, Handed, keep, kept, kept_row, require_somewhere
from governance.gateway.gate import Gate
from governance.gateway.handler import keyed
from governance.gateway.own_files import with_own_files
from governance.gateway.routes import Door
from governance.gateway.selectors.access import access_of
from governance.gateway.services.uploads import renew_upload
from governance.gateway.wire import KIB, Call

LARGEST_CHANGE = 64 * 1024


async def create(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes:
    """Keep what a body holds, with the files that it names; return what is told of it. Nothing is scanned before it is used.

    Raises:
        NotSignedIn, NotAllowed: about the key; `no_grant`, `unscannable`. NotFound: `no_such_file`.
        Invalid, TooLarge: about the body, its model or its size. Unavailable, Busy.
    """
    async with keyed(call, door.name, gate) as case:
        async with gate.database.reading() as conn:
            access = case.access = await access_of(conn, call.key, at=at)
        require_somewhere(door, access)
        tree = read_json(await call.body(largest=gate.config.largest_body), "")
        await with_own_files(call, GENERATE, tree, access, gate)
        new = new_cache(tree, at=at)
        target_of(new.model, speaking(door.dialect, access.offers))
        raw, largest = written_json(new.held), gate.config.largest_body - ROOM_FOR_PROMPT
        if len(raw) > largest:
            reason = f"Cached contents are at most {largest // KIB} KiB, files in base64 counted, for a call has to hold them."
            raise TooLarge("body_too_large", reason, field="contents", remedy="Cache less.")
        said = {"name": new.name, "model": new.model}
        handed = Handed(raw, CACHE, "application/json", said, new.until)
        told = cache_object(await keep(handed, door, access, case, gate, at=at))
    return json.dumps(told).encode()


async def renew(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes:
    """Move until when contents are kept; nothing else of them can change. Raises NotFound: `no_such_cache`. Invalid."""
    async with keyed(call, door.name, gate) as case:
        async with gate.database.reading() as conn:
            access = case.access = await access_of(conn, call.key, at=at)
            row = await kept_row(conn, door, access, at=at)
        until = moved_until(read_json(await call.body(largest=LARGEST_CHANGE), ""), at=at)
        path = access.unit_path
        if not await renew_upload(gate.database, row.id, expires_at=until, unit_path=path, by=case.actor, at=at):
            raise no_such_cache()
    return json.dumps(cache_object(kept(row._replace(expires_at=until, changed_at=at), gate))).encode()
