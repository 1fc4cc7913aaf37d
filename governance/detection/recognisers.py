"""What an organisation looks for on its own: lists of words and patterns, run by RE2 in time that grows with the text alone.

Source: https://github.com/google/re2/wiki/Syntax for what RE2 has and has not.
"""

import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from governance.core.errors import Invalid

from .detector import NO_FILES, Budget, Canary
from .spans import Span
from .views import Kind

LONGEST_WORD, LONGEST_PATTERN, LONGEST_EXAMPLE = 100, 500, 500  # characters
MOST_WORDS, MOST_PATTERNS, MOST_CONTEXT = 1000, 20, 30
THRESHOLD = 0.4  # what is less sure than this is not said
CONTEXT_RAISES, CONTEXT_REACH = 0.35, 60  # by how much, and how many characters away a word of context may stand
MOST_PLACES = 1000  # in one text: beyond, the whole stretch is one finding
LARGEST_PROGRAM = 8 << 20  # bytes that RE2 may take for one recogniser
IN_RE2 = "Leave out what looks ahead or behind ((?=…), (?<…)), \\1 and (?>…): RE2 has none of them, so that no pattern takes for ever."
MEND = "Mend it; a bracket, a dot or a star that is meant as it stands takes a \\ before it."
_LACKED = re.compile(r"\(\?(?:[=!>]|<[=!])|\\[1-9]")  # what RE2 has not: looking around, atomic groups, back references
MARKING = "MARKING"
LEVELS = ("internal", "confidential", "restricted", "canary")  # of a marking; a canary is a token planted to be found
TYPE = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
# What other detectors say, and rules of policies rely on.
TAKEN = frozenset({"SECRET", "SOURCE", "DATASET", "EVALUATION", "PUBLIC_EVALUATION", "MARKING", "LANGUAGE"})
# Nobody's pattern may hit more of this than a few places: what it finds here it would find in every prompt.
_ORDINARY = """Please summarise the minutes of Monday's meeting in three short paragraphs and list who does what until when.
The second draft of the letter is in the shared folder; compare it with the first, and mark where the tone has changed.
def total(rows):
    return sum(row["amount"] for row in rows if row["state"] == "open")
SELECT id, title, created_at FROM ticket WHERE closed_at IS NULL ORDER BY created_at LIMIT 50;
The train leaves at 07:42 from platform 12, and the return is booked for 3 May. Thanks and kind regards."""
_MOST_ORDINARY = 3


@dataclass(frozen=True, slots=True)
class Recogniser:
    """`deny` are words found whole and in any case, `patterns` RE2 as written. `score` is 0 to 1, more beside a word of `context`.

    `example` is a synthetic text in which it must find something: what no longer does is broken. `level` is of a marking, "" of
    anything else: what it finds has the type MARKING and the subtype `level:id`, so that the rules for the level hold.
    """

    id: str
    type: str
    score: float
    deny: tuple[str, ...]
    patterns: tuple[str, ...]
    context: tuple[str, ...]
    example: str
    level: str = ""

    @classmethod
    def marking(cls, ref: str, level: str, words: Sequence[str]) -> "Recogniser":
        """Return what looks for the words of a marking, or for a planted token."""
        return cls(ref, MARKING, 0.95, tuple(words), (), (), words[0] if words else "", level)

    @property
    def subtype(self) -> str:
        return f"{self.level}:{self.id}" if self.level else self.id

    @classmethod
    def of_dict(cls, values: Mapping[str, Any]) -> "Recogniser":
        deny, patterns, context = (tuple(values[name]) for name in ("deny", "patterns", "context"))
        score, level = values["score"] / 100, values.get("level", "")
        return cls(values["id"], values["type"], score, deny, patterns, context, values["example"], level)

    def to_dict(self) -> dict[str, Any]:
        """Return what a ruleset says of it; the score is in whole per cent, which canonical JSON has one form for."""
        lists = {name: list(getattr(self, name)) for name in ("deny", "patterns", "context")}
        told = {"id": self.id, "type": self.type, "score": round(self.score * 100), "example": self.example, **lists}
        return told | ({"level": self.level} if self.level else {})


class Compiled:
    """One recogniser, ready to look."""

    def __init__(self, recogniser: Recogniser) -> None:
        """Raise Invalid, "bad_pattern", naming the one that RE2 cannot compile and RE2's own reason."""
        self.recogniser = recogniser
        self._context = tuple(word.casefold() for word in recogniser.context)
        self._expressions = [_compiled(pattern, fold=False) for pattern in recogniser.patterns]
        words = "|".join(map(_quoted, recogniser.deny))
        self._words = _compiled(words, fold=True) if words else None

    def find(self, text: str, budget: Budget) -> list[Span]:
        found = list(islice(self._places(text, budget), MOST_PLACES + 1))
        if len(found) > MOST_PLACES:
            found = [(found[0][0], len(text))]
        spans = [Span(self.recogniser.type, a, b, self._score(text, a, b), self.recogniser.subtype) for a, b in found]
        return [span for span in spans if span.score >= THRESHOLD]

    def _places(self, text: str, budget: Budget) -> Iterator[tuple[int, int]]:
        for expression in self._expressions:
            budget.check()
            for match in expression.finditer(text):
                # Each may cost a look at all that follows, one of nothing too: `\b(?:a.*b)?` does so at every word.
                budget.check()
                if match.end() > match.start():
                    yield match.span()
        if self._words is not None:
            budget.check()
            yield from (match.span() for match in self._words.finditer(text) if _is_whole(text, *match.span()))

    def _score(self, text: str, start: int, end: int) -> float:
        if not self._context:
            return self.recogniser.score
        around = text[max(0, start - CONTEXT_REACH) : end + CONTEXT_REACH].casefold()
        near = any(word in around for word in self._context)
        return min(1.0, self.recogniser.score + (CONTEXT_RAISES if near else 0.0))


