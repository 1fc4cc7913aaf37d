"""The second look at what the gate let through: which of its sentences and lines may hold somebody, judged by three words on either side.

The gate scores a word by three weights, and lets plain prose through for its capitals. This is a small network over words: a vector for
each, of its pieces and of how it is written; seven of them side by side; one hidden layer; a score. It was trained to say what the names
model would find (training/sieve.py), at a hundredth of that model's cost.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from .gate import rows_wanted, stretches_of, with_line_before
from .words import Vocabulary, case_of, forms_of, is_worth_remembering

REACH = 3  # words on either side of the one that is judged
_PLACES = 2 * REACH + 1
WAYS, EDGE = 17, 16  # how a word is written, of one piece or of several; and the edge of a text
CUT = -3.0  # the least score that passes; training/sieve.py prints the table
_LENIENT = 2.0  # how much lower a neighbour of what passed may score
_REMEMBERED = 1 << 14  # words whose row of 336 numbers is kept: 22 MB when there are so many
_EDGES = [0] * REACH
_NOBODY = -99.0


def way_of(form: str, pieces: Sequence[int]) -> int:
    """Return how a word is written, 0 to 15: its case, and whether the vocabulary has it whole."""
    return 2 * int(case_of(form)) + (len(pieces) > 1)


class Sieve:
    """`arrays`: pieces x size, WAYS x size, size x (places x hidden) with a bias for each hidden, hidden with one bias."""

    def __init__(self, arrays: Mapping[str, np.ndarray], vocabulary: Vocabulary, cut: float = CUT) -> None:
        self._of_piece, self._of_way, self._hidden, self._bias, self._out, self._base = (
            np.ascontiguousarray(arrays[name], dtype=np.float32)
            for name in ("pieces", "ways", "hidden", "hidden_bias", "out", "out_bias")
        )
        self._vocabulary, self._cut = vocabulary, cut
        # What a word says at each of the seven places is a row. Rows are written as words come, so memory grows with them alone.
        self._rows = np.zeros((1 + _REMEMBERED, self._hidden.shape[1]), dtype=np.float32)
        self._rows[0] = self._of_way[EDGE] @ self._hidden
        self._row_of: dict[str, int] = {}

    @classmethod
    def load(cls, path: Path, vocabulary: Vocabulary, cut: float = CUT) -> "Sieve":
        with np.load(path, allow_pickle=False) as stored:
            return cls(dict(stored), vocabulary, cut)

    def parts(self, block: str) -> Iterator[tuple[int, str]]:
        """Yield (start, text) of what of a block of the gate is worth reading: stretches that pass, joined with their neighbours."""
        stretches = list(stretches_of(block))
        scores = self.scores(block, stretches)
        passed = [score >= self._cut for score in scores]
        wanted = [
            score >= self._cut - _LENIENT and any(passed[max(0, place - 1) : place + 2])
            for place, score in enumerate(scores)
        ]
        for first, last in rows_wanted(stretches, wanted):
            begin = with_line_before(block, stretches, wanted, first, last)
            yield begin, block[begin : stretches[last][1]]

    def scores(self, text: str, stretches: Sequence[tuple[int, int]]) -> list[float]:
        """Return for each stretch of `text` the score of its likeliest word."""
        each = [forms_of(text, start, end) for start, end in stretches]
        words = [form for forms in each for form in forms]
        if not words:
            return [_NOBODY] * len(stretches)
        scores, found, at = self._scores(words), [], 0
        for forms in each:
            found.append(float(scores[at : at + len(forms)].max()) if forms else _NOBODY)
            at += len(forms)
        return found

    def _scores(self, words: Sequence[str]) -> np.ndarray:
        """Return the score of each word, which sees those beside it."""
        count, width = len(words), len(self._bias)
        said = self._rows[[*_EDGES, *map(self._row, words), *_EDGES]]
        for place, word in enumerate(words, start=REACH):
            if word not in self._row_of:
                said[place] = self._said(word)
        heard = said[:count, :width] + self._bias
        for place in range(1, _PLACES):
            heard += said[place : place + count, place * width : (place + 1) * width]
        scores: np.ndarray = np.maximum(heard, 0, out=heard) @ self._out + self._base
        return scores

    def _row(self, word: str) -> int:
        """Return the number of a word's row, 0 when it has none and none is to be kept."""
        known = self._row_of.get(word)
        if known is None and is_worth_remembering(word) and len(self._row_of) < _REMEMBERED:
            known = self._row_of[word] = len(self._row_of) + 1
            self._rows[known] = self._said(word)
        return known or 0

    def _said(self, word: str) -> np.ndarray:
        """Return what a word says at each of the seven places.

        One word by itself, not all of a text at once: so it is the same beside any other, and too small a product for a
        library of linear algebra to wake more threads, which cost more than they do.
        """
        pieces = list(self._vocabulary.pieces(word))
        said: np.ndarray = (self._of_piece[pieces].mean(axis=0) + self._of_way[way_of(word, pieces)]) @ self._hidden
        return said
