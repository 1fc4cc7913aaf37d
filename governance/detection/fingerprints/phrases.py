"""What is said in code: quoted texts and remarks, line by line. Whoever gives code other names leaves these as they are."""

import numpy as np

from .keyed import mixed
from .keywords import unusual
from .tokens import WEIGHTS, WORD, Places, Quiet, Tokens

LEAST_LETTERS, LEAST_WORDS = 8, 2  # of a line that says something


def phrases_of(raw: bytes, tokens: Tokens, quiet: Quiet) -> Tokens:
    """Return each line of the texts and remarks in `quiet` as one token, by its words alone. `tokens` are those of the whole text `raw`."""
    starts, ends = quiet.starts[quiet.said], quiet.ends[quiet.said]
    line_ends = np.flatnonzero(np.frombuffer(raw, dtype=np.uint8) == ord("\n"))
    stretch = np.searchsorted(starts, tokens.starts, side="right") - 1
    inside = (stretch >= 0) & (tokens.kinds == WORD)
    inside[inside] = tokens.starts[inside] < ends[stretch[inside]]
    words = np.flatnonzero(inside)
    if not len(words):
        return _as_tokens(tokens, words, words, words)
    line = np.searchsorted(line_ends, tokens.starts[words])
    begins = np.flatnonzero(np.concatenate(([True], (np.diff(line) != 0) | (np.diff(stretch[words]) != 0))))
    letters = np.add.reduceat(tokens.ends[words] - tokens.starts[words], begins)
    telling = (letters >= LEAST_LETTERS) & (np.diff(begins, append=len(words)) >= LEAST_WORDS)
    # What everybody calls things says nothing: read the wrong way round, `def __init__(self, *args, **kwargs)` is a quoted line too.
    telling &= np.logical_or.reduceat(unusual(tokens.at(words)), begins)
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
