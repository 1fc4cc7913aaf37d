"""The models a key can address."""

from datetime import datetime

from governance.gateway.address import names_of
from governance.gateway.dialects.openai import models
from governance.gateway.gate import Gate
from governance.gateway.selectors.access import access_of
from governance.gateway.wire import Call


async def list_models(call: Call, gate: Gate, *, at: datetime) -> bytes:
    """Return the list in OpenAI's shape. Raises NotSignedIn, NotAllowed, Unavailable."""
    async with gate.database.reading() as conn:
        access = await access_of(conn, call.key, at=at)
    return models.listing(names_of(access.offers), at=at)
