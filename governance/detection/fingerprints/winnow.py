"""Grams of tokens in three layers, and which of them an index keeps.

EXACT survives white space and capitals, and knows remarks and documents too. RENAMED survives other names as well: each name is the distance to where it
stood before inside the gram (Baker's parameterised match), literals are all alike. SAID are the lines of quoted texts and remarks, which
stay when names are changed.
Winnowing: any shared run of width + window - 1 tokens shares a kept gram, and nothing shorter than the width matches.
Source: Schleimer, Wilkerson, Aiken, "Winnowing: local algorithms for document fingerprinting", SIGMOD 2003.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from .keyed import Domain, Hashes, mixed
from .keywords import RESERVED, among, unusual
from .phrases import LEAST_LETTERS, LEAST_WORDS, phrases_of
from .tokens import WORD, Places, Quiet, Tokens, code_of, quiet_of, tokens_of


@dataclass(frozen=True, slots=True)
class Layer:
    """`width` tokens make a gram, of `window` neighbours one is kept.

    A hit needs so many different grams, that cover so many tokens, with so many different words that are not usual ones, in which so
    many different threes of neighbours stand, and all this together of so much weight. In a layer of lines six letters count as a token.
    A word of `long_word` letters or more weighs twice: hardly two people write one together alike.
    """

    domain: Domain
    width: int
    window: int
    least_grams: int
    least_tokens: int
    least_words: int
    least_weight: int
    gap: int  # tokens between two grams of one passage
    strict: bool  # its grams follow one another line by line: a shape that is met here and there says nothing
    least_threes: int = 0
    long_word: int | None = None

    def is_telling(self, tokens: int, words: "Unusual", threes: int) -> bool:
        """Say whether so much tells where it is from: few words ask for a long passage, a plain shape for more of both.

        `threes` are counted where the layer asks for some, and are else 0.
        """
        enough = tokens >= self.least_tokens and words.all >= self.least_words and threes >= self.least_threes
        return enough and weight(tokens, words) + _TOKENS_OF_A_THREE * threes >= self.least_weight


class Unusual(NamedTuple):
    """How many different words may tell where they are from, and how many of those are long ones, where the layer weighs them."""

    all: int
    long: int


def weight(tokens: int, words: Unusual) -> int:
    """Return how much so many tokens with these words say."""
    return tokens + _TOKENS_OF_A_WORD * (words.all + words.long)


# Chosen where false hits on packages that are not in a register and missed excerpts of those that are balance: `./dev bench detect source`.
_TOKENS_OF_A_WORD, _TOKENS_OF_A_THREE = 4, 2
EXACT = Layer(
    Domain.EXACT,
    width=16,
    window=5,
    least_grams=2,
    least_tokens=18,
    least_words=3,
    least_weight=46,
    gap=64,
    strict=False,
    long_word=12,
)
RENAMED = Layer(
    Domain.RENAMED,
    width=32,
    window=5,
    least_grams=2,
    least_tokens=34,
    least_words=4,
    least_weight=124,
    gap=44,
    strict=True,
    least_threes=18,
)
SAID = Layer(
    Domain.SAID,
    width=1,
    window=1,
    least_grams=2,
    least_tokens=12,
    least_words=2,
    least_weight=24,
    gap=44,
    strict=True,
)
LAYERS = (EXACT, RENAMED, SAID)

_LEAST_DIFFERENT = 6  # tables of zeros and rows of brackets are no text of anybody's
_LETTERS_OF_A_TOKEN = 6
_LEAST_BACK, _LEAST_NAMES, _LEAST_SIGNS = 1, 8, 6  # prose has fewer signs than any code
# Names how grams are made: a register or list of another form would silently know nothing. Raise the first number when hashes change.
_LEASTS = (_LEAST_BACK, _LEAST_NAMES, _LEAST_SIGNS, LEAST_LETTERS, LEAST_WORDS)
FORM = ":".join(map(str, (3, *((layer.width, layer.window) for layer in LAYERS), *_LEASTS)))
_BASE = np.uint64(0xD1B54A32D192ED03)
_LITERAL, _FRESH = np.uint64(0x5851F42D4C957F2D), np.uint64(0x14057B7EF767814F)
_BACK = mixed(np.arange(RENAMED.width + 1, dtype=np.uint64) + np.uint64(0x2545F4914F6CDD1D))
_NEVER = 255
_BLOCK_QUOTES, _BEGUN_INSIDE = (b'"""', b"'''"), 16 * 1024
_Values = tuple[NDArray[np.uint8], NDArray[np.bool_], Hashes, Hashes]
_BLOCK = (
    1024  # tokens at a time: what is worked on, a row for every token of a gram, then stays in the processor's cache
)
# By what each token of a gram is multiplied, in columns: a gram is looked at as one row for each of its tokens.
_POWERS = {
    width: np.array([[pow(int(_BASE), power, 1 << 64)] for power in reversed(range(width))], dtype=np.uint64)
    for width in (EXACT.width, RENAMED.width)
}
_EXACT_LEFT = np.arange(EXACT.width, 0, -1, dtype=np.uint8)[:, None]
_RENAMED_OFFSETS = np.arange(RENAMED.width, dtype=np.uint8)[:, None]


