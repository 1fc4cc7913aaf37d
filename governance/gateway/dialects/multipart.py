"""A form with a file, multipart/form-data (RFC 7578): taken apart strictly, and written anew. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from governance.core.errors import Invalid

BOUNDARY = "remit-7d1f0c5e9a"  # no line of JSON begins with it
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
MOST_PARTS = 20
LONGEST_HEAD = 8 * 1024
_BOUNDARY = re.compile(r'multipart/form-data\s*;.*?\bboundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_NAME = re.compile(
    rb'^content-disposition:\s*form-data\s*;(?:[^\r\n]*?;)?\s*name="([^"\r\n]{1,100})"', re.IGNORECASE | re.MULTILINE
)
_FILE = re.compile(rb';\s*filename="([^"\r\n]{0,1000})"', re.IGNORECASE)
_FILE_IN_UTF8 = re.compile(rb";\s*filename\*=utf-8''([^\s;]{0,3000})", re.IGNORECASE)
_MEDIA = re.compile(rb"^content-type:[ \t]*([^\r\n]{1,200})", re.IGNORECASE | re.MULTILINE)
_ENCODED = re.compile(rb"^content-transfer-encoding:\s*(?!8bit|binary|7bit)", re.IGNORECASE | re.MULTILINE)


class Piece(NamedTuple):
    """What has come of a part; the first piece of each is empty."""

    name: str
    content: bytes


class Head(NamedTuple):
    """What a part says of itself besides its name: the name of its file and the media type, each "" when it says none."""

    file: str
    media_type: str


class FormReader:
    """Takes a form apart while it arrives. It holds no more than a block, the head of a part, or what may begin a boundary.

    `heads` is what each part says of itself; it goes no further than whoever asks for it.

    Raises:
        Invalid: `not_a_form`, `form_broken`, `encoding_not_supported`.
    """

    def __init__(self, media_type: str) -> None:
        found = _BOUNDARY.match(media_type)
        if not found:
            raise Invalid("not_a_form", "Send the file as multipart/form-data.", field="Content-Type")
        self._mark = b"\r\n--" + (found[1] or found[2]).encode("latin-1", "replace")
        self.heads: dict[str, Head] = {}
        self._rest = bytearray(b"\r\n")
        self._names: list[str] = []
        self._between = self._ended = False

    def feed(self, block: bytes) -> Iterator[Piece]:
        self._rest += block
        while not self._ended:
            if self._between:
                if not self._read_head():
                    return
                if not self._ended:
                    yield Piece(self._names[-1], b"")
            else:
                content = self._read_content()
                if content and self._names:
                    yield Piece(self._names[-1], content)
                if not self._between:
                    return

    def close(self) -> None:
        """Raises Invalid, `form_broken`, when the form has not come to its end, or holds nothing."""
        if not self._ended or not self._names:
            raise _broken()

    def _read_content(self) -> bytes:
        """Take what belongs to the open part, and the boundary behind it if it has come."""
        at = self._rest.find(self._mark)
        self._between = at >= 0
        end = at if self._between else max(len(self._rest) - len(self._mark) + 1, 0)
        content = bytes(self._rest[:end])
        del self._rest[: end + len(self._mark) if self._between else end]
        return content

    def _read_head(self) -> bool:
        """Read the head of the next part, or the end of the form; say whether it has come."""
        self._ended = self._rest.startswith(b"--")
        if self._ended:
            return True
        end = self._rest.find(b"\r\n\r\n")
        if max(end, len(self._rest) if end < 0 else 0) > LONGEST_HEAD:
            raise _broken()
        if end < 0:
            return False
        self._names.append(self._name_in(bytes(self._rest[:end])))
        del self._rest[: end + 4]
        self._between = False
        return True

    def _name_in(self, head: bytes) -> str:
        found = _NAME.search(head) if head.startswith(b"\r\n") else None
        name = found[1].decode("utf-8", "replace") if found else ""
        if not name or name in self._names or len(self._names) == MOST_PARTS:
            raise _broken()
        if _ENCODED.search(head):
            raise Invalid("encoding_not_supported", "Send the parts of the form as they are.")
        self.heads[name] = _head_of(head)
        return name


def _head_of(head: bytes) -> Head:
    """RFC 7578, 4.2, and RFC 5987 where a client writes a name twice; browsers and clients escape a quote as %22."""
    said, exact, media = _FILE.search(head), _FILE_IN_UTF8.search(head), _MEDIA.search(head)
    file = unquote_to_bytes(exact[1]) if exact else said[1] if said else b""
    return Head(file.decode("utf-8", "replace"), media[1].decode("latin-1").strip() if media else "")


class Form(NamedTuple):
    """A whole form: what its parts hold, and what each says of itself."""

    parts: dict[str, bytes]
    heads: dict[str, Head]


def form_of(raw: bytes, media_type: str) -> Form:
    """Return a whole form. Raises as FormReader."""
    reader, parts = FormReader(media_type), dict[str, bytearray]()
    for piece in reader.feed(raw):
        parts.setdefault(piece.name, bytearray()).extend(piece.content)
    reader.close()
    return Form({name: bytes(content) for name, content in parts.items()}, reader.heads)


def parts_of(raw: bytes, media_type: str) -> dict[str, bytes]:
    """Return {name: content} of a whole form. Raises as FormReader."""
    return form_of(raw, media_type).parts


def _broken() -> Invalid:
    reason = "The form cannot be read: a part is cut off, has no name, or the name of another."
    return Invalid("form_broken", reason, remedy="Send purpose and file, each once.")


def written_as(fields: Mapping[str, bytes], *, file: bytes, name: str) -> bytes:
    """Return a form of these fields and the file, with BOUNDARY between them."""
    head, tail = form_around(fields, name=name)
    return head + file + tail


def form_around(fields: Mapping[str, bytes], *, name: str) -> tuple[bytes, bytes]:
    """Return what stands before and behind the file in such a form."""
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    plain = [f'{head}"{each}"\r\n\r\n'.encode() + value + b"\r\n" for each, value in fields.items()]
    last = f'{head}"file"; filename="{name}"\r\nContent-Type: application/jsonl\r\n\r\n'.encode()
    return b"".join([*plain, last]), f"\r\n--{BOUNDARY}--\r\n".encode()