def _compiled(pattern: str, *, fold: bool) -> Any:
    engine = importlib.import_module("re2")  # only where somebody registered something: most processes never load it
    options = engine.Options()
    options.max_mem, options.log_errors, options.longest_match = LARGEST_PROGRAM, False, fold
    options.case_sensitive = not fold
    try:
        return engine.compile(pattern, options)
    except engine.error as wrong:
        reason = wrong.args[0].decode("utf-8", "replace") if wrong.args else "no reason given"
        told = f"RE2 cannot compile “{pattern[:60]}”: {reason}."
        remedy = IN_RE2 if _LACKED.search(pattern) else MEND
        raise Invalid("bad_pattern", told, field="patterns", remedy=remedy) from wrong


def _quoted(word: str) -> str:
    return "".join(letter if letter.isalnum() or letter == " " else f"\\x{{{ord(letter):x}}}" for letter in word)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Say whether a place is a word of its own. RE2 knows the ends of ASCII words alone."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (after.isalnum() and text[end - 1].isalnum())


def checked(recogniser: Recogniser) -> Compiled:
    """Return the recogniser, compiled, when it may be used.

    Raises:
        Invalid: "bad_type", "type_taken", "bad_score", "nothing_to_find", "too_many", "too_long", "bad_pattern", "matches_nothing",
            "too_broad", "example_missed". `field` names what is at fault.
    """
    _check_shape(recogniser)
    compiled = Compiled(recogniser)
    if any(expression.fullmatch("") for expression in compiled._expressions):  # noqa: SLF001 - our own
        raise Invalid("matches_nothing", "A pattern would find nothing at all, everywhere.", field="patterns")
    budget = Budget.of(5.0)
    if len(compiled.find(_ORDINARY, budget)) > _MOST_ORDINARY:
        broad = "It would find something in nearly every text."
        at = "patterns" if recogniser.patterns else "deny"
        raise Invalid("too_broad", broad, field=at, remedy="Name more of what makes it yours.")
    if not compiled.find(recogniser.example, budget):
        missed = "It does not find anything in the example, or is less than 40 % sure of it."
        raise Invalid("example_missed", missed, field="example", remedy="Raise the score, or add a word of context.")
    return compiled


def _check_shape(given: Recogniser) -> None:
    if not TYPE.fullmatch(given.type):
        raise Invalid("bad_type", "A type is 2 to 40 capital letters, digits and _, such as CASE_NUMBER.", field="type")
    if given.level and (given.level not in LEVELS or given.type != MARKING):
        raise Invalid("bad_level", f"A marking is one of: {', '.join(LEVELS)}.", field="level")
    if given.type in TAKEN and not given.level:
        raise Invalid("type_taken", f"{given.type} is what another detector says.", field="type")
    if not 0 < given.score <= 1:
        raise Invalid("bad_score", "A score is 1 to 100 per cent.", field="score")
    if not given.deny and not given.patterns:
        raise Invalid("nothing_to_find", "Give it a word or a pattern to look for.", field="deny")
    _check_list("deny", given.deny, most=MOST_WORDS, longest=LONGEST_WORD, shortest=2)
    _check_list("patterns", given.patterns, most=MOST_PATTERNS, longest=LONGEST_PATTERN, shortest=1)
    _check_list("context", given.context, most=MOST_CONTEXT, longest=LONGEST_WORD, shortest=2)
    _check_list("example", [given.example], most=1, longest=LONGEST_EXAMPLE, shortest=1)


def _check_list(field: str, values: Sequence[str], *, most: int, longest: int, shortest: int) -> None:
    if len(values) > most:
        raise Invalid("too_many", f"At most {most:,}; these are {len(values):,}.", field=field)
    if wrong := next((value for value in values if not shortest <= len(value) <= longest or _is_odd(value)), None):
        raise Invalid(
            "too_long",
            f"Each has {shortest} to {longest} characters that can be written: {_named(values, wrong)}.",
            field=field,
        )


def _named(values: Sequence[str], wrong: str) -> str:
    """Return which of the lines is meant, and how long it is: what is written on it may be what nobody should read in an answer."""
    told = f"has {len(wrong):,}" if not _is_odd(wrong) else "holds others"
    return f"this one {told}" if len(values) == 1 else f"line {values.index(wrong) + 1:,} {told}"


def _is_odd(value: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" or letter == "\x00" for letter in value)


class Recognisers:
    """The detector of all that an organisation looks for on its own."""

    name = "recognisers"
    version = "1"
    views = frozenset({Kind.RAW, Kind.FOLDED, Kind.DECODED, Kind.JOINED})
    files = NO_FILES

    def __init__(self, recognisers: Sequence[Compiled]) -> None:
        self._recognisers = tuple(recognisers)
        each = [compiled.recogniser for compiled in self._recognisers]
        self.canaries = tuple(Canary(own.example, own.type, own.subtype) for own in each if own.example)

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        found: list[list[Span]] = []
        for text in texts if self._recognisers else ():
            readable = _SURROGATE.sub("\ufffd", text)  # half a pair is no character of any word, and RE2 takes none
            found.append([span for each in self._recognisers for span in each.find(readable, budget)])
        return found or [[] for _ in texts]


_SURROGATE = re.compile("[\ud800-\udfff]")


def load(options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Recognisers:  # noqa: ARG001 - one signature for all detectors
    """Return the detector. Options: `recognisers`, a list of `Recogniser.to_dict()`. Raises Invalid, "bad_pattern"."""
    return Recognisers([Compiled(Recogniser.of_dict(each)) for each in options.get("recognisers", ())])
