"""Files in Anthropic's interface: handed over in one form, kept sealed, and never given back."""

import json
from datetime import datetime, timedelta

from governance.core.errors import Invalid, TooLarge
from governance.gateway.dialects.anthropic.files import file_object, handed_over
from governance.gateway.dialects.kept import FILE
from governance.gateway.dialects.multipart import Form, form_of
from governance.gateway.files.kept import Handed, keep, kept_row, largest_file, require_somewhere
from governance.gateway.gate import Gate
from governance.gateway.handler import keyed
from governance.gateway.routes import Door
from governance.gateway.selectors.access import access_of
from governance.gateway.wire import Call

FORM_BYTES = 32 * 1024  # of a form beside its file


async def take(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes:
    """Keep the file of a form; return what is told of it.

    Raises:
        NotSignedIn, NotAllowed: about the key; `no_grant`, `unscannable`. Invalid, TooLarge: about the form. Unavailable, Busy.
    """
    async with keyed(call, door.name, gate) as case:
        async with gate.database.reading() as conn:
            access = case.access = await access_of(conn, call.key, at=at)
        require_somewhere(door, access)
        file = handed_over(await _form(call, gate), largest=largest_file(gate))
        until = at + timedelta(seconds=file.life_s)
        handed = Handed(file.raw, FILE, file.media_type, {"name": file.name}, until)
        told = file_object(await keep(handed, door, access, case, gate, at=at))
    return json.dumps(told).encode()


async def withhold(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes:
    """Refuse to give a file back, as the provider does with all that was handed over. Raises NotFound, also of one that is another's; Invalid."""
    async with keyed(call, door.name, gate) as case, gate.database.reading() as conn:
        access = case.access = await access_of(conn, call.key, at=at)
        await kept_row(conn, door, access, at=at)
    reason = "The file has downloadable: false, as every file that was handed over."
    raise Invalid("file_not_downloadable", reason, remedy="Keep a copy of what you hand over.")


async def _form(call: Call, gate: Gate) -> Form:
    largest = largest_file(gate)
    try:
        raw = await call.body(largest=largest + FORM_BYTES)
    except TooLarge:
        reason = f"A file is at most {largest} bytes, for a call has to hold it."
        raise TooLarge("body_too_large", reason, field="file", remedy="Split the file, or send its text.") from None
    return form_of(raw, call.header("content-type"))
