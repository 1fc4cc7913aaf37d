"""Leave the preview picture out of an Office file: a picture of its first page that programs write and nobody sends on purpose.

Everything else stays byte for byte as it was packed; only the two lists that name the preview are written anew. An archive with
anything unusual is returned as it is, and its preview counts as the picture that it is. Source: ECMA-376, part 2; PKWARE's APPNOTE.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from .kinds import Kind

OFFICE = frozenset({Kind.DOCX, Kind.XLSX, Kind.PPTX})
MOST_FILES = 2000
LARGEST_LIST = 256 * 1024  # bytes, unpacked
_PREVIEW = re.compile(r"docProps/thumbnail\.[a-z]{3,4}")
_LISTS = frozenset({"_rels/.rels", "[Content_Types].xml"})
_NAMES_IT = re.compile(rb"<(?:Relationship|Override)\b[^<>]*docProps/thumbnail\.[^<>]*/>")
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_CENTRAL_BYTES, _END_BYTES = 46, 22
_DESCRIPTOR = 0x08  # the flag of a file whose size stands behind it
_ENCRYPTED = 0x01
_TOO_LARGE = 0xFFFFFFFF  # where the true number stands elsewhere


def without_preview(raw: bytes) -> bytes:
    """Return the archive without its preview; the same bytes when it has none, or is not as usual."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            return _rebuilt(raw, archive) if _is_usual(raw, archive) else raw
    # Whoever reads the document says what is wrong with it.
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        ValueError,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
    ):
        return raw


def _is_usual(raw: bytes, archive: zipfile.ZipFile) -> bool:
    files = archive.infolist()
    first = min((file.header_offset for file in files), default=1)
    return (
        len(files) <= MOST_FILES
        and len({file.filename for file in files}) == len(files)
        and any(_PREVIEW.fullmatch(file.filename) for file in files)
        and first == 0
        and not archive.comment
        and raw[-_END_BYTES:].startswith(_END)
        and not any(file.flag_bits & _ENCRYPTED or file.file_size >= _TOO_LARGE for file in files)
    )


def _rebuilt(raw: bytes, archive: zipfile.ZipFile) -> bytes:
    files = sorted(archive.infolist(), key=lambda file: file.header_offset)
    ends = [*(file.header_offset for file in files[1:]), archive.start_dir]
    entries = dict(_entries(raw, archive.start_dir, len(files)))
    packed, listed = bytearray(), bytearray()
    count = 0
    for file, end in zip(files, ends, strict=True):
        entry = bytearray(entries[file.header_offset])
        if _PREVIEW.fullmatch(file.filename):
            continue
        body = raw[file.header_offset : end]
        if file.filename in _LISTS:
            body = _list_without_it(archive, file, entry)
        entry[42:46] = struct.pack("<I", len(packed))
        packed += body
        listed += entry
        count += 1
    tail = struct.pack("<4s4H2IH", _END, 0, 0, count, count, len(listed), len(packed), 0)
    return bytes(packed + listed) + tail


def _entries(raw: bytes, at: int, count: int) -> Iterator[tuple[int, bytes]]:
    """Yield each entry of the list of files, by where its file begins."""
    for _ in range(count):
        if raw[at : at + 4] != _CENTRAL:
            raise zipfile.BadZipFile
        size = _CENTRAL_BYTES + sum(struct.unpack_from("<3H", raw, at + 28))
        yield struct.unpack_from("<I", raw, at + 42)[0], raw[at : at + size]
        at += size


def _list_without_it(archive: zipfile.ZipFile, file: zipfile.ZipInfo, entry: bytearray) -> bytes:
    """Return a list of the archive without the preview, with its head, unpacked; `entry` is changed to fit."""
    if file.file_size > LARGEST_LIST:
        raise zipfile.BadZipFile
    text = _NAMES_IT.sub(b"", archive.read(file))
    if b"docProps/thumbnail" in text:
        raise zipfile.BadZipFile
    name = bytes(entry[_CENTRAL_BYTES : _CENTRAL_BYTES + struct.unpack_from("<H", entry, 28)[0]])
    version, flags, _, when, day = struct.unpack_from("<5H", entry, 6)
    said = struct.pack("<5H3I", version, flags & ~_DESCRIPTOR, 0, when, day, zlib.crc32(text), len(text), len(text))
    entry[6 : 6 + len(said)] = said
    return _LOCAL + said + struct.pack("<2H", len(name), 0) + name + text
