"""Lists of names and of the words around them, one text file a language in `name_lists/`, because people read and extend them.

Lines are "key: words". Given and family names are Faker's (MIT; training/name_lists.py writes them anew), those in `more` and the rest are ours: `titles` stand before a
name, `before` are phrases that announce somebody, `others` are words in names of streets, offices and products. English and the rest of the
world have names alone.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "name_lists"
FOREIGN = ("de", "es", "fr", "it", "nl", "pl", "pt")
_EVERYWHERE = ("en", "world", "more", *FOREIGN)


@dataclass(frozen=True, slots=True)
class Lists:
    """The words of one language, in small letters; `given` and `family` are those of every language but English, for people travel."""

    tag: str
    own: frozenset[str]  # given names of this language
    given: frozenset[str]
    family: frozenset[str]
    titles: frozenset[str]
    others: frozenset[str]
    before: re.Pattern[str]  # ends where the name begins


@cache
def lists_of(tag: str) -> Lists:
    """Return the lists of a language, one of FOREIGN."""
    own = _read(tag)
    given, family = (_of_all(kind, FOREIGN) for kind in ("given", "family"))
    phrases = sorted(
        (re.escape(phrase.strip()) for phrase in own["before"].split(",")), key=lambda each: (-len(each), each)
    )
    before = re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})[ ]?[,:]?\s{{1,3}}\Z", re.IGNORECASE)
    own_given, titles, others = (frozenset(own[kind].split()) for kind in ("given", "titles", "others"))
    return Lists(tag, own_given, given, family, titles, others, before)


def is_given(word: str) -> bool:
    """Return whether a word is a given name somewhere, in any case."""
    return word.lower() in _of_all("given", _EVERYWHERE)


def is_family(word: str) -> bool:
    """Return whether a word is a family name somewhere, in any case."""
    return word.lower() in _of_all("family", _EVERYWHERE)


@cache
def _of_all(kind: str, tags: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for tag in tags for word in _read(tag)[kind].split())


@cache
def _read(tag: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in (FOLDER / f"{tag}.txt").read_text(encoding="utf-8").splitlines():
        key, _, words = line.partition(": ")
        found[key] = f"{found.get(key, '')} {words.lower()}"
    return found
