"""Put contents that are kept here before those of the calls that name them: all is scanned, decided on and sent as one body."""

from governance.core import strict_json
from governance.core.errors import Invalid, TooLarge
from governance.gateway.access import Access
from governance.gateway.address import Target, speaking, target_of
from governance.gateway.dialects.gemini.caches import MARK, caches_named, no_such_cache, put_before
from governance.gateway.dialects.kept import CACHE
from governance.gateway.dialects.surface import MOST_VALUES, Tree
from governance.gateway.gate import Gate
from governance.gateway.routes import Door
from governance.gateway.rules import UploadState
from governance.gateway.selectors.batches import Own
from governance.gateway.selectors.uploads import UploadRow, upload_of
from governance.gateway.uploads import bytes_of, words_of
from governance.gateway.wire import KIB, Call


async def with_own_caches(call: Call, door: Door, tree: Tree, access: Access, gate: Gate) -> int:
    """Put the contents that a decoded body names into it; return how many bytes that added.

    Raises:
        NotFound: `no_such_cache`, also of some that are another's. TooLarge: `body_too_large`. Busy: `bodies_full`.
        Invalid: `other_model`, or as the interface's. Unavailable: about the storage or the database.
    """
    raw = await call.body(largest=gate.config.largest_body)
    if door.route.surface is None or not door.route.surface.own_caches or MARK not in raw or not isinstance(tree, dict):
        return 0
    added = 0
    for each in list(caches_named(tree)):
        async with gate.database.reading() as conn:
            own, at = Own(access.initiative, door.format.dialect), access.read_at
            row = await upload_of(conn, each.number, own=own, purposes=[CACHE], at=at) if each.number else None
        if row is None or row.state is not UploadState.KEPT:
            raise no_such_cache(each.field)
        _require_model(row, door, access, gate, field=each.field)
        added += row.size
        if len(raw) + added > gate.config.largest_body:
            reason = f"The body with its cached contents is larger than {gate.config.largest_body // KIB} KiB."
            raise TooLarge("body_too_large", reason, field=each.field, remedy="Send less beside them, or cache less.")
        call.arrived(row.size)
        put_before(each, strict_json.loads(await bytes_of(row), most=MOST_VALUES))
    return added


def _require_model(row: UploadRow, door: Door, access: Access, gate: Gate, *, field: str) -> None:
    """Raises Invalid, `other_model`, when contents were created for another model than the call is for."""
    made_for = words_of(row, gate.keys.storage).get("model", "")
    offers = speaking(door.dialect, access.offers)
    if made_for != door.model and _place(target_of(made_for, offers)) != _place(target_of(door.model, offers)):
        remedy = "Ask the model they were created for, or create them for this one."
        raise Invalid("other_model", "The cached contents are for another model.", field=field, remedy=remedy)


def _place(target: Target) -> tuple[object, str]:
    return target.destination, target.model
