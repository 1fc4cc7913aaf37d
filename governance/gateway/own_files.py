"""Put files that were handed to us into the calls that name them: they are scanned, decided on and sent as if they had stood there."""

from governance.core.errors import TooLarge
from governance.gateway.access import Access
from governance.gateway.dialects.kept import no_such_file
from governance.gateway.dialects.surface import Surface, Tree
from governance.gateway.gate import Gate
from governance.gateway.rules import UploadState
from governance.gateway.selectors.batches import Own
from governance.gateway.selectors.uploads import upload_of
from governance.gateway.uploads import bytes_of
from governance.gateway.wire import KIB, Call

MOST_NAMED = 20  # as many as documents are read of one call


async def with_own_files(
    call: Call, surface: Surface, tree: Tree, access: Access, gate: Gate, *, beside: int = 0
) -> int:
    """Put the files that a decoded body names into it, in the place of their names; return how many bytes that added.

    `beside` is how many bytes have been put into it before.

    Raises:
        NotFound: `no_such_file`, also of one that is another's. TooLarge: `body_too_large`, `too_many_documents`.
        Busy: `bodies_full`. Invalid: as the interface's. Unavailable: about the storage or the database.
    """
    raw = await call.body(largest=gate.config.largest_body)
    if surface.own_files is None or surface.own_files.mark not in raw or not isinstance(tree, dict):
        return 0
    added, named = 0, list(surface.own_files.named(tree))
    if len(named) > MOST_NAMED:
        raise TooLarge("too_many_documents", f"At most {MOST_NAMED} files are named in one call.", remedy="Send fewer.")
    for each in named:
        if each.number is None:
            raise no_such_file(each.field)
        async with gate.database.reading() as conn:
            own = Own(access.initiative, surface.own_files.dialect)
            file = await upload_of(conn, each.number, own=own, at=access.read_at)
        if file is None or file.state is not UploadState.KEPT:
            raise no_such_file(each.field)
        added += -(-file.size // 3) * 4
        if len(raw) + beside + added > gate.config.largest_body:
            largest = gate.config.largest_body // KIB
            reason = f"The body with the files it names, in base64, is larger than {largest} KiB."
            raise TooLarge("body_too_large", reason, field=each.field, remedy="Name fewer files, or smaller ones.")
        call.arrived(file.size + added)
        surface.own_files.put_in(each, await bytes_of(file), file.media_type)
    return added
