"""Many calls in one: a body of records that a provider answers later, and what is told of it meanwhile. Pure.

The caller knows a batch by an id of ours, so that nobody can ask for one that is not theirs by the name a provider gave it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from governance.core.errors import DomainError, Invalid
from governance.gateway.dialects.shapes import PLAIN_NAME, Keys, Shape, Spot, Text, wrong

# A provider's own name of something, which is put into the path of later calls: it can lead nowhere else.
PROVIDER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
LONGEST_STATUS_WORD = 128
ALONE = ""  # how one call that is answered later is named among its records
ANSWERS_PART = "output_file_id"  # where the answers are a file: under which name a batch tells of it
MOST_IN_A_BATCH = 100_000  # of one body: some thousand records


class Step(StrEnum):
    """What a call about a batch does."""

    BEGIN = "begin"  # its body holds the records
    UPLOAD = "upload"  # so does its body, but nothing of it is answered before START
    START = "start"  # its body names a file of records that was handed over before
    TUNE = "tune"  # its body names training sets that were handed in before
    ASK = "ask"  # how it stands, or that it should end
    TAKE = "take"  # the answers, a record each


class Named(NamedTuple):
    """How the caller knows a batch: our id for it, where its answers are to be had, and the id of the file of its records."""

    id: str
    results: str
    input: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """How an interface writes its batches.

    `prefix` begins its ids. `ids` are the names that a caller gave the records of a body, in order: what belongs to record n stands
    under the keys (`listed`, n). `results_path` is where answers are to be had. `retold` is what the provider says of a batch in the words its caller knows it by, `seen` as much of
    that as may be kept: no text. `withheld` is what stands in the place of a record whose answer may not be passed on.
    `is_file`: they are files of records. `trains`: they are jobs that tune a model, by grants to train. `parts` are what is added to the id of a batch for a file of its answers, and under which
    name `seen` has the provider's name of that. `kept_as`: it is no batch but one call that is answered later, kept under this name.
    """

    prefix: str
    listed: str
    results_path: str
    ids: Callable[[Mapping[str, Any]], Sequence[str]]
    retold: Callable[[Mapping[str, Any], Named], dict[str, Any]]
    seen: Callable[[Mapping[str, Any]], dict[str, Any]]
    withheld: Callable[[Mapping[str, Any], DomainError], dict[str, Any]]
    is_file: bool = False
    trains: bool = False
    parts: Mapping[str, str] = field(default_factory=dict)
    kept_as: str = ""

    @property
    def alone(self) -> bool:
        return bool(self.kept_as)

    def results(self, own_id: str) -> str:
        """Return the path of the answers, below the base of the interface."""
        return self.results_path.replace("{batch}", own_id)

    def own_id(self, number: UUID) -> str:
        return self.prefix + number.hex

    def number_of(self, own_id: str) -> UUID | None:
        """Return the number in an id of ours, None when it is none."""
        suffix = self._suffix(own_id)
        whole = own_id.removesuffix(suffix)
        try:
            number = UUID(hex=whole.removeprefix(self.prefix))
        except ValueError:
            return None
        return number if self.own_id(number) == whole and bool(suffix) == bool(self.parts) else None

    def part_of(self, own_id: str) -> str:
        """Return the name in `seen` of the file of answers that an id of ours is of, "" when it is of the batch itself."""
        return self.parts.get(self._suffix(own_id), "")

    def _suffix(self, own_id: str) -> str:
        return next((each for each in self.parts if own_id.endswith(each)), "")


def _provider_id(value: Any, spot: Spot, _texts: list[Text]) -> None:
    if not isinstance(value, str) or not PROVIDER_ID.fullmatch(value):
        raise wrong(spot, "an id")


OWN_OR_PROVIDERS: Shape = _provider_id  # of something we know: nothing else ever stands there when it is sent


def neighbours_joined(shape: Shape, *, apart: frozenset[Keys]) -> Shape:
    """The shape, its texts ordered so that what is said in one record comes right after what is said in the one before.

    A value split over two records is only seen where they meet. `apart` are the places in a record of what stands in each of them.
    """

    def walk(value: Any, spot: Spot, texts: list[Text]) -> None:
        found: list[Text] = []
        shape(value, spot, found)
        texts.extend(sorted(found, key=lambda text: text.keys[2:] not in apart))

    return walk


def only_one(names: Sequence[str], *, field: str) -> str:
    """Return the one name that all records have. Raises Invalid, `several_models`: a batch goes to one place."""
    if len(set(names)) > 1:
        raise Invalid(
            "several_models", "All records of a batch go to one model.", field=field, remedy="Make a batch for each."
        )
    return names[0]


def require_distinct(ids: Sequence[str], *, field: str) -> None:
    """Raises Invalid, `custom_id_twice`: an answer could not be told from another's."""
    first: dict[str, int] = {}
    for number, each in enumerate(ids):
        if (before := first.setdefault(each, number)) != number:
            reason = f"Records {before + 1} and {number + 1} have the same custom_id."
            raise Invalid("custom_id_twice", reason, field=field, remedy="Give each record one of its own.")


def plain_only(value: Any) -> Any:
    """Return what of a status may be kept: numbers, times and single words."""
    if isinstance(value, dict):
        return {name: plain_only(each) for name, each in value.items() if PLAIN_NAME.fullmatch(name)}
    if isinstance(value, str):
        return value if len(value) <= LONGEST_STATUS_WORD and " " not in value else None
    return value if isinstance(value, int | float | None) else None
