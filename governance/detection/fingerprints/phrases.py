"""What is said in code: quoted texts and remarks, line by line. Whoever gives code other names leaves these as they are."""

from collections.abc import Sequence

import numpy as np

from .keyed import mixed
from .tokens import WEIGHTS, WORD, Places, Tokens

LEAST_LETTERS, LEAST_WORDS = 8, 2  # of a line that says something


def phrases_of(raw: bytes, tokens: Tokens, quiet: Sequence[tuple[int, int]]) -> Tokens:
    """Return each line of the stretches `quiet` as one token, by its words alone. `tokens` are those of the whole text `raw`."""
    spans = np.array(quiet, dtype=np.int64).reshape(-1, 2)
    line_ends = np.flatnonzero(np.frombuffer(raw, dtype=np.uint8) == ord("\n"))
    stretch = np.searchsorted(spans[:, 0], tokens.starts, side="right") - 1
    inside = (stretch >= 0) & (tokens.kinds == WORD)
    inside[inside] = tokens.starts[inside] < spans[stretch[inside], 1]
    words = np.flatnonzero(inside)
    if not len(words):
        return _as_tokens(tokens, words, words, words)
    line = np.searchsorted(line_ends, tokens.starts[words])
    begins = np.flatnonzero(np.concatenate(([True], (np.diff(line) != 0) | (np.diff(stretch[words]) != 0))))
    letters = np.add.reduceat(tokens.ends[words] - tokens.starts[words], begins)
    telling = (letters >= LEAST_LETTERS) & (np.diff(begins, append=len(words)) >= LEAST_WORDS)
    return _as_tokens(tokens, words, begins, np.flatnonzero(telling))


def _as_tokens(tokens: Tokens, words: Places, begins: Places, kept: Places) -> Tokens:
    """Return the phrases `kept`, of those that begin at `words[begins]`."""
    lengths = np.diff(np.append(begins, len(words)))
    offsets = np.arange(len(words)) - np.repeat(begins, lengths)
    weighed = tokens.hashes[words] * WEIGHTS[np.minimum(offsets, len(WEIGHTS) - 1)]
    hashes = np.add.reduceat(weighed, begins) if len(begins) else weighed
    lasts = begins + lengths - 1
    return Tokens(
        hashes=mixed(hashes[kept]),
        starts=tokens.starts[words[begins[kept]]],
        ends=tokens.ends[words[lasts[kept]]],
        kinds=np.full(len(kept), WORD, dtype=np.uint8),
        digits=np.zeros(len(kept), dtype=bool),
    )
