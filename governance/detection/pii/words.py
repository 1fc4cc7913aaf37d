"""Text as the names model reads it: words with their places, how they are written, and the pieces of the model's vocabulary.

The pieces are those of BERT's WordPiece (Devlin et al., 2019) in small letters without accents: a word is the longest piece of the
vocabulary that begins it, then the longest that continues, and so on.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

# BERT counts an underscore as punctuation and every ideograph as a word.
_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3400-\u9fff\uf900-\ufaff]+|[^\w\s]|_")
_LONGEST_WORD = 100  # characters; a longer one is unknown to the vocabulary
_REMEMBERED = 1 << 15  # words whose pieces are kept
_SHORT = 4


class Case(IntEnum):
    """How a word is written. The vocabulary has small letters only, and capitals say much about names."""

    NONE = 0
    SMALL = 1
    TITLE = 2
    CAPITALS = 3
    INITIAL = 4
    MIXED = 5
    DIGITS = 6
    SIGN = 7


class Word(NamedTuple):  # made by the thousand, in half the time of a dataclass
    start: int
    end: int
    form: str


def words_of(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Return the words of `text[start:end]` with their places in `text`; every sign is a word of its own."""
    found = _WORD.finditer(text, start, len(text) if end is None else end)
    return [Word(match.start(), match.end(), match.group()) for match in found]


def forms_of(text: str, start: int, end: int) -> list[str]:
    """Return the words of `text[start:end]` without their places."""
    return _WORD.findall(text, start, end)


def case_of(form: str) -> Case:
    if form.isalpha():
        if form.islower():
            return Case.SMALL
        if form.isupper():
            return Case.INITIAL if len(form) == 1 else Case.CAPITALS
        return Case.TITLE if form[0].isupper() and form[1:].islower() else Case.MIXED
    if any(map(str.isdigit, form)):
        return Case.DIGITS
    return Case.MIXED if any(map(str.isalpha, form)) else Case.SIGN


def is_worth_remembering(form: str) -> bool:
    """Return whether a word may well come again: numbers and codes hardly do, and would fill the memory of a process."""
    return form.isalpha() or len(form) <= _SHORT


Reading = tuple[tuple[int, ...], int]  # the pieces of a word and its Case


class Vocabulary:
    """`pieces` in the order of their numbers, as in BERT's vocab.txt."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._numbers: Mapping[str, int] = {piece: number for number, piece in enumerate(pieces)}
        self._remembered: dict[str, Reading] = {}
        self.unknown, self.begin, self.end = (self._numbers[mark] for mark in ("[UNK]", "[CLS]", "[SEP]"))

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        return cls(path.read_text(encoding="utf-8").splitlines())

    def pieces(self, form: str) -> tuple[int, ...]:
        """Return the numbers of the pieces of a word, one or more."""
        return self.reading(form)[0]

    def reading(self, form: str) -> Reading:
        """Return the numbers of the pieces of a word, one or more, and how it is written."""
        known = self._remembered.get(form)
        if known is None:
            known = (self._split(_plain(form)), int(case_of(form)))
            if is_worth_remembering(form) and len(self._remembered) < _REMEMBERED:
                self._remembered[form] = known
        return known

    def _split(self, form: str) -> tuple[int, ...]:
        if len(form) > _LONGEST_WORD:
            return (self.unknown,)
        found: list[int] = []
        at = 0
        while at < len(form):
            piece, at = self._longest(form, at)
            if piece is None:
                return (self.unknown,)
            found.append(piece)
        return tuple(found) or (self.unknown,)

    def _longest(self, form: str, at: int) -> tuple[int | None, int]:
        for end in range(len(form), at, -1):
            piece = self._numbers.get(form[at:end] if at == 0 else "##" + form[at:end])
            if piece is not None:
                return piece, end
        return None, at


def _plain(form: str) -> str:
    small = form.lower()
    if small.isascii():
        return small
    return "".join(sign for sign in unicodedata.normalize("NFD", small) if unicodedata.category(sign) != "Mn")
