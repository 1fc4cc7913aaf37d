"""What is worth reading for names: a linear scorer of words and their neighbours, trained to let nearly every name through (training/gate.py).

A word's score is a sum of three weights: its own, that of the word before and that of the word behind, each by its form, its shape and
its ends. A stretch of text (a sentence, a line) passes when any of its words does; its neighbours then pass more easily, for an address
goes on over lines.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np

from .codelike import may_name
from .words import Case, case_of, forms_of, is_worth_remembering

BUCKETS = 1 << 15
_LARGEST = 2000  # characters of a stretch
_FEW, _NEAR = 40, 160  # characters
_REMEMBERED = 1 << 15
_END = re.compile(r"[.!?][\"')\]]*\s+|\n\s*")
_TITLE_LENGTH = 3  # letters: the full stop of "Dr.", "St." or an initial ends no sentence
_NOTHING = (0.0, 0.0, 0.0)
# Brackets, assignments and time stamps of code and logs: there a name must be likelier.
_CODE = re.compile(
    r"[{}\[\];=<]|\w\(|\)\s*[:.]|::|\d\d:\d\d:\d\d|^\s*(?:def|class|import|from|return|if|for|while|try|except|else|raise|with)\b"
)
_STATEMENT = re.compile(
    r"[ \t]*(?:async|def|class|import|return|if|elif|else|for|while|try|except|finally|raise|with|func|fn)\b"
)
_STRICTER = 2.5
_LENIENT = 1.0  # how much lower a neighbour of what passed may score
_SHORT = 4  # letters: the form of a longer word is also known by its ends


def features_of(form: str) -> list[int]:
    """Return the buckets of a word: its form in small letters with its case, its case alone, its length and its ends."""
    case, small = case_of(form), form.lower()
    named = [f"w{small}", f"c{case}", f"{case}l{min(len(form), 12)}"]
    if case in (Case.SMALL, Case.TITLE, Case.CAPITALS, Case.MIXED):
        named += [f"{case}w{small}"]
        if len(small) > _SHORT:
            named += [f"{case}s{small[-3:]}", f"{case}p{small[:3]}", f"s{small[-4:]}"]
    if not small.isascii():
        named.append(f"{case}n")
    return [crc32(name.encode("utf-8", "surrogatepass")) % BUCKETS for name in named]


class Gate:
    """`weights`: 3 x BUCKETS (a word's own, as the one before, as the one behind); `cut`: the least score that passes."""

    def __init__(self, weights: np.ndarray, cut: float) -> None:
        # Of a word six buckets are read: lists are faster than an array there.
        self._weights: list[list[float]] = weights.T.tolist()
        self._cut = cut
        self._remembered: dict[str, tuple[float, float, float]] = {}

    @classmethod
    def load(cls, path: Path, cut: float) -> "Gate":
        with np.load(path, allow_pickle=False) as stored:
            return cls(stored["weights"], cut)

    def blocks(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield (start, text) of the parts worth reading: stretches that pass, joined with their neighbours, at most some 2,000 characters."""
        stretches = list(stretches_of(text))
        scores = [self.score(text, start, end) for start, end in stretches]
        # What is out of reach for prose is not looked at for code.
        codelike = [
            score >= self._cut - _LENIENT and _CODE.search(text, start, end) is not None
            for (start, end), score in zip(stretches, scores, strict=True)
        ]
        cuts = [self._cut + (_STRICTER if code else 0) for code in codelike]
        passed = [
            scores[place] >= cuts[place] and (not codelike[place] or may_name(text, start, end))
            for place, (start, end) in enumerate(stretches)
        ]
        wanted = [
            passed[place]
            or (
                any(passed[max(0, place - 1) : place + 2])
                and scores[place] >= cuts[place] - _LENIENT
                and not _is_statement(text, *stretches[place])
            )
            for place in range(len(stretches))
        ]
        for first, last in rows_wanted(stretches, wanted):
            begin = with_line_before(text, stretches, wanted, first, last)
            yield begin, text[begin : stretches[last][1]]

    def score(self, text: str, start: int, end: int) -> float:
        """Return the score of the likeliest name in `text[start:end]`."""
        known = [self._remembered.get(form) or self._of(form) for form in forms_of(text, start, end)]
        if not known:
            return float("-inf")
        before = (_NOTHING, *known)
        behind = (*known[1:], _NOTHING)
        return max(own[0] + last[1] + following[2] for own, last, following in zip(known, before, behind, strict=False))

    def _of(self, form: str) -> tuple[float, float, float]:
        rows = [self._weights[bucket] for bucket in features_of(form)]
        own, before, behind = map(sum, zip(*rows, strict=True))
        known = (own, before, behind)
        if is_worth_remembering(form) and len(self._remembered) < _REMEMBERED:
            self._remembered[form] = known
        return known


def _is_statement(text: str, start: int, end: int) -> bool:
    """Return whether a line of code says nothing of what stands beside it, as a tag or a key does, and names nobody itself."""
    return (
        _STATEMENT.match(text, start, end) is not None
        and _CODE.search(text, start, end) is not None
        and not may_name(text, start, end)
    )


def with_line_before(
    text: str, stretches: Sequence[tuple[int, int]], wanted: Sequence[bool], first: int, last: int
) -> int:
    """Return where to begin to read stretches: a line of a word or two with the one before, which often says what it is ("Your name?")."""
    begin, end = stretches[first][0], stretches[last][1]
    if end - begin < _FEW and first and not wanted[first - 1]:
        return _from_before(text, *stretches[first - 1])
    return begin


def _from_before(text: str, start: int, end: int) -> int:
    """Return where to begin to read a short line behind [start, end): there, unless that is long or a statement."""
    return start if end - start < _NEAR and not _is_statement(text, start, end) else end


def rows_wanted(stretches: Sequence[tuple[int, int]], wanted: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of neighbouring stretches that are wanted, of some 2,000 characters at most."""
    first = -1
    for place, (_, stop) in enumerate(stretches):
        if first >= 0 and (not wanted[place] or stop - stretches[first][0] > _LARGEST):
            yield first, place - 1
            first = -1
        if wanted[place] and first < 0:
            first = place
    if first >= 0:
        yield first, len(stretches) - 1


def stretches_of(text: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences and lines of `text`, one behind the other, nothing left out, none longer than 2,000 characters."""
    at = 0
    for match in _END.finditer(text):
        if match.group()[0] == "." and _shortens(text, match.start()):
            continue
        yield from _pieces(at, match.end())
        at = match.end()
    yield from _pieces(at, len(text))


def _shortens(text: str, stop: int) -> bool:
    """Return whether the full stop at `stop` stands behind an initial or a short title."""
    word = text[max(0, stop - _TITLE_LENGTH - 1) : stop].rpartition(" ")[2]
    return len(word) <= _TITLE_LENGTH and word[:1].isupper()


def _pieces(start: int, end: int) -> Iterator[tuple[int, int]]:
    for at in range(start, end, _LARGEST):
        yield at, min(end, at + _LARGEST)
