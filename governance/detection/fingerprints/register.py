"""A source register on disk: segments of fingerprints and a list of what is in force. Indexing again costs what changed.

`register.json` names the segments by digest and the files in them that later segments replace ("dead"). Its own SHA-256 is the
digest a ruleset names.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from governance.core.errors import Unavailable

from .arrays import file_digest
from .keyed import Hashes, HashKey
from .public import PublicText
from .segment import COMMON, COMMONEST, Segment, SegmentWriter, SourceFile, group_of, names_of, open_segment
from .table import Numbers
from .winnow import FORM, Grams

FILE_NAME = "register.json"
# Grams and how segments hold them. Raise the number when the latter changes: an entry that means something else would be misread.
_FORM = f"{FORM}/2"
_MOST_SEGMENTS = 16  # every further one costs each lookup a little; then all is indexed afresh
_LARGEST_SEGMENT = 256 * 1024 * 1024  # bytes of text
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an indexing did. `read` counts files whose text was looked at, `as_they_are` the folders that are public as a whole."""

    digest: str
    files: int
    lines: int
    read: int
    bytes_read: int
    as_they_are: tuple[str, ...]


@dataclass
class _Part:
    path: Path
    sha256: str
    segment: Segment
    dead: set[int] = field(default_factory=set)

    def alive(self) -> dict[str, tuple[int, bytes]]:
        names = enumerate(zip(self.segment.names, self.segment.identities, strict=True))
        return {name: (number, identity) for number, (name, identity) in names if number not in self.dead}


@dataclass
class _Making:
    """One indexing: what it is made with, and what it has read so far."""

    key: HashKey
    out: Path
    public: PublicText | None
    progress: Progress | None
    as_they_are: set[str] = field(default_factory=set)
    known_groups: set[str] = field(default_factory=set)
    files: int = 0
    size: int = 0

    def parts(self, files: Iterable[SourceFile]) -> Iterator[_Part]:
        """Write the files as segments, each as large as memory should hold at once."""
        writer, size = self._writer(), 0
        for file in files:
            size += self._counted(writer.add(file))
            if size >= _LARGEST_SEGMENT:
                yield self._part(writer)
                writer, size = self._writer(), 0
        if writer.files:
            yield self._part(writer)

    def _writer(self) -> SegmentWriter:
        return SegmentWriter(self.key, self.public, self.as_they_are, self.known_groups)

    def _counted(self, size: int) -> int:
        self.files, self.size = self.files + 1, self.size + size
        if self.progress:
            self.progress(self.files, self.size)
        return size

    def _part(self, writer: SegmentWriter) -> _Part:
        beside = self.out / "segment.new"
        sha256 = writer.write(beside)
        path = beside.replace(_segment_path(self.out, sha256))
        return _Part(path, sha256, open_segment(path))


def index(
    files: Iterable[SourceFile],
    *,
    key: bytes,
    out: Path,
    public: PublicText | None = None,
    progress: Progress | None = None,
) -> Indexed:
    """Make the register in `out` hold exactly these files; only files whose identity is new are read.

    `public` is text anybody may have: passages of it are not registered, but for folders that are public for the most part.
    `progress` is told files and bytes read so far. A register under another key, or of too many pieces, is made anew.
    """
    making = _Making(HashKey.of(key), out, public, progress)
    wanted = {file.name: file for file in files}
    parts = _reusable(making)
    fresh = _to_read(parts, wanted)
    if len(parts) >= _MOST_SEGMENTS or _mostly_dead(parts):
        parts, fresh = [], list(wanted.values())
    return _published([*parts, *making.parts(fresh)], making)


def _segment_path(folder: Path, sha256: str) -> Path:
    return folder / f"{sha256[:24]}.segment"


def _to_read(parts: list[_Part], wanted: Mapping[str, SourceFile]) -> list[SourceFile]:
    """Mark what is gone or changed as dead; return what no part holds yet."""
    held = set()
    for part in parts:
        for name, (number, identity) in part.alive().items():
            if name in wanted and wanted[name].identity == identity:
                held.add(name)
            else:
                part.dead.add(number)
    return [file for name, file in wanted.items() if name not in held]


def _mostly_dead(parts: list[_Part]) -> bool:
    return sum(len(part.dead) for part in parts) * 2 > sum(len(part.segment.names) for part in parts)


def _reusable(making: _Making) -> list[_Part]:
    try:
        said = _said(making.out)
        if said["key"] != making.key.check:
            return []
        parts = [_opened(making.out, each) for each in said["segments"]]
    except Unavailable:
        return []
    making.as_they_are.update(said["as_they_are"])
    making.known_groups.update(group_of(name) for part in parts for name in part.alive())
    return parts


def _opened(out: Path, said: Mapping[str, Any]) -> _Part:
    path = _segment_path(out, said["sha256"])
    if not path.is_file() or file_digest(path) != said["sha256"]:
        raise _changed()
    return _Part(path, said["sha256"], open_segment(path), set(said["dead"]))


def _published(parts: list[_Part], making: _Making) -> Indexed:
    parts, out = [part for part in parts if len(part.dead) < len(part.segment.names)], making.out
    out.mkdir(parents=True, exist_ok=True)
    files = sum(len(part.segment.names) - len(part.dead) for part in parts)
    lines, as_they_are = sum(_living_lines(part) for part in parts), sorted(making.as_they_are)
    segments = [{"sha256": part.sha256, "dead": sorted(part.dead)} for part in parts]
    said = {"format": _FORM, "key": making.key.check, "files": files, "lines": lines, "as_they_are": as_they_are}
    beside = out / f".{FILE_NAME}.new"
    beside.write_text(json.dumps({**said, "segments": segments}, sort_keys=True, indent=1))
    beside.replace(out / FILE_NAME)
    for path in set(out.glob("*.segment")) - {part.path for part in parts}:
        path.unlink()
    return Indexed(digest_of(out), files, lines, making.files, making.size, tuple(as_they_are))


