"""Which of the model's names are identifiers, products or versions instead."""

import re
from dataclasses import replace
from pathlib import Path

from governance.detection.spans import Span

EDGES = " \t\r\n|,;:*>-–—•\"'"
_CUT_AT = re.compile(r"[\n|<>]|\s{3}|\\t")
_CODE_SIGNS = re.compile(r"[_(){}\[\]=<>;\\]")
_NUMBER = re.compile(r"\b\d+\b")
_LEAST_LETTERS = 4  # of an address
_QUOTED = re.compile(r"\n[ \t]*(?:>[ \t]*)+")  # a line of a letter that is answered
_STANDARD = re.compile(r"(?:IEEE|RFC|ISO|IEC|ANSI|ECMA|PEP|DIN|RS|FIPS|CVE|AES|SHA|UTF)[ \-]?\d[\d.\-]*")
# "port 51544", "flat 3": a number of something, no address by itself.
_NUMBERED_THING = re.compile(
    r"(?:the )?(?:port|flat|room|floor|apartment|unit|gate|node|page|table|seat|desk|line|level|phase|step|version|ticket|order|invoice|chapter|section|row|bay|dock|track|platform|box|ward|zone|rack|shelf|aisle|lot|item|part|batch|runner|worker|agent|host|server) #?\d+[a-z]?",
    re.IGNORECASE,
)
_ACCOUNT_BEFORE, _LONGEST_GROUPS = re.compile(r"\b[A-Z]{2}\d\d[ ]?\Z"), 6
_ABBREVIATION = 3  # letters: C4, S3, EKS
_NOT_A_NAME = re.compile(
    r"[\d_=<>{}()\[\]|\\/@#$%^*~`\"+:;]|(?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bDi)(?<!\bLa)(?<!\bLe)(?<=[a-z])[A-Z][a-z]|\.\w|--|^\W"
)
_TOUCHING = "_/\\=<>{}[]|@#$%^*~`"
# Products and roles that the model takes for people and places; a text file, because people read and extend it.
_WORDS_OF_THE_TRADE = frozenset((Path(__file__).parent / "trade_words.txt").read_text(encoding="utf-8").split())

# In code: a word with a capital that nothing touches, a number before a word, anything in quotes with a number.
_FREE_WORD = re.compile(
    r"(?<![\w./\\=<>{}\[|@#$%^*~`])[^\W\d_a-z][^\W\d_]*(?:['’][^\W\d_]+)?(?![\w/\\=<>{}\[\]|@#$%^*~`(]|\.\w)"
)
_NUMBERED = re.compile(r"(?<![\w.])\d{1,6}[a-z]?,? [^\W\d_]{3}|[\"'][^\"'\n]*\d")
_LEVELS = frozenset({"TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "SEVERE", "CRITICAL", "FATAL"})


def may_name(text: str, start: int, end: int) -> bool:
    """Return whether a line of code holds anything that `is_name` or `is_address` could let pass; the model need not read the others."""
    return _NUMBERED.search(text, start, end) is not None or any(
        word.group() not in _LEVELS and not _NOT_A_NAME.search(word.group())
        for word in _FREE_WORD.finditer(text, start, end)
    )


def trimmed(text: str, span: Span) -> Span | None:
    """Return the span without the table lines, tags and further lines that the model took in; None when nothing is left."""
    value = text[span.start : span.end]
    lead = len(value) - len(value.lstrip(EDGES))
    kept = _CUT_AT.split(value[lead:], maxsplit=1)[0].rstrip(EDGES)
    return replace(span, start=span.start + lead, end=span.start + lead + len(kept)) if kept else None


def is_address(value: str) -> bool:
    """Return whether a place has a number and words, as an address has: over several lines, quoted in a letter, with signs that no name has."""
    plain = _QUOTED.sub("\n", value)
    letters = sum(map(str.isalpha, plain))
    return (
        bool(_NUMBER.search(plain))
        and letters >= _LEAST_LETTERS
        and not _CODE_SIGNS.search(plain)
        and not _STANDARD.fullmatch(plain)
        and not _NUMBERED_THING.fullmatch(plain.strip(EDGES))
    )


def is_name(text: str, span: Span) -> bool:
    """Return whether a name that the model saw can be one: not an identifier, a product, a shout or a fragment of code."""
    value = text[span.start : span.end]
    if _NOT_A_NAME.search(value) or len(value) < 2:  # noqa: PLR2004 - an initial alone names nobody
        return False
    before, after = text[max(0, span.start - 1) : span.start], text[span.end : span.end + 1]
    if before == "." and value[0].islower() and text[max(0, span.start - 2) : span.start - 1].isalnum():
        return False  # os.popen, argument.metavar
    if value.isupper() and _ACCOUNT_BEFORE.search(text, max(0, span.start - _LONGEST_GROUPS), span.start):
        return False  # GB82 WEST 1234
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
