"""Which of many Python patterns may match in a text at all: one Hyperscan pass tells, and only those are searched for.

Each pattern is loosened to what Hyperscan reads: what stands around is left out, a group named again may be anything the group
may be, large counts have no end. The loosened one matches wherever the pattern does, so that no match is lost by asking first.
"""

import re
import string
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

# CPython's own reading of a pattern: nothing else reads its syntax exactly.
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from .expressions import Expressions
from .places import models_folder

_LARGEST_COUNT = 16
_ASCII = frozenset(range(128))
_OTHER = 128  # stands for every letter beyond ASCII
_WORD = frozenset(map(ord, string.ascii_letters + string.digits + "_"))
_DIGIT, _SPACE = frozenset(map(ord, string.digits)), frozenset([*range(9, 14), *range(28, 33)])
_CATEGORIES = {
    sre.CATEGORY_WORD: _WORD, sre.CATEGORY_DIGIT: _DIGIT, sre.CATEGORY_SPACE: _SPACE,
    sre.CATEGORY_NOT_WORD: _ASCII - _WORD, sre.CATEGORY_NOT_DIGIT: _ASCII - _DIGIT, sre.CATEGORY_NOT_SPACE: _ASCII - _SPACE,
}  # fmt: skip
# Letters of ASCII that Python takes for others when case is ignored: the long s, the Kelvin sign, the Turkish i.
_FOLDED = frozenset(map(ord, "iksIKS"))
_BEYOND = r"\x80-\xff"
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


class Likely:
    """The patterns of one module, compiled when they are first asked for."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        self._patterns = tuple(patterns)

    @cached_property
    def _expressions(self) -> Expressions:
        return Expressions.of([loosened(each) for each in self._patterns], once=True, kept_in=models_folder())

    def of(self, text: str) -> Collection[re.Pattern[str]]:
        """Return those of the patterns that may match in `text`; a pattern that is missing does not."""
        found: set[re.Pattern[str]] = set()
        self._expressions.scan(_one_byte_each(text), lambda number, _end: found.add(self._patterns[number]))
        return found


def _one_byte_each(text: str) -> bytes:
    """Return a byte for each letter of `text`: its own in ASCII, one of 0x80 to 0xFF beyond."""
    if text.isascii():
        return text.encode("ascii")
    import numpy as np

    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.minimum(points, 0xFF).astype(np.uint8).tobytes()


def loosened(pattern: re.Pattern[str]) -> str:
    """Return an expression of Hyperscan, over a byte for each letter, that matches in every text in which `pattern` does."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    return _Loosening(tree).sequence(_core(list(tree)), pattern.flags)


def _core(nodes: list[Any]) -> list[Any]:
    """Return the nodes without those at either end that may be empty: the rest matches wherever all of them do."""
    empty = [_may_be_empty(node) for node in nodes]
    while nodes and empty[-1]:
        nodes, empty = nodes[:-1], empty[:-1]
    while nodes and empty[0]:
        nodes, empty = nodes[1:], empty[1:]
    return nodes


def _may_be_empty(node: Any) -> bool:
    kind, value = node
    if kind in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return True
    return kind in _REPEATS and value[0] == 0


class _Loosening:
    def __init__(self, tree: Any) -> None:
        self._groups: dict[int, tuple[Any, int]] = {}
        self._note(tree, tree.state.flags)

    def _note(self, nodes: Any, flags: int) -> None:
        """Remember what each group may be, for where it is named again."""
        for kind, value in nodes:
            if kind is sre.SUBPATTERN:
                number, added, removed, inner = value
                within = (flags | added) & ~removed
                if number:
                    self._groups[number] = (inner, within)
                self._note(inner, within)
            elif kind in _REPEATS:
                self._note(value[2], flags)
            elif kind is sre.BRANCH:
                for way in value[1]:
                    self._note(way, flags)
            elif kind is sre.ATOMIC_GROUP:
                self._note(value, flags)

    def sequence(self, nodes: Iterable[Any], flags: int) -> str:
        return "".join(self._node(kind, value, flags) for kind, value in nodes)

    def _node(self, kind: Any, value: Any, flags: int) -> str:  # noqa: PLR0911 - one answer for each kind of node
        if kind in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
            return ""
        if kind in _REPEATS:
            least, most, inner = value
            return self._repeated(least, most, inner, flags)
        match kind:
            case sre.SUBPATTERN:
                _, added, removed, inner = value
                return f"(?:{self.sequence(inner, (flags | added) & ~removed)})"
            case sre.BRANCH:
                return f"(?:{'|'.join(self.sequence(way, flags) for way in value[1])})"
            case sre.ATOMIC_GROUP:
                return f"(?:{self.sequence(value, flags)})"
            case sre.GROUPREF:
                return f"(?:{self.sequence(*self._groups[value])})"
            case sre.GROUPREF_EXISTS:
                _, then, otherwise = value
                return f"(?:{self.sequence(then, flags)}|{self.sequence(otherwise or (), flags)})"
            case sre.ANY:
                return _class(_ASCII | {_OTHER} if flags & re.DOTALL else (_ASCII | {_OTHER}) - {ord("\n")})
            case sre.NOT_LITERAL:
                return _class((_ASCII | {_OTHER}) - {value})
        return _class(_members([(kind, value)] if kind is sre.LITERAL else value, flags))

    def _repeated(self, least: int, most: Any, inner: Any, flags: int) -> str:
        least = min(int(least), _LARGEST_COUNT)
        end = "" if most == sre.MAXREPEAT or most > _LARGEST_COUNT else str(most)
        return f"(?:{self.sequence(inner, flags)}){{{least},{end}}}"


def _members(items: Sequence[Any], flags: int) -> frozenset[int]:
    """Return the letters of ASCII in a set, with _OTHER where letters beyond may be in it."""
    negated = items[0][0] is sre.NEGATE
    found: set[int] = set()
    for kind, value in items[negated:]:
        found.update(_item(kind, value))
    if negated:
        return (_ASCII - found) | {_OTHER}
    if flags & re.IGNORECASE:
        found |= {ord(chr(letter).swapcase()) for letter in found & _WORD}
        if _OTHER in found:
            found |= _FOLDED
        if found & _FOLDED:
            found.add(_OTHER)
    return frozenset(found)


def _item(kind: Any, value: Any) -> Collection[int]:
    if kind is sre.LITERAL:
        return {min(value, _OTHER)}
    if kind is sre.RANGE:
        return range(min(value[0], _OTHER), min(value[1], _OTHER) + 1)
    return _CATEGORIES[value] | {_OTHER}


def _class(letters: Collection[int]) -> str:
    plain = "".join(f"\\x{letter:02x}" for letter in sorted(letters) if letter != _OTHER)
    return f"[{plain}{_BEYOND if _OTHER in letters else ''}]"