def _living_lines(part: _Part) -> int:
    lengths = np.diff(part.segment.bases)
    return int(lengths.sum()) - sum(int(lengths[number]) for number in part.dead)


def digest_of(folder: Path) -> str:
    """Return the SHA-256 of the register in `folder`, 64 hex characters."""
    return file_digest(folder / FILE_NAME)


def _said(folder: Path) -> dict[str, Any]:
    path = folder / FILE_NAME
    if not path.is_file():
        raise Unavailable(
            "register_missing", "A source register of the ruleset is not on this machine.", remedy="Index it again."
        )
    try:
        said: Any = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise _changed() from error
    if not isinstance(said, dict):
        raise _changed()
    if said.get("format") != _FORM:
        raise Unavailable(
            "register_version",
            "A source register was made by another version of Remit, which reads code in another way.",
            remedy="Index it again.",
        )
    if not _is_whole(said):
        raise _changed()
    return said


def _is_whole(said: Mapping[str, Any]) -> bool:
    """Return whether all is there that is read of it: a file of two halves, or edited by hand, is none of ours."""
    segments = said.get("segments")
    return (
        isinstance(said.get("key"), str)
        and isinstance(said.get("as_they_are"), list)
        and isinstance(segments, list)
        and all(
            isinstance(each, dict) and isinstance(each.get("sha256"), str) and isinstance(each.get("dead"), list)
            for each in segments
        )
    )


def _changed() -> Unavailable:
    return Unavailable(
        "register_changed",
        "A source register is not the one the ruleset names, or of another version.",
        remedy="Index it again, or publish the ruleset again.",
    )


@dataclass(frozen=True, slots=True)
class Matches:
    """Gram `grams[i]` of the text stands at line `lines[i]` (from 1) of file `files[i]`; `common[i]`: and in many other files."""

    grams: Numbers
    files: Numbers
    lines: Numbers
    common: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Register:
    """An opened register. `names[n]` is the name of file n."""

    id: str
    key: HashKey
    names: tuple[str, ...]
    _parts: tuple[_Part, ...]

    def matches(self, asked: Sequence[Grams]) -> list[Matches]:
        """Return for each layer of a text where its grams stand; of those in too many files, where they stand first and last."""
        domains = np.repeat([np.uint64(grams.layer.domain) for grams in asked], [len(grams.hashes) for grams in asked])
        hidden = self.key.hide(np.concatenate([grams.hashes for grams in asked]), domains)
        ends = np.cumsum([len(grams.hashes) for grams in asked])
        return [
            self._match(grams, hidden[end - len(grams.hashes) : end]) for grams, end in zip(asked, ends, strict=True)
        ]

    def _match(self, grams: Grams, hidden: Hashes) -> Matches:
        found, first = [], 0
        for part in self._parts:
            found.append(_matched(part, grams, hidden, first))
            first += len(part.segment.names)
        asked, files, lines = (np.concatenate(column) for column in zip(*found, strict=True)) if found else _nothing()
        return _told_of(asked, files, lines)


def _matched(part: _Part, grams: Grams, hidden: Hashes, first: int) -> tuple[Numbers, Numbers, Numbers]:
    asked, places = part.segment.tables[grams.layer].match(hidden)
    if not len(asked):
        return _nothing()
    common = places == COMMON
    numbers = part.segment.files_at(np.where(common, 0, places))
    lines = places - part.segment.bases[numbers] + 1
    files = np.where(common, -1, numbers + first)
    if not part.dead:
        return asked, files, lines
    alive = common | ~np.isin(numbers, list(part.dead))
    return asked[alive], files[alive], lines[alive]


def _told_of(asked: Numbers, files: Numbers, lines: Numbers) -> Matches:
    """Keep of a gram that many files hold, of one part or of several, the first and the last of them."""
    named = files >= 0
    marked, asked, files, lines = asked[~named], asked[named], files[named], lines[named]
    if not len(asked):
        return Matches(*_nothing(), np.zeros(0, dtype=bool))
    most = int(files.max()) + 1
    pairs = np.unique(asked * most + files)
    which, first, in_files = np.unique(pairs // most, return_index=True, return_counts=True)
    common = np.zeros(max(int(column.max(initial=0)) for column in (asked, marked)) + 1, dtype=bool)
    common[marked] = True
    common[which[in_files > COMMONEST]] = True
    usual = common[asked]
    if usual.any():
        place = np.searchsorted(which, asked)
        files_of = pairs % most
        kept = ~usual | (files == files_of[first[place]]) | (files == files_of[(first + in_files - 1)[place]])
        asked, files, lines, usual = asked[kept], files[kept], lines[kept], usual[kept]
    return Matches(asked, files, lines, usual)


def _nothing() -> tuple[Numbers, Numbers, Numbers]:
    none = np.zeros(0, dtype=np.int64)
    return none, none, none


def open_register(folder: Path, *, name: str, key: bytes, digest: str | None = None) -> Register:
    """Map the register in `folder` into memory.

    Raises:
        Unavailable: `register_missing`, `register_version` (its form is another's), `register_changed` (not the digest the ruleset
            names), `register_key` (made under another key).
    """
    said, hash_key = _said(folder), HashKey.of(key)
    if digest is not None and digest_of(folder) != digest:
        raise _changed()
    if said["key"] != hash_key.check:
        raise Unavailable(
            "register_key", "A source register was made under another key.", remedy="Index it again with this key."
        )
    parts = tuple(_opened(folder, each) for each in said["segments"])
    return Register(name, hash_key, tuple(names_of([part.segment for part in parts])), parts)
