"""Conditions that somebody who approves ties to their yes. They bind like the digest does, and only ever take away. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from governance.core.errors import Invalid
from governance.detection import ways
from governance.detection.type_names import type_name
from governance.detection.ways import DEMANDED, Way, strictest_demand

LONGEST_OVERSIGHT = 500
FIELDS = frozenset({"redact", "ends", "human_oversight", "way"})
MOST_TYPES = 40
LONGEST_TYPE = 60


@dataclass(frozen=True, slots=True)
class Binding:
    """`redact`: types replaced besides those asked for. `ends`: the last day. `human_oversight`: who must look at what.

    `way`: the most that may be told of what is replaced.
    """

    redact: tuple[str, ...] = ()
    ends: date | None = None
    human_oversight: tuple[str, ...] = ()
    way: Way | None = None

    def __bool__(self) -> bool:
        return bool(self.redact or self.ends or self.human_oversight or self.way)

    def to_json(self) -> dict[str, Any]:
        """Return what is kept with the decision; {} for no condition at all."""
        said = {
            "redact": list(self.redact),
            "ends": self.ends.isoformat() if self.ends else "",
            "human_oversight": list(self.human_oversight),
            "way": str(self.way or ""),
        }
        return {name: value for name, value in said.items() if value}


def strictest(bindings: Iterable[Binding]) -> Binding:
    """Return what holds when several people tied conditions: every type, the earliest day, all the oversight, the way that tells least."""
    tied = list(bindings)
    return Binding(
        redact=tuple(sorted({name for each in tied for name in each.redact})),
        ends=min((each.ends for each in tied if each.ends), default=None),
        human_oversight=tuple(dict.fromkeys(said for each in tied for said in each.human_oversight)),
        way=strictest_demand(each.way for each in tied),
    )


def parse_binding(value: object) -> Binding:
    """Return the conditions that JSON writes down; {} is none.

    Raises:
        Invalid: names the field; conditions that cannot be read must never pass as none.
    """
    if not isinstance(value, Mapping):
        raise Invalid("conditions_unreadable", "Conditions must be a mapping.", field="conditions")
    if unknown := sorted(str(key) for key in value if key not in FIELDS):
        raise Invalid("unknown_key", f"conditions has an unknown key: {unknown[0]:.80}.", field="conditions")
    return Binding(
        redact=tuple(sorted(set(_texts(value.get("redact", []), "redact", LONGEST_TYPE)))),
        ends=_day(value.get("ends") or ""),
        human_oversight=tuple(_texts(value.get("human_oversight", []), "human_oversight", LONGEST_OVERSIGHT)),
        way=_way(value.get("way") or ""),
    )


def _texts(value: object, name: str, longest: int) -> list[str]:
    field = f"conditions.{name}"
    if not isinstance(value, list) or len(value) > MOST_TYPES or not all(isinstance(each, str) for each in value):
        raise Invalid("conditions_unreadable", f"{field} must list at most {MOST_TYPES} texts.", field=field)
    said = [each.strip() for each in value if each.strip()]
    if any(len(each) > longest for each in said):
        raise Invalid("condition_too_long", f"Each of {field} has at most {longest} characters.", field=field)
    return said


def _day(value: object) -> date | None:
    if value == "":
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as wrong:
        raise Invalid("not_a_day", "The end must be a day, such as 2027-03-31.", field="conditions.ends") from wrong


def _way(value: object) -> Way | None:
    if value == "":
        return None
    if value not in DEMANDED:
        field, known = "conditions.way", ", ".join(DEMANDED)
        raise Invalid("not_in_list", f"{field} must be one of: {known}.", field=field, remedy="Choose one of the list.")
    return Way(str(value))


def in_words(binding: Binding) -> list[str]:
    """Return each condition as a sentence; [] for none."""
    said = []
    if binding.redact:
        named = ", ".join(map(type_name, binding.redact))
        said.append(f"Always replaced before it leaves: {named}.")
    if binding.way:
        said.append(f"What is replaced is replaced {ways.in_words(binding.way)}, whatever the rules would leave of it.")
    if binding.ends:
        said.append(f"It ends on {binding.ends.isoformat()} at the latest.")
    said += [f"Watched over by people: {text}" for text in binding.human_oversight]
    return said
