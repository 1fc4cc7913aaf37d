"""What is put in the place of a value: a placeholder, a mask, a hash or a stand-in. Pure.

Source of the ranges nobody is given: ISO/IEC 7812-1 (cards), ISO 3166-1 user-assigned codes (accounts), ITU-T E.164 (telephones),
RFC 2606 (mail); stand_ins.py has them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from governance.core.errors import Invalid

from .spans import keyed_digest
from .stand_ins import stand_in


class Way(StrEnum):
    """In order of how much of the value can still be told, the least first."""

    HASH = "hash"
    PLACEHOLDER = "placeholder"
    STAND_IN = "stand_in"
    MASK = "mask"


# Of these people know each other's by the last four; of anything else, four characters may be half of it.
# What somebody may demand: a mask tells the most, so that to ask for one at most would ask for nothing.
DEMANDED = (Way.HASH, Way.PLACEHOLDER, Way.STAND_IN)
_IN_WORDS = {
    Way.HASH: "by a hash",
    Way.PLACEHOLDER: "by a placeholder, or a hash",
    Way.STAND_IN: "by a stand-in, a placeholder or a hash",
}
KEEPS_LAST_FOUR = frozenset({"CREDIT_CARD", "IBAN_CODE", "PHONE_NUMBER", "US_SSN"})
LEAST_HIDDEN = 5
NOTHING_SHOWN = "****"
HASH_DIGITS = 16
_PLACEHOLDER_DIGITS = (8, 16)  # the longer one only beside another value whose first eight are the same
_PLAIN = re.compile(r"\+?[0-9A-Za-z](?:[0-9A-Za-z .\-/()]*[0-9A-Za-z])?")


def least_telling(ways: Iterable[Way]) -> Way:
    """Return the way of which least can be told; of no way at all, a placeholder."""
    return min(ways, key=list(Way).index, default=Way.PLACEHOLDER)


def strictest_demand(demands: Iterable[Way | None]) -> Way | None:
    """Return the demand that holds where several apply: of each, the way of which least can be told; None for none."""
    made = [demand for demand in demands if demand is not None]
    return least_telling(made) if made else None


def in_words(demand: Way) -> str:
    """Return what may stand for a value where no more than `demand` may be told of it, as the end of a sentence."""
    return _IN_WORDS[demand]


@dataclass(slots=True)
class Replacer:
    """What stands for the values of one document. Equal values get equal replacements, under one `key` in every document.

    `originals` maps what can be put back (placeholders and stand-ins) to the value, `written` is all that was put in.
    """

    key: bytes
    originals: dict[str, str] = field(default_factory=dict, repr=False)
    written: set[str] = field(default_factory=set)
    _known: dict[tuple[str, str, Way, bool], tuple[str, Way]] = field(default_factory=dict, repr=False)

    def replaced(self, kind: str, value: str, way: Way, *, plain: bool) -> tuple[str, Way]:
        """Return what is put in the place of `value`, and the way it was made: a placeholder where `way` cannot be gone.

        `plain` says that the value is written as it is; inside an encoding it has no last four, and no stand-in.

        Raises:
            Invalid: `not_redactable`, when two values would get the same placeholder.
        """
        asked = (kind, value, way, plain)
        if asked not in self._known:
            self._known[asked] = self._made(kind, value, way, plain=plain)
            self.written.add(self._known[asked][0])
        return self._known[asked]

    def _made(self, kind: str, value: str, way: Way, *, plain: bool) -> tuple[str, Way]:
        match way:
            case Way.MASK:
                return masked(kind, value) if plain else NOTHING_SHOWN, way
            case Way.HASH:
                return keyed_digest(value, key=self.key)[:HASH_DIGITS], way
            case Way.STAND_IN:
                made = stand_in(kind, value, key=self.key) if plain else None
                if made is not None and self.originals.setdefault(made, value) == value:
                    return made, way
        return self._placeholder(kind, value), Way.PLACEHOLDER

    def _placeholder(self, kind: str, value: str) -> str:
        digest = keyed_digest(value, key=self.key)
        for digits in _PLACEHOLDER_DIGITS:
            placeholder = f"<{kind}_{digest[:digits]}>"
            held = self.originals.setdefault(placeholder, value)
            if held == value or keyed_digest(held, key=self.key) == digest:
                return placeholder
        raise Invalid("not_redactable", "Two values would get the same placeholder.")


def masked(kind: str, value: str) -> str:
    """Return asterisks for `value`: its last four characters stay where the type allows, else not even its length can be told."""
    hidden = sum(map(str.isalnum, value)) - 4
    if kind not in KEEPS_LAST_FOUR or hidden < LEAST_HIDDEN or not _PLAIN.fullmatch(value):
        return NOTHING_SHOWN
    written = []
    for character in value:
        is_sign = character.isalnum()
        written.append("*" if is_sign and hidden > 0 else character)
        hidden -= is_sign
    return "".join(written)
