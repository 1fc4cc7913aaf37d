"""The arguments of a tool call: mostly JSON inside a text. Held until they are whole, then scanned leaf by leaf. Pure.

Where a format has the arguments as an object, its leaves come here as texts of their own, and some tools take any text: those are
read as they stand.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from governance.core import strict_json
from governance.core.errors import Invalid
from governance.detection.edits import applied
from governance.gateway.dialects.prompt import put
from governance.gateway.dialects.shapes import Spot, Text, free
from governance.gateway.replies.questions import Asked, Marks, Pace, Question

_SIGN = re.compile(r'\\.|["{}\[\]]', re.DOTALL)
_walk = free(only_objects=False)


@dataclass(slots=True)
class Arguments:
    """They close by themselves when their outermost bracket does."""

    path: str
    place: str
    text: str = ""
    clear: int = 0
    closed: bool = False
    _written: str | None = None
    _depth: int = 0
    _quoted: bool = False
    _cut: str = ""
    _tree: Any = None
    _leaves: list[Text] = field(default_factory=list)

    def add(self, piece: str) -> None:
        self.text += piece
        read = self._cut + piece
        end = 0
        for found in _SIGN.finditer(read):
            end = found.end()
            self._see(found.group())
        # An escape that the piece cut in two is read again with its second half.
        self._cut = "\\" if read[end:].endswith("\\") else ""

    def _see(self, sign: str) -> None:
        if sign == '"':
            self._quoted = not self._quoted
        elif not self._quoted and sign in "{[":
            self._depth += 1
        elif not self._quoted and sign in "}]":
            self._depth -= 1
            self.closed = self.closed or self._depth == 0

    def close(self) -> None:
        self.closed = True

    def question(self, pace: Pace) -> Question | None:  # noqa: ARG002 - arguments have a pace of their own
        if not self.closed or self.clear == len(self.text):
            return None
        self._tree = _tree_in(self.text)
        if self._tree is None:
            return Question((Asked(self.path, self.place, self.text),), self._settle_text)
        _walk(self._tree, Spot(), self._leaves)
        asked = tuple(
            Asked(f"{self.path}.{leaf.path}", f"{self.place}.{leaf.place}", leaf.text, fixed=leaf.fixed)
            for leaf in self._leaves
        )
        return Question(asked, self._settle_leaves)

    def _settle_text(self, marks: Sequence[Marks]) -> None:
        self._written = applied(self.text, marks[0].edits)
        self.clear = len(self.text)

    def _settle_leaves(self, marks: Sequence[Marks]) -> None:
        changed = False
        for leaf, (edits, _) in zip(self._leaves, marks, strict=True):
            if edits and not leaf.fixed:
                put(self._tree, leaf.keys, applied(leaf.text, edits))
                changed = True
        if changed:
            self._written = json.dumps(self._tree, ensure_ascii=False, separators=(",", ":"))
        self.clear = len(self.text)

    def rewritten(self, start: int, end: int) -> str:
        if self._written is None:
            return self.text[start:end]
        return self._written if start == 0 else ""


def _tree_in(text: str) -> dict[str, Any] | list[Any] | None:
    """Return the object or list that `text` is, None when it is a text like any other: a model may break off, too."""
    try:
        tree = strict_json.loads(text.encode())
    except Invalid:
        return None
    return tree if isinstance(tree, dict | list) else None
