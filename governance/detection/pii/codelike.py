"""Which lines are prose, and which of the model's names are identifiers, products or versions instead."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from governance.detection.spans import Span

_LARGEST_BLOCK = 2000  # characters; the model's time and memory grow with the longest text of a batch
_CODE_LINE = re.compile(
    r"^\s*(?:def |class |import |from [\w.]+ import|return\b|if \(|for \(|while \(|else[:{ ]|elif |try[:{]|except\b.*:$|catch\b|func |fn |let |const |var |public |private |protected |static |async |await "
    r"|package |using |#include|#define|@\w+|</?\w+|[{}()\[\];]+\s*$|\$ |>>> |SELECT\b|INSERT\b|UPDATE\b|DELETE\b|CREATE\b|ALTER\b|FROM\b|WHERE\b|JOIN\b|GROUP BY|ORDER BY|\+\+\+ |--- |diff --git|@@ )"
    r"|[;{}]\s*$|\w\([^)]*\)\s*[;:{]?\s*$|\w+\s*[+\-*/|&]?=\s*\S|->|=>|::|^\s*[\w.\-]+\s*=|^\s*\}|\)\s*\{|==|!=|&&|\|\|"
)
_STRING = re.compile(r"\"[^\"\n]{3,400}\"|'[^'\n]{3,400}'|(?:#|//|--|/\*|\*)[ \t][^\n]{3,400}")
_REST = re.compile(r"[^\n]+")
_LOG_LINE = re.compile(
    r"^\s*(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |\[?(?:DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|TRACE|CRITICAL)\b|\s+at [\w.$]+\(|  File \")"
)
_TWO_CAPITALS = re.compile(r"[A-ZÀ-Þ][\w'’\-]+[ \t]+[A-ZÀ-Þ]")

_EDGES = " \t\r\n|,;:*>-–—•\"'"
_CUT_AT = re.compile(r"[\n|<>]|\s{3}|\\t")
_CODE_SIGNS = re.compile(r"[_(){}\[\]=<>;\\]")
_ABBREVIATION = 3  # letters: C4, S3, EKS
_NOT_A_NAME = re.compile(
    r"[\d_=<>{}()\[\]|\\/@#$%^*~`\"+:;]|(?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bDi)(?<!\bLa)(?<!\bLe)(?<=[a-z])[A-Z][a-z]|\.\w|--|^\W"
)
_TOUCHING = "_/\\=<>{}[]|@#$%^*~`"
# Products and roles that the model takes for people and places; a text file, because people read and extend it.
_WORDS_OF_THE_TRADE = frozenset((Path(__file__).parent / "trade_words.txt").read_text(encoding="utf-8").split())


def prose_blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield (start, text) of the parts worth reading for names.

    Prose lines stay together; of code lines come the strings and comments with two capitalised words, of logged lines those with
    two such words. Blocks end at line ends where they can, at spaces where they must.
    """
    begin, at = -1, 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        logged = bool(_LOG_LINE.match(line))
        if logged or _is_code(line):
            if begin >= 0:
                yield from _cut(text, begin, start)
                begin = -1
            for quoted in (_REST if logged else _STRING).finditer(line):
                if _TWO_CAPITALS.search(quoted.group()):
                    yield start + quoted.start(), quoted.group()
        elif begin < 0:
            begin = start
    if begin >= 0:
        yield from _cut(text, begin, at)


def whole_blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield (start, text) of everything, code as well."""
    yield from _cut(text, 0, len(text))


def _is_code(line: str) -> bool:
    return bool(_CODE_LINE.search(line)) and not line.rstrip().endswith((".", "?", "!", ","))


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    while start < end:
        stop = end
        if end - start > _LARGEST_BLOCK:
            limit = start + _LARGEST_BLOCK
            breaks = (text.rfind(mark, start + _LARGEST_BLOCK // 2, limit) for mark in ("\n", ". ", " "))
            stop = next((found + 1 for found in breaks if found > 0), limit)
        if not text[start:stop].isspace():
            yield start, text[start:stop]
        start = stop


def trimmed(text: str, span: Span) -> Span | None:
    """Return the span without the table lines, tags and further lines that the model took in; None when nothing is left."""
    value = text[span.start : span.end]
    lead = len(value) - len(value.lstrip(_EDGES))
    kept = _CUT_AT.split(value[lead:], maxsplit=1)[0].rstrip(_EDGES)
    return replace(span, start=span.start + lead, end=span.start + lead + len(kept)) if kept else None


def is_name(text: str, span: Span) -> bool:
    """Return whether a name that the model saw can be one: not an identifier, a product, a shout or a fragment of code."""
    value = text[span.start : span.end]
    if _NOT_A_NAME.search(value) or len(value) < 2:  # noqa: PLR2004 - an initial alone names nobody
        return False
    before, after = text[span.start - 1 : span.start], text[span.end : span.end + 1]
    if (before and before in _TOUCHING) or (after and after in _TOUCHING) or after == "(":
        return False
    words = value.split()
    if all(word.strip(".,'’").lower() in _WORDS_OF_THE_TRADE for word in words):
        return False
    return _well_spelt(words, span, typed_small=text.islower() and not _CODE_SIGNS.search(text))


def _well_spelt(words: list[str], span: Span, *, typed_small: bool) -> bool:
    if typed_small:
        # Who writes without capitals writes names so too.
        return True
    if len(words) > 1:
        return any(word[:1].isupper() for word in words)
    word = words[0]
    # One short word in capitals is an abbreviation; one in small letters is a word.
    return word[:1].isupper() and not (word.isupper() and (len(word) <= _ABBREVIATION or span.type == "PERSON"))
