"""How states and vocabularies are said to people, and in which tone. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from governance.core import wording
from governance.detection.type_names import type_name
from governance.organisation.roles import Role
from governance.web.frame.sayings import STATES, WORDS, Said
from governance.web.frame.subject_words import SUBJECTS
from governance.web.frame.times import spoken_day

several = wording.several
WORD = re.compile(r"[a-z_]+")
ISO_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
REGISTERED = re.compile(r"([^:]*):(.*):(\d+)-(\d+)", re.DOTALL)  # register, file and lines of what is ours
PARTED = {  # type and first part of the sub-type -> what both together are called
    ("MARKING", "restricted"): "marking as restricted",
    ("MARKING", "confidential"): "marking as confidential",
    ("MARKING", "internal"): "marking as internal",
    ("MARKING", "canary"): "planted token",
    ("LANGUAGE", "unread"): "text in a language in which names are not looked for",
}


_STATES = {(type(member), member): said for member, said in STATES}
_WORDS = {(type(member), member): said for member, said in WORDS}


def state(kind: type[StrEnum], value: str) -> Said:
    """Return how a state is said. A value that the vocabulary does not hold raises ValueError."""
    return _STATES[kind, kind(value)]


def word(kind: type[StrEnum], value: str) -> str:
    """Return how a member of a vocabulary is said. A value that it does not hold raises ValueError."""
    return _WORDS[kind, kind(value)]


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Return a vocabulary as the choices of a form, in its own order."""
    return [(each.value, _WORDS[kind, each] if (kind, each) in _WORDS else _STATES[kind, each].text) for each in kind]


def role(held: Role) -> str:
    """Return what a role is called: "data steward", "IT approver"."""
    return held.value.replace("_", " ").replace("it approver", "IT approver")


def finding(kind: str) -> str:
    """Return what a type of finding is called: "name of a person"; a type without a name of its own says its own."""
    kind, _, sub = kind.partition(":")
    if kind == "SOURCE" and (place := REGISTERED.fullmatch(sub)):
        return "{} ({}: {}, lines {} to {})".format(type_name(kind), *place.groups())
    first, _, rest = sub.partition(":")
    named, sub = (told, rest) if (told := PARTED.get((kind, first))) else (type_name(kind), sub)
    return f"{named} ({sub.replace(':', ', ').replace('_', ' ').replace('-', ' ')})" if sub else named


def counted(counts: Mapping[str, int]) -> str:
    """Return {type: number} as people say it: "name of a person (2), secret key"; "nothing" when empty."""
    said = [f"{finding(kind)} ({number})" if number > 1 else finding(kind) for kind, number in sorted(counts.items())]
    return ", ".join(said) or "nothing"


def subject(kind: str) -> str:
    """Return what a kind of request is about; one without a name of its own says its own."""
    return SUBJECTS.get(kind, sentence(kind.replace("_", " ")))


def joined(words: list[str], otherwise: str = "none") -> str:
    """Return "a, b and c"."""
    *others, last = words or [otherwise]
    return f"{', '.join(others)} and {last}" if others else last


def has_open(names: tuple[str, ...]) -> str:
    """Return "Ana and Ben have it open now"; "" for nobody."""
    return f"{joined(list(names))} {'has' if len(names) == 1 else 'have'} it open now" if names else ""


def sized(size: int) -> str:
    """Return a number of bytes as people say it: "14.2 MB"."""
    for unit, scale in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}"
    return f"{size} bytes"


def records(number: int) -> str:
    return f"{number:,} record{'' if number == 1 else 's'}"


def lines(number: int) -> str:
    return f"{number:,} line{'' if number == 1 else 's'}"


def yes(value: bool) -> str:  # noqa: FBT001 - the value is what is said
    return "yes" if value else "no"


def kept(days: int) -> str:
    """Return how long a destination keeps what it gets."""
    return "nothing" if days == 0 else f"{days} day{'' if days == 1 else 's'}"


def euros(micro: int | None) -> str:
    """Return a sum of micro-euro as euro with two places; "not known" when it is not."""
    return "not known" if micro is None else f"{micro / 1_000_000:,.2f}"


def prices(price_in: int | None, price_out: int | None) -> str:
    """Return both prices in euro, or one "not known"."""
    return "not known" if price_in is None and price_out is None else f"{euros(price_in)} / {euros(price_out)}"


def plain(text: str) -> str:
    """Return a value of a record as people read it: words for its members, dates as they are said."""
    if WORD.fullmatch(text):
        return text.replace("_", " ")
    return ISO_DATE.sub(_spoken, text)


def _spoken(found: re.Match[str]) -> str:
    try:
        return spoken_day(date.fromisoformat(found[0]))
    except ValueError:  # looks like a date and is none
        return found[0]


NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number(value: int) -> str:
    """Return a small number as a word: "three"; a larger one in figures."""
    return NUMBERS[value] if 0 <= value < len(NUMBERS) else f"{value:,}"


def sentence(text: str) -> str:
    """Return `text` with a capital first letter and the rest as it is: "IT approver" stays so."""
    return text[:1].upper() + text[1:]
