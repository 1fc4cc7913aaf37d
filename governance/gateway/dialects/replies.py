"""What comes back, in the same terms whatever the provider: texts that stand somewhere in a reply or grow frame by frame. Pure.

A reply and a frame of a stream are both a JSON tree. Every text in it is either structure (a role, an id: a plain word under a name the
surface lists) or a Delta of some channel. A text that no surface knows is a channel of its own, so nothing new a provider sends is
overlooked.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from governance.gateway.dialects.shapes import PLAIN_NAME, Keys, long_number

# What an id, a role or a reason to stop looks like. Anything longer, with a space or an @ in it is text, whatever its name.
PLAIN = re.compile(r"[\w.:/+=-]{0,128}", re.ASCII)
MOST_TOKENS = 10_000_000
ANYTHING = re.compile(b"")


class Kind(StrEnum):
    CONTENT = "content"
    REASONING = "reasoning"
    REFUSAL = "refusal"
    ARGUMENTS = "arguments"  # JSON, of use only once it is whole
    CODE = "code"
    OTHER = "other"  # a text this surface has no name for


@dataclass(frozen=True, slots=True)
class Channel:
    """One text of an answer. `at` tells it from its siblings: choice, item, part, call; the path for Kind.OTHER."""

    kind: Kind
    at: Keys = ()


@dataclass(frozen=True, slots=True)
class Delta:
    """A text in a tree, at `keys`.

    `whole`: this is the channel's whole text (a reply that is not streamed, the copy in a *.done event), not its next piece.
    `fixed`: the name of a field, which nothing can be put in the place of; `keys` then lead to its value.
    """

    channel: Channel
    keys: Keys
    text: str
    whole: bool = False
    fixed: bool = False


class Usage(NamedTuple):
    """Tokens as the provider counts them, None where it does not say."""

    tokens_in: int | None = None
    tokens_out: int | None = None


def added(one: Usage, other: Usage) -> Usage:
    """Return what two answers used together; what neither says stays unknown."""
    sums = ((a or 0) + (b or 0) if a is not None or b is not None else None for a, b in zip(one, other, strict=True))
    return Usage(*sums)


class Placed(NamedTuple):
    """Where a text belongs; see Delta."""

    channel: Channel
    whole: bool = False


class ToolCall(NamedTuple):
    """A call of a tool, or a piece of one. `at` is the channel of its arguments, or begins those of their leaves.

    `arguments` are those that come as an object, None where they come as a text.
    """

    at: Keys
    name: str
    arguments: Any = None


# From the keys that lead to a text, and the tree it stands in, to its channel; None when the surface does not know the place.
Place = Callable[[Keys, Any], Placed | None]
# From the keys that lead to a value, and its tree, to whether anything at all may stand there: what a tool is asked, rows.
Free = Callable[[Keys, Any], bool]


def closes_nothing(_tree: Any) -> tuple[Channel, ...]:
    return ()


def counts_nothing(_data: bytes) -> Usage:
    return Usage()


def calls_nothing(_tree: Any) -> Iterable[ToolCall]:
    return ()


def known_nowhere(_keys: Keys, _tree: Any) -> Placed | None:
    return None


def free_nowhere(_keys: Keys, _tree: Any) -> bool:
    return False


def free_in(*names: str) -> Free:
    """Whatever stands in a field of one of these names."""
    return lambda keys, _tree: bool(keys) and keys[-1] in names


@dataclass(frozen=True, slots=True)
class Answers:
    """How the replies of a surface are read, whole ones and frames alike.

    `structure` names the fields that hold the format's own words, `opaque` those with nothing readable in them (numbers, seals), each
    as "name", or as "kind.name" where an object says that it is of this kind. `repeated` are those that say the texts once more in
    another form (tokens, bytes) and are emptied where an answer may be rewritten. None of these names means anything where `free` says
    that the format has no say: there every name, text and long number of an argument is read.
    `calls` are the tools of the application's own that a reply or frame calls. `closes` are the channels that end with a frame. `usage_of` reads bytes, since nearly all frames hold no counts; so does `last`,
    which is found in a frame that ends a stream: one that stops without it was cut off.
    """

    structure: frozenset[str]
    place: Place = known_nowhere
    opaque: frozenset[str] = frozenset()
    closes: Callable[[Any], tuple[Channel, ...]] = closes_nothing
    usage_of: Callable[[bytes], Usage] = counts_nothing
    repeated: frozenset[str] = frozenset()
    calls: Callable[[Any], Iterable[ToolCall]] = calls_nothing
    last: re.Pattern[bytes] = ANYTHING
    free: Free = free_nowhere

    def deltas(self, tree: Any) -> tuple[Delta, ...]:
        """Return every text of a decoded reply or frame, in order of appearance."""
        texts = _Texts(self, tree)
        texts.look_at(tree)
        return tuple(texts.found)

    def without_copies(self, tree: Any) -> bool:
        """Take out of a decoded reply or frame what repeats its texts in another form; say whether there was any."""
        return bool(self.repeated) and self._emptied(tree, (), tree)

    def _emptied(self, value: Any, keys: Keys, tree: Any) -> bool:
        if self.free(keys, tree):
            return False
        found = False
        if isinstance(value, dict):
            for name, each in value.items():
                if name in self.repeated and each:
                    value[name], found = [] if isinstance(each, list) else None, True
                else:
                    found = self._emptied(each, (*keys, name), tree) or found
        elif isinstance(value, list):
            for index, each in enumerate(value):
                found = self._emptied(each, (*keys, index), tree) or found
        return found


@dataclass(slots=True)
class _Texts:
    """The texts of one reply or frame, found in one walk. Answers are walked frame by frame on the loop that everybody waits for."""

    of: Answers
    tree: Any
    found: list[Delta] = field(default_factory=list)

    def look_at(self, value: Any, keys: Keys = (), name: str = "", *, free: bool = False) -> None:
        """Add what stands at `keys`; `name` is the last of them that is a name."""
        free = free or self.of.free(keys, self.tree)
        if isinstance(value, str):
            self._add(value, keys, name, free=free)
        elif isinstance(value, dict):
            self._look_into(value, keys, free=free)
        elif isinstance(value, list):
            for index, each in enumerate(value):
                self.look_at(each, (*keys, index), name, free=free)
        elif free and (digits := long_number(value)) and self._is_argument(keys):
            self.found.append(Delta(Channel(Kind.OTHER, keys), keys, digits, whole=True, fixed=True))

    def _look_into(self, value: Mapping[str, Any], keys: Keys, *, free: bool) -> None:
        kind, opaque = value.get("type") or value.get("mimeType"), self.of.opaque
        for name, each in value.items():
            inner = (*keys, name)
            if free or not _is_plain(name):
                self.found.append(Delta(Channel(Kind.OTHER, (*inner, "#")), inner, name, whole=True, fixed=True))
            if free or not (name in opaque or (isinstance(kind, str) and f"{kind}.{name}" in opaque)):
                self.look_at(each, inner, name, free=free)

    def _add(self, value: str, keys: Keys, name: str, *, free: bool) -> None:
        placed = self.of.place(keys, self.tree)
        if placed is not None:
            self.found.append(Delta(placed.channel, keys, value, whole=placed.whole))
        elif free or not (name in self.of.structure and PLAIN.fullmatch(value)):
            self.found.append(Delta(Channel(Kind.OTHER, keys), keys, value, whole=True))

    def _is_argument(self, keys: Keys) -> bool:
        placed = self.of.place(keys, self.tree)
        return placed is not None and placed.channel.kind is Kind.ARGUMENTS


@lru_cache(1024)  # every frame of an answer has the same few names
def _is_plain(name: str) -> bool:
    return PLAIN_NAME.fullmatch(name) is not None


def counted(value: Any) -> int | None:
    """Return a count of tokens as a provider gave it, None when it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_TOKENS else None


def found_in(tree: Any, *path: str) -> Mapping[str, Any]:
    """Return the object at `path`, an empty one when there is none."""
    for name in path:
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree if isinstance(tree, dict) else {}


def objects_in(value: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the objects of a list with their numbers; nothing of what is no list."""
    for index, each in enumerate(value if isinstance(value, list) else ()):
        if isinstance(each, dict):
            yield index, each


def named(value: Any) -> str:
    """Return the name of a tool, "" when it is none."""
    name = value.get("name") if isinstance(value, dict) else None
    return name if isinstance(name, str) else ""


def index_of(each: Any, otherwise: int = 0, name: str = "index") -> int:
    """Return the number a choice, a call or a block gives itself, which need not be its place in this frame."""
    index = each.get(name) if isinstance(each, dict) else None
    return index if isinstance(index, int) else otherwise