@dataclass(frozen=True, slots=True)
class Grams:
    """`hashes[i]` is the open hash of the gram that begins at token `places[i]`."""

    layer: Layer
    hashes: Hashes
    places: Places
    tokens: Tokens

    def unusual(self, places: Places) -> Unusual:
        """Return which different words of the grams at these places may tell where they are from; of a layer of lines, which lines.

        Not those between the grams: what was written there is somebody else's.
        """
        part = self.tokens.at(np.unique((places[:, None] + np.arange(self.layer.width)).ravel()))
        telling = unusual(part)
        hashes, firsts = np.unique(part.hashes[telling], return_index=True)
        if self.layer.long_word is None:
            return Unusual(len(hashes), 0)
        letters = (part.ends - part.starts)[telling][firsts]
        return Unusual(len(hashes), int(np.count_nonzero(letters >= self.layer.long_word)))

    def covered(self, places: Places) -> int:
        """Return how many tokens the grams at these different places, in order, cover together."""
        if self.layer is SAID:
            return int((self.tokens.ends[places] - self.tokens.starts[places]).sum()) // _LETTERS_OF_A_TOKEN
        return int(np.minimum(np.diff(places), self.layer.width).sum()) + self.layer.width

    def threes(self, first: int, last: int) -> int:
        """Return how many different threes of neighbours are among tokens first..last, names being distances."""
        part = slice(first, last + 1)
        name, _, fresh = _kinds(self.tokens, part)
        distance = _distance_back(self.tokens.hashes[part], name).astype(np.uint64)
        values = np.where(name, distance, fresh)
        return len(np.unique((values[:-2] * _BASE + values[1:-1]) * _BASE + values[2:]))

    @property
    def starts(self) -> Places:
        return self.tokens.starts[self.places]

    @property
    def ends(self) -> Places:
        return self.tokens.ends[self.places + self.layer.width - 1]


def grams_of(raw: bytes) -> Iterator[Grams]:
    """Yield the telling grams of a text, one of each layer."""
    tokens = tokens_of(raw)
    yield exact_grams(tokens)
    yield from _without_names(raw, tokens, quiet_of(raw))


def excerpt_grams(raw: bytes) -> Iterator[Grams]:
    """As `grams_of`, for a part of a text: where block quotes stand it may have begun inside one, and is read both ways round.

    The second way for some pages behind the first such quote: whoever begins there is found by them.
    """
    tokens = tokens_of(raw)
    yield exact_grams(tokens)
    yield from _without_names(raw, tokens, quiet_of(raw))
    quotes = [place for mark in _BLOCK_QUOTES if (place := raw.find(mark)) >= 0]
    if quotes:
        end = raw.find(b"\n", min(quotes) + _BEGUN_INSIDE)
        begun = raw[:end] if end >= 0 else raw
        yield from _without_names(begun, tokens.until(len(begun)), quiet_of(begun, inside=True))


def _without_names(raw: bytes, tokens: Tokens, quiet: Quiet) -> Iterator[Grams]:
    yield renamed_grams(code_of(raw, tokens, quiet))
    said = phrases_of(raw, tokens, quiet)
    yield Grams(SAID, said.hashes, np.arange(len(said.hashes)), said)


def exact_grams(tokens: Tokens) -> Grams:
    count = len(tokens.hashes) - EXACT.width + 1
    if count <= 0:
        return _no_grams(EXACT, tokens)
    hashes = _summed(tokens.hashes, EXACT.width)
    places = np.flatnonzero(_varied(tokens.hashes))
    return Grams(EXACT, mixed(hashes[places]), places, tokens)


def _summed(hashes: Hashes, width: int) -> Hashes:
    """Return the hash of every gram: a polynomial of its tokens' hashes, the first in the highest power."""
    count = len(hashes) - width + 1
    sums = np.zeros(count, dtype=np.uint64)
    for low in range(0, count, _BLOCK):
        part = sums[low : low + _BLOCK]
        np.sum(_windows(hashes[low:], width, len(part)) * _POWERS[width], axis=0, out=part)
    return sums


def _windows(column: NDArray[Any], width: int, count: int) -> NDArray[Any]:
    """Return `width` rows of which row i is the column from its place i on, without a copy."""
    return np.ndarray((width, count), column.dtype, column, strides=column.strides * 2)


