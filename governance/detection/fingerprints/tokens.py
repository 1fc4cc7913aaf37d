"""A text as a row of hashed tokens: words in small letters, single signs; white space drops out, comments where asked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .keyed import Hashes, mixed

Places = NDArray[np.int64]
Bytes = NDArray[np.uint8]

SPACE, WORD, SIGN = 0, 1, 2
_BASE = 0x9E3779B97F4A7C15  # odd: no information is multiplied away
_BLOCK = 1 << 13  # bytes read at a time: of more the arrays leave the processor's cache
_NO_WORD = re.compile(rb"[^A-Za-z0-9_\x7f-\xff]")
_LONGEST = 64  # bytes of a word that count: enough to tell any two apart that people write
# Of a thing's place among its neighbours; what stands further on counts nothing.
WEIGHTS = np.array([pow(_BASE, power, 1 << 64) for power in range(_LONGEST)] + [0], dtype=np.uint64)
# Every part is bounded or ends with its line, so that no text can make this slow. One pass for all: a quote inside a comment opens no text, and `#` inside a text no comment.
# Each way begins with a sign of its own, at which alone the search stops, and tries first what is read in one go: a text without escapes, a block in few pieces.
_QUIET = re.compile(
    rb'"(?:""(?:(?:[^"\\]{1,400}+|\\.|"(?!"")){0,50}+"""|(?:[^"\\]|\\.|"(?!"")){0,20000}+""")'
    rb'|[^"\\\n]{0,200}+"|(?:[^"\\\n]|\\.){0,200}+")'
    rb"|'(?:''(?:(?:[^'\\]{1,400}+|\\.|'(?!'')){0,50}+'''|(?:[^'\\]|\\.|'(?!'')){0,20000}+''')"
    rb"|[^'\\\n]{0,200}+'|(?:[^'\\\n]|\\.){0,200}+')"
    rb"|`[^`\n]{0,200}+`"
    rb"|#[^\n]*+|/(?:/[^\n]*+|\*(?:[^*\n]++|\*(?!/))*+(?:\*/)?)"
    rb"|\n[ \t]*+(?:\*[^\n]*+|--[^\n]*+|(?P<import>(?:from|import|using|use|package)[ \t][^\n]*+))",
    re.DOTALL,
)
_QUOTES = frozenset(b"\"'`")
_END_OF_LINE = ord("\n")


def _classes() -> Bytes:
    table = np.full(256, SIGN, dtype=np.uint8)
    table[:33] = SPACE
    for byte in b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_":
        table[byte] = WORD
    table[127:] = WORD
    return table


_CLASS = _classes()


@dataclass(frozen=True, slots=True)
class Tokens:
    """`hashes[i]` is the hash of token i, which is bytes [starts[i], ends[i]) of the UTF-8 text; `kinds[i]` WORD or SIGN."""

    hashes: Hashes
    starts: Places
    ends: Places
    kinds: Bytes
    digits: NDArray[np.bool_]  # a word that begins with a digit

    def at(self, places: Places) -> "Tokens":
        return Tokens(*(getattr(self, column)[places] for column in self.__slots__))

    def until(self, byte: int) -> "Tokens":
        """Return the tokens that begin before that byte."""
        count = int(np.searchsorted(self.starts, byte))
        return Tokens(*(getattr(self, column)[:count] for column in self.__slots__))


def tokens_of(raw: bytes) -> Tokens:
    """Return the tokens of UTF-8 text, vectorised: about 50 MB/s."""
    blocks = list(token_blocks(raw))
    if len(blocks) == 1:
        return blocks[0]
    return Tokens(*(np.concatenate([getattr(block, column) for block in blocks]) for column in Tokens.__slots__))


def token_blocks(raw: bytes) -> Iterator[Tokens]:
    """Yield the tokens of `tokens_of` some thousands at a time, for those who keep few of them."""
    return (_tokens_of_block(raw[low:high], low) for low, high in _blocks(raw))


def _blocks(raw: bytes) -> Iterator[tuple[int, int]]:
    """Yield where the text is cut, never inside a word."""
    low, length = 0, len(raw)
    while length - low > _BLOCK:
        after = _NO_WORD.search(raw, low + _BLOCK)
        high = after.start() if after else length
        yield low, high
        low = high
    if low < length or not length:
        yield low, length


def _tokens_of_block(raw: bytes, at: int) -> Tokens:
    text = np.frombuffer(raw.lower(), dtype=np.uint8)
    kinds = _CLASS[text]
    word = kinds == WORD
    starts_word, ends_word = word.copy(), word.copy()
    starts_word[1:] &= ~word[:-1]
    ends_word[:-1] &= ~word[1:]
    sign = kinds == SIGN
    starts = np.flatnonzero(starts_word | sign)
    ends = np.flatnonzero(ends_word | sign) + 1
    first = text[starts]
    digits = (first >= ord("0")) & (first <= ord("9"))
    return Tokens(_hashed(text, starts, ends), starts + at, ends + at, kinds[starts], digits)


def _hashed(text: Bytes, starts: Places, ends: Places) -> Hashes:
    """Hash every token at once: each byte by its place in its token, summed token by token.

    Each byte is weighed by its place in the block and summed up to there; what two sums differ by is divided by the weight of the
    token's first place. So no byte need know which token it is of.
    """
    if not len(starts):
        return np.zeros(0, dtype=np.uint64)
    weights, inverses = _block_weights(len(text))
    sums = np.zeros(len(text) + 1, dtype=np.uint64)
    values = text.astype(np.uint64)
    values += np.uint64(1)
    values *= weights
    np.cumsum(values, out=sums[1:])
    return mixed((sums[np.minimum(ends, starts + _LONGEST)] - sums[starts]) * inverses[starts])


def _block_weights(count: int) -> tuple[Hashes, Hashes]:
    """Return the powers of the base from 0 on, and of its inverse. A block of one long word has more places than others."""
    if count <= len(_BLOCK_WEIGHTS[0]):
        return _BLOCK_WEIGHTS[0][:count], _BLOCK_WEIGHTS[1]
    return _powers(_BASE, count), _powers(_INVERSE, count)


def _powers(base: int, count: int) -> Hashes:
    row = np.full(count, base, dtype=np.uint64)
    row[0] = 1
    powers: Hashes = np.multiply.accumulate(row)
    return powers


_INVERSE = pow(_BASE, -1, 1 << 64)
_BLOCK_WEIGHTS = (_powers(_BASE, 2 * _BLOCK), _powers(_INVERSE, 2 * _BLOCK))


def word_hash(word: str) -> int:
    """Return the hash `tokens_of` gives to one word."""
    return int(tokens_of(word.encode()).hashes[0])


@dataclass(frozen=True, slots=True)
class Quiet:
    """Where quoted texts, remarks and imports stand: bytes [starts[i], ends[i]), in order; `quoted[i]` a text, `said[i]` no import."""

    starts: Places
    ends: Places
    quoted: NDArray[np.bool_]
    said: NDArray[np.bool_]


def quiet_of(raw: bytes, *, inside: bool = False) -> Quiet:
    """Return what in a text is no code. `inside` says that the text begins within a block of quoted lines, as an excerpt may."""
    start = _closing(raw) if inside else 0
    spans = [(0, start, False, True)] if start else []
    # A line begins behind the end of another: one stands before the first.
    lined = b"\n" + raw
    for match in _QUIET.finditer(lined, start + 1 if start else 0):
        low, high = match.span()
        sign = lined[low]
        spans.append((low - (sign != _END_OF_LINE), high - 1, sign in _QUOTES, match.lastgroup != "import"))
    rows = np.array(spans, dtype=np.int64).reshape(-1, 4)
    return Quiet(rows[:, 0], rows[:, 1], rows[:, 2].astype(bool), rows[:, 3].astype(bool))


def _closing(raw: bytes) -> int:
    places = [place + 3 for mark in (b'"""', b"'''") if (place := raw.find(mark)) >= 0]
    return min(places, default=0)


def code_of(raw: bytes, tokens: Tokens, quiet: Quiet) -> Tokens:
    """Return the tokens of code alone, of the `tokens` of `raw`: nothing for a remark or an import, `0` for a quoted text.

    As if each text were written `0` and everything else left blank: the letter before a text (`f"..."`) is one word with it.
    """
    count = len(tokens.starts)
    firsts, afters = np.searchsorted(tokens.starts, quiet.starts), np.searchsorted(tokens.starts, quiet.ends)
    inside = np.cumsum(np.bincount(firsts, minlength=count + 1) - np.bincount(afters, minlength=count + 1))[:count] > 0
    text = firsts[quiet.quoted]
    hashes, ends = tokens.hashes.copy(), tokens.ends.copy()
    kinds, digits = tokens.kinds.copy(), tokens.digits.copy()
    hashes[text], ends[text], kinds[text], digits[text] = _ZERO, tokens.starts[text] + 1, WORD, True
    kept = ~inside
    kept[text] = True
    before = text[text > 0] - 1
    led = before[kept[before] & (tokens.kinds[before] == WORD) & (tokens.ends[before] == tokens.starts[before + 1])]
    if len(led):
        led = led[~np.isin(led, text)]
    if len(led):
        words = b" ".join(raw[tokens.starts[at] : tokens.ends[at]] + b"0" for at in led)
        hashes[led] = tokens_of(words).hashes
        ends[led] += 1
        kept[led + 1] = False
    return Tokens(hashes[kept], tokens.starts[kept], ends[kept], kinds[kept], digits[kept])


_ZERO = np.uint64(word_hash("0"))
