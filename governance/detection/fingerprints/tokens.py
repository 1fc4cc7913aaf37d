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
_BLANK = 32
_BLOCK = 1 << 13  # bytes read at a time: of more the arrays leave the processor's cache
_NO_WORD = re.compile(rb"[^A-Za-z0-9_\x7f-\xff]")
_LONGEST = 64  # bytes of a word that count: enough to tell any two apart that people write
# Of a thing's place among its neighbours; what stands further on counts nothing.
WEIGHTS = np.array([pow(_BASE, power, 1 << 64) for power in range(_LONGEST)] + [0], dtype=np.uint64)
# Every part is bounded or ends with its line, so that no text can make this slow. One pass for all: a quote inside a comment opens no text, and `#` inside a text no comment.
_QUIET = re.compile(
    rb'(?P<block>"""(?:[^"\\]|\\.|"(?!"")){0,20000}?"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\')){0,20000}?\'\'\')'
    rb'|(?P<text>"(?:[^"\\\n]|\\.){0,200}"|\'(?:[^\'\\\n]|\\.){0,200}\'|`[^`\n]{0,200}`)'
    rb"|(?P<comment>//[^\n]*|#[^\n]*|/\*(?:(?!\*/)[^\n])*(?:\*/)?|(?m:^[ \t]*\*[^\n]*)|(?m:^[ \t]*--[^\n]*))"
    rb"|(?P<import>(?m:^[ \t]*(?:from|import|using|use|package)[ \t][^\n]*))",
    re.DOTALL,
)


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
    return Tokens(_hashed(text, kinds, starts, ends), starts + at, ends + at, kinds[starts], digits)


def _hashed(text: Bytes, kinds: Bytes, starts: Places, ends: Places) -> Hashes:
    """Hash every token at once: each byte by its place in its token, summed token by token."""
    if not len(starts):
        return np.zeros(0, dtype=np.uint64)
    lengths = ends - starts
    first = np.cumsum(lengths) - lengths
    offsets = np.arange(int(lengths.sum())) - np.repeat(first, lengths)
    values = text[kinds != SPACE].astype(np.uint64)
    values += np.uint64(1)
    values *= WEIGHTS[np.minimum(offsets, _LONGEST)]
    return mixed(np.add.reduceat(values, first))


def word_hash(word: str) -> int:
    """Return the hash `tokens_of` gives to one word."""
    return int(tokens_of(word.encode()).hashes[0])


def without_quiet(raw: bytes, *, inside: bool = False) -> tuple[bytes, list[tuple[int, int]]]:
    """Return code alone, and where quoted texts and remarks stood: blanks for remarks and imports, `0` for quoted text, places unchanged.

    `inside` says that the text begins within a block of quoted lines, as an excerpt may.
    """
    code = np.frombuffer(raw, dtype=np.uint8).copy()
    start = _closing(raw) if inside else 0
    code[:start] = _BLANK
    quiet = [(0, start)]
    for match in _QUIET.finditer(raw, start):
        low, high = match.span()
        code[low:high] = _BLANK
        if match.lastgroup in {"block", "text"}:
            code[low] = ord("0")
        if match.lastgroup != "import":
            quiet.append((low, high))
    return code.tobytes(), quiet


def _closing(raw: bytes) -> int:
    places = [place + 3 for mark in (b'"""', b"'''") if (place := raw.find(mark)) >= 0]
    return min(places, default=0)
