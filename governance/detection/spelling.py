"""Undo ways of writing a value that a reader puts together again: apart, in pieces, in words, backwards."""

import re
from collections.abc import Callable, Iterator

from .edits import Edit

Undo = Callable[[str, int, int], Iterator[Edit]]

_DIGITS = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "null": "0", "eins": "1", "zwei": "2", "drei": "3", "vier": "4", "fünf": "5", "sechs": "6", "sieben": "7", "acht": "8", "neun": "9",
}  # fmt: skip
_DIGIT_WORD = "|".join(_DIGITS)
_GAP = r"[\s,\-./]{1,3}"
# Letters with single spaces between; two spaces part words.
_APART = re.compile(r"(?<![A-Za-z0-9@._+\-/=])(?:[A-Za-z0-9@._+\-/=] ){7,}[A-Za-z0-9@._+\-/=](?![A-Za-z0-9@._+\-/=])")
_CONCATENATED = re.compile(r"(?<=[\w+/=@.\-])([\"'])\s{0,4}[+.&]\s{0,4}([\"'])(?=[\w+/=@.\-])")
_TAGGED = re.compile(r"(?<=\w)(?:<!--[^<>]{0,80}-->|</?[A-Za-z][^<>]{0,80}>){1,4}(?=[\w@.])")
# The raw view shows the escape sign of a terminal's colour as a space.
_COLOURED = re.compile(r"(?<=\w) \[[0-9;]{1,8}m")
_EMPHASISED = re.compile(r"(?<=\w)(?:\*{1,3}|`|~~)(?=[\w@.])")
_IN_WORDS = re.compile(rf"\b(?:(?:{_DIGIT_WORD}){_GAP}){{6,}}(?:{_DIGIT_WORD})\b", re.IGNORECASE)
_ONE_WORD = re.compile(_DIGIT_WORD, re.IGNORECASE)
_AT = re.compile(r"(?<=\w)\s?[\[({<]\s?(at|dot|punkt)\s?[\])}>]\s?(?=\w)", re.IGNORECASE)
_GROUPED = re.compile(r"(?<!\w)(?:[A-Z]{2}\d{2}|\d{4})([._/|:;,~*]{1,2})(?:[A-Z0-9]{4}\1){2,7}[A-Z0-9]{1,4}(?!\w)")
_GROUP_GAP = re.compile(r"[._/|:;,~*]{1,2}")
_DIGITS_APART = re.compile(r"(?<![\w.])\d(?:([ ._/|:;,~*\-]{1,3})\d)(?:\1\d){7,17}(?!\w)")
_NO_DIGITS = re.compile(r"\D+")
_BACKWARDS = re.compile(
    r"(?<!\S)(?:(?:moc|gro|ten|ude|vog|ue|ed|rf|ti|se|ln|ku|elpmaxe)\.[\w.\-]{2,60}@[\w.+\-]{1,64}|[A-Za-z0-9]{36,80}_(?:phg|ohg|shg|rhg)"
    r"|[A-Z0-9]{16}A(?:IK|IS)A|\d{12,30}[A-Z]{2}|\d{4}-\d{2}-\d{3})(?![\w@])"
)


def _removing(pattern: re.Pattern[str]) -> Undo:
    def edits(text: str, low: int, high: int) -> Iterator[Edit]:
        return (Edit(match.start(), match.end(), "") for match in pattern.finditer(text, low, high))

    return edits


def _apart(text: str, low: int, high: int) -> Iterator[Edit]:
    for match in _APART.finditer(text, low, high):
        yield from (Edit(at, at + 1, "") for at in range(match.start() + 1, match.end(), 2))


def _digits_apart(text: str, low: int, high: int) -> Iterator[Edit]:
    for match in _DIGITS_APART.finditer(text, low, high):
        yield from (Edit(gap.start(), gap.end(), "") for gap in _NO_DIGITS.finditer(text, match.start(), match.end()))


def _in_words(text: str, low: int, high: int) -> Iterator[Edit]:
    for match in _IN_WORDS.finditer(text, low, high):
        digits = (_DIGITS[word.lower()] for word in _ONE_WORD.findall(match.group()))
        yield Edit(match.start(), match.end(), "".join(digits))


def _at_and_dot(text: str, low: int, high: int) -> Iterator[Edit]:
    for match in _AT.finditer(text, low, high):
        yield Edit(match.start(), match.end(), "@" if match[1].lower() == "at" else ".")


def _grouped(text: str, low: int, high: int) -> Iterator[Edit]:
    for match in _GROUPED.finditer(text, low, high):
        for gap in _GROUP_GAP.finditer(text, match.start(), match.end()):
            yield Edit(gap.start(), gap.end(), " ", linear=gap.end() - gap.start() == 1)


def _backwards(text: str, low: int, high: int) -> Iterator[Edit]:
    for match in _BACKWARDS.finditer(text, low, high):
        yield Edit(match.start(), match.end(), match.group()[::-1])


# Signs are in Hyperscan's words: most texts show none, and are then not read again.
SPELLINGS: tuple[tuple[Undo, str], ...] = (
    # Spaces around any sign: with the letters named, this one expression takes as long as all the others.
    (_apart, " " + 6 * "[^ ] "),
    (_digits_apart, r"\d(?:[ ._/|:;,~*\-]{1,3}\d){8}"),
    (_removing(_CONCATENATED), r"[\w+/=@.\-][\"']\s{0,4}[+.&]\s{0,4}[\"'][\w+/=@.\-]"),
    (_removing(_TAGGED), r"\w(?:<[^<>]{1,80}>){1,4}[\w@.]"),
    (_removing(_COLOURED), r"\w \[[0-9;]{1,8}m"),
    (_removing(_EMPHASISED), r"\w(?:\*{1,3}|`|~~)[\w@.]"),
    (_in_words, rf"(?i)(?:(?:{_DIGIT_WORD}){_GAP}){{6}}"),
    (_at_and_dot, r"(?i)\w\s?[\[({<]\s?(?:at|dot|punkt)\s?[\])}>]\s?\w"),
    (_grouped, r"(?:[A-Z]{2}\d{2}|\d{4})[._/|:;,~*]{1,2}[A-Z0-9]{4}[._/|:;,~*]"),
    (_backwards, r"\b(?:moc|gro|ten|ude|vog|ue|ed|rf|ti|se|ln|ku|elpmaxe)\.[\w.\-]{2,32}@|_(?:phg|ohg|shg|rhg)\b|[A-Z0-9]{16}A(?:IK|IS)A\b|\b\d{12,30}[A-Z]{2}\b|\b\d{4}-\d{2}-\d{3}\b"),
)  # fmt: skip
