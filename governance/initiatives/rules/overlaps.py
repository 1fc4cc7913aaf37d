"""When two initiatives seem to do the same, by what both say and both use; and how that is resolved.

A word counts by its first letters, so that "claims" and "claimants" meet. Weights and threshold were set
by hand while looking at a labelled set, and the threshold for few false alarms: `./dev bench overlap` shows what that costs.
"""

import math
import re
import unicodedata
import zlib
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from governance.core.verdict import Allowed, Denied, Verdict
from governance.core.wording import says_nothing

BEGINNING = 5  # letters of a word that count
MOST_TERMS = 400
FEWEST_TERMS = 5  # a purpose that says less is like everything
LONGEST_REASONS = 4000
LIKELY = 0.33
SAME_PURPOSE = 0.7  # how much of the old words a purpose must keep to be still the one that was looked at
MOST_SHOWN_WORDS = 6
WEIGHTS: Mapping[str, float] = {
    "words": 0.55,
    "purposes": 0.3,
    "datasets": 0.09,
    "destinations": 0.03,
    "techniques": 0.03,
}
WORD = re.compile(r"[^\W\d_]\w+")
COMMON = frozenset(
    WORD.findall("""
    about after again all also an and any are as at be because been before being between both but by can could did do
    does each every few for from further had has have having he her here him his how if in into is it its itself let lets
    made make makes many may me more most much must my never no nobody nor not now of off on once one only or other others
    our out over own people per same she should so some somebody someone such take takes than that the their them themselves
    then there these they this those through to too two under until up us use used uses using very want wants was we were
    what when where whether which while who whom whose why will with within without would you your
    """)
)


class Resolution(StrEnum):
    """What is done about an overlap."""

    MERGE = "merge"
    SPLIT = "split"
    SHARE = "share"
    DISTINCT = "distinct"


class JoinState(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Described:
    """What one initiative says and uses. `terms`: term -> the word as written; datasets and destinations: ref -> title."""

    terms: Mapping[int, str]
    purposes: AbstractSet[str] = frozenset()
    techniques: AbstractSet[str] = frozenset()
    datasets: Mapping[str, str] = field(default_factory=dict)
    destinations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How alike two initiatives are, 0 to 1, and what they share, ready to be said."""

    score: float
    words: tuple[str, ...]
    purposes: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()

    @property
    def is_likely(self) -> bool:
        """Whether it is worth a person's look. Without one shared word it never is, whatever both use."""
        return bool(self.words) and self.score >= LIKELY

    def signals(self) -> dict[str, list[str]]:
        """Return what is shared, as it is kept."""
        shared = {name: list(getattr(self, name)) for name in WEIGHTS}
        return {name: values for name, values in shared.items() if values}


def terms_of(*texts: str) -> dict[int, str]:
    """Return term -> the first word that gave it, for the words that carry meaning; at most MOST_TERMS.

    A term is the CRC-32 of a word's first letters, halved to fit a signed integer of the database.
    """
    found: dict[int, str] = {}
    for text in texts:
        for written in WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
            if written not in COMMON and len(found) < MOST_TERMS:
                found.setdefault(zlib.crc32(written[:BEGINNING].encode()) >> 1, written)
    return found


def marked(text: str, shared: AbstractSet[int]) -> list[tuple[str, bool]]:
    """Return `text` in pieces, each with whether it is a word whose term is in `shared`; together they are `text`."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for word in WORD.finditer(text):
        if shared & terms_of(word[0]).keys():
            pieces += [(text[at : word.start()], False), (word[0], True)]
            at = word.end()
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0]]


def words_alike(first: AbstractSet[int], second: AbstractSet[int]) -> float:
    """Return the cosine of two sets of terms, 0 to 1; 0 when either says too little to compare."""
    if min(len(first), len(second)) < FEWEST_TERMS:
        return 0.0
    return len(first & second) / math.sqrt(len(first) * len(second))


def resemblance(first: Described, second: Described) -> Resemblance:
    """Compare two initiatives. What either does not say yet counts neither for nor against."""
    parts = {
        "words": words_alike(first.terms.keys(), second.terms.keys()),
        "purposes": _share(first.purposes, second.purposes),
        "techniques": _share(first.techniques, second.techniques),
        "datasets": _share(first.datasets.keys(), second.datasets.keys()),
        "destinations": _share(first.destinations.keys(), second.destinations.keys()),
    }
    shared = [first.terms[term] for term in first.terms if term in second.terms]
    return Resemblance(
        score=round(sum(WEIGHTS[name] * part for name, part in parts.items()), 3),
        words=tuple(sorted(shared, key=lambda word: (-len(word), word))[:MOST_SHOWN_WORDS]),
        purposes=tuple(sorted(first.purposes & second.purposes)),
        techniques=tuple(sorted(first.techniques & second.techniques)),
        datasets=_both(first.datasets, second.datasets),
        destinations=_both(first.destinations, second.destinations),
    )


def _share(first: AbstractSet[str], second: AbstractSet[str]) -> float:
    return len(first & second) / len(first | second) if first and second else 0.0


def _both(first: Mapping[str, str], second: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(title for ref, title in first.items() if ref in second))


def is_another_purpose(before: Iterable[int], after: Iterable[int]) -> bool:
    """Say whether a purpose changed so much since it was looked at that "distinct" says nothing about it any more."""
    return words_alike(set(before), set(after)) < SAME_PURPOSE


def may_resolve(
    *, resolved: str, resolution: str, reasons: str, remains: UUID | None, pair: AbstractSet[UUID]
) -> Verdict:
    """Say whether an overlap can be resolved so. A merge names the one of the two that remains."""
    if resolved:
        return Denied("resolved_already", "Somebody has resolved this overlap already.", "Look at it again.")
    if resolution not in list(Resolution):
        return Denied("unknown_resolution", f"Choose one of: {', '.join(Resolution)}.")
    if says_nothing(reasons) or len(reasons) > LONGEST_REASONS:
        return Denied("no_reasons", f"Say why, in at most {LONGEST_REASONS} characters.")
    if resolution == Resolution.MERGE and remains not in pair:
        return Denied("no_remaining", "Say which of the two initiatives remains.")
    return Allowed()


def may_answer(state: JoinState) -> Verdict:
    if state == JoinState.ASKED:
        return Allowed()
    return Denied("answered_already", f"This was {state} already.")
