"""The models a key can address."""

import json
from datetime import datetime

from governance.gateway.address import names_of, speaking
from governance.gateway.gate import Gate
from governance.gateway.routes import Door
from governance.gateway.selectors.access import access_of
from governance.gateway.wire import Call


async def list_models(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes:
    """Return the list in the provider's own shape. Raises NotSignedIn, NotAllowed, Unavailable."""
    async with gate.database.reading() as conn:
        access = await access_of(conn, call.key, at=at)
    names = names_of(speaking(door.dialect, access.offers))
    return json.dumps(door.format.listing(names, at), ensure_ascii=False).encode()
