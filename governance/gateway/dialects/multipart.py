"""A form with a file, multipart/form-data (RFC 7578): taken apart strictly, and written anew. Pure."""

import re
from collections.abc import Mapping

from governance.core.errors import Invalid

BOUNDARY = "remit-7d1f0c5e9a"  # no line of JSON begins with it
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
MOST_PARTS = 20
_BOUNDARY = re.compile(r'multipart/form-data\s*;.*?\bboundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_NAME = re.compile(
    rb'^content-disposition:\s*form-data\s*;(?:[^\r\n]*?;)?\s*name="([^"\r\n]{1,100})"', re.IGNORECASE | re.MULTILINE
)
_ENCODED = re.compile(rb"^content-transfer-encoding:\s*(?!8bit|binary|7bit)", re.IGNORECASE | re.MULTILINE)


def parts_of(raw: bytes, media_type: str) -> dict[str, bytes]:
    """Return {name: content} of a form. What else its parts say of themselves, names of files too, is dropped.

    Raises:
        Invalid: `not_a_form`, `form_broken`, `encoding_not_supported`.
    """
    found = _BOUNDARY.match(media_type)
    if not found:
        raise Invalid("not_a_form", "Send the file as multipart/form-data.", field="Content-Type")
    mark = b"\r\n--" + (found[1] or found[2]).encode("latin-1", "replace")
    pieces = (b"\r\n" + raw).split(mark, MOST_PARTS + 2)
    if len(pieces) < 2 or len(pieces) > MOST_PARTS + 2 or not pieces[-1].startswith(b"--"):  # noqa: PLR2004 - one part at least
        raise _broken()
    parts: dict[str, bytes] = {}
    for piece in pieces[1:-1]:
        head, gap, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if not gap or not name or _decoded(name[1]) in parts:
            raise _broken()
        if _ENCODED.search(head):
            raise Invalid("encoding_not_supported", "Send the parts of the form as they are.")
        parts[_decoded(name[1])] = content
    return parts


def _decoded(name: bytes) -> str:
    return name.decode("utf-8", "replace")


def _broken() -> Invalid:
    reason = "The form cannot be read: a part is cut off, has no name, or the name of another."
    return Invalid("form_broken", reason, remedy="Send purpose and file, each once.")


def written_as(fields: Mapping[str, bytes], *, file: bytes, name: str) -> bytes:
    """Return a form of these fields and the file, with BOUNDARY between them."""
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    plain = [f'{head}"{each}"\r\n\r\n'.encode() + value + b"\r\n" for each, value in fields.items()]
    last = f'{head}"file"; filename="{name}"\r\nContent-Type: application/jsonl\r\n\r\n'.encode() + file
    return b"".join([*plain, last, f"\r\n--{BOUNDARY}--\r\n".encode()])
