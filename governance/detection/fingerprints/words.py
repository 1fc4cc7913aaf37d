"""Texts as rows of words: letters and digits in small letters, everything else dropped. Many texts are read at once."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .keyed import Hashes, mixed
from .points import Points
from .tokens import WORD, Places, token_blocks

# Signs outside ASCII: curly quotes and dashes part words like their plain forms.
_STRANGE_SIGN = re.compile(r"[^\x00-\x7f\w]")
_BASE = np.uint64(0xA24BAED4963EE407)
_BLOCK = 16384  # words at a time: what is worked on then stays in the processor's cache


@dataclass(frozen=True, slots=True)
class Words:
    """Word i is code points [starts[i], ends[i]) of text `texts[i]`; `hashes[i]` is the hash of its small letters."""

    hashes: Hashes
    texts: Places
    starts: Places
    ends: Places

    def runs(self, width: int) -> tuple[Hashes, Places]:
        """Return the hash of every run of `width` words of one text, and the place of its first word."""
        count = len(self.hashes) - width + 1
        if count <= 0:
            return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
        places = np.flatnonzero(self.texts[:count] == self.texts[width - 1 :])
        hashes = np.full(count, width, dtype=np.uint64)
        for low in range(0, count, _BLOCK):
            block = hashes[low : low + _BLOCK]
            for offset in range(width):
                block *= _BASE
                block += self.hashes[low + offset : low + offset + len(block)]
            block[:] = mixed(block)
        return hashes[places], places


def words_of(texts: Sequence[str]) -> Words:
    """Return the words of the texts, one after the other; vectorised, 20 MB/s and more."""
    # Each text by itself: few of a batch are not ASCII, and one that grows when lowered is no reason to leave the others as they are.
    joined = "\n".join(map(_small, texts))
    raw = joined.encode("utf-8", "replace")
    hashes, first_bytes, end_bytes = (np.concatenate(column) for column in zip(*_words_in(raw), strict=True))
    to_points = Points.of(raw)
    starts, ends = to_points.of_many(first_bytes), to_points.of_many(end_bytes)
    lengths = np.array([len(text) + 1 for text in texts], dtype=np.int64)
    firsts = np.cumsum(lengths) - lengths
    numbers = np.searchsorted(firsts, starts, side="right") - 1
    return Words(hashes, numbers, starts - firsts[numbers], ends - firsts[numbers])


def _words_in(raw: bytes) -> Iterator[tuple[Hashes, Places, Places]]:
    """Yield hashes, starts and ends of the words, block by block: a text of signs alone leaves nothing behind."""
    for block in token_blocks(raw):
        kept = block.kinds == WORD
        yield block.hashes[kept], block.starts[kept], block.ends[kept]


def _small(text: str) -> str:
    if text.isascii():
        return text  # the tokens lower ASCII themselves
    text = _STRANGE_SIGN.sub(" ", text)
    if text.isascii():
        return text
    small = text.lower()
    return small if len(small) == len(text) else text  # a few letters grow when lowered: places come first