def _varied(hashes: Hashes) -> NDArray[np.bool_]:
    """Say of every gram whether it has at least six different tokens: those whose like comes not again before its end."""
    gaps = _gap_to_next(hashes)
    count = len(hashes) - EXACT.width + 1
    different = np.zeros(count, dtype=np.uint8)
    for low in range(0, count, _BLOCK):
        part = different[low : low + _BLOCK]
        windows = _windows(gaps[low:], EXACT.width, len(part))
        np.sum(windows >= _EXACT_LEFT, axis=0, dtype=np.uint8, out=part)
    return different >= _LEAST_DIFFERENT


def _gap_to_next(hashes: Hashes) -> NDArray[np.uint8]:
    order = np.argsort(hashes, kind="stable")
    same = hashes[order[1:]] == hashes[order[:-1]]
    gaps = np.full(len(hashes), _NEVER, dtype=np.uint8)
    gaps[order[:-1][same]] = np.minimum(np.diff(order)[same], _NEVER)
    return gaps


def renamed_grams(tokens: Tokens) -> Grams:
    width, count = RENAMED.width, len(tokens.hashes) - RENAMED.width + 1
    if count <= 0:
        return _no_grams(RENAMED, tokens)
    name, word, fresh = _kinds(tokens, slice(None))
    distance = _distance_back(tokens.hashes, name)
    novel = _novel(distance)
    back = np.where(distance < width, _BACK[np.minimum(distance, width)], fresh)
    hashes, backs = np.zeros(count, dtype=np.uint64), np.zeros(count, dtype=np.uint8)
    for low in range(0, count, _BLOCK):
        high = min(count, low + _BLOCK)
        _roll(hashes[low:high], backs[low:high], (distance[low:], novel[low:], back[low:], fresh[low:]))
    telling = (_in_each(word & ~tokens.digits) >= _LEAST_NAMES) & (_in_each(~word) >= _LEAST_SIGNS)
    places = np.flatnonzero((backs >= _LEAST_BACK) & telling)
    return Grams(RENAMED, mixed(hashes[places]), places, tokens)


def _kinds(tokens: Tokens, part: slice) -> tuple[NDArray[np.bool_], NDArray[np.bool_], Hashes]:
    """Return which tokens are names and which words, and what each stands for when nothing like it stood before."""
    hashes, digits, word = tokens.hashes[part], tokens.digits[part], tokens.kinds[part] == WORD
    name = word & ~among(RESERVED, hashes) & ~digits
    return name, word, np.where(name, _FRESH, np.where(digits, _LITERAL, hashes))


def _in_each(marked: NDArray[np.bool_]) -> Places:
    """Count the marked tokens of every gram."""
    so_far = np.cumsum(np.concatenate(([0], marked)))
    counts: Places = so_far[RENAMED.width :] - so_far[: -RENAMED.width]
    return counts


def _roll(hashes: Hashes, backs: NDArray[np.uint8], values: "_Values") -> None:
    """Hash the grams of one block in place: a name refers back only when it stood before inside the same gram."""
    distance, novel, back, fresh = (_windows(column, RENAMED.width, len(hashes)) for column in values)
    refers = distance <= _RENAMED_OFFSETS
    told = np.where(refers, back, fresh)
    told *= _POWERS[RENAMED.width]
    np.sum(told, axis=0, out=hashes)
    np.sum(refers & novel, axis=0, dtype=np.uint8, out=backs)


def _distance_back(hashes: Hashes, name: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return for each name how many tokens ago it stood before, `_NEVER` when that is far or never."""
    places = np.flatnonzero(name)
    own = hashes[places]
    order = np.argsort(own, kind="stable")
    same = own[order[1:]] == own[order[:-1]]
    distance = np.full(len(hashes), _NEVER, dtype=np.uint8)
    later, before = places[order[1:][same]], places[order[:-1][same]]
    distance[later] = np.minimum(later - before, _NEVER)
    return distance


def _novel(distance: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Say which names refer back over another distance than the one before them: like lines one after another do not."""
    places = np.flatnonzero(distance < RENAMED.width)
    novel = np.zeros(len(distance), dtype=bool)
    novel[places[1:]] = distance[places[1:]] != distance[places[:-1]]
    return novel


def _no_grams(layer: Layer, tokens: Tokens) -> Grams:
    return Grams(layer, np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64), tokens)


def winnowed(grams: Grams) -> Grams:
    """Return the grams to keep: the smallest of every window of neighbours, the last one when several are."""
    hashes, window = grams.hashes, grams.layer.window
    if len(hashes) <= window:
        kept = np.array([int(np.argmin(hashes))] if len(hashes) else [], dtype=np.int64)
    else:
        windows = sliding_window_view(hashes, window)
        kept = np.unique(np.arange(len(windows)) + window - 1 - np.argmin(windows[:, ::-1], axis=1))
    return Grams(grams.layer, hashes[kept], grams.places[kept], grams.tokens)
