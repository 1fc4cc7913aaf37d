"""What differs between two versions of a ruleset, part by part. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs: `before` and `after` are as they stand in the document, None where it was not there."""

    part: str  # "rule", "detector", "entry" (a register, set of rows or exam) or "otherwise"
    name: str
    change: Change
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return what differs between two bodies ({"detection", "policy"}), rules first."""
    return [
        *_compared("rule", _rules(before), _rules(after)),
        *_compared("otherwise", _otherwise(before), _otherwise(after)),
        *_compared("detector", _detectors(before), _detectors(after)),
        *_compared("entry", _entries(before), _entries(after)),
    ]


def behind(body: Mapping[str, Any], in_force: Mapping[str, Any]) -> list[str]:
    """Return what is registered otherwise in force than in `body`: "exam harbour". With any of it, `body` would forget something."""
    return [each.name for each in _compared("entry", _entries(body), _entries(in_force))]


def _compared(part: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys([*after, *before]):
        old, new = before.get(name), after.get(name)
        if old != new:
            change = Change.ADDED if old is None else Change.REMOVED if new is None else Change.CHANGED
            yield Difference(part, name, change, old, new)


def _rules(body: Mapping[str, Any]) -> dict[str, Any]:
    return {rule["code"]: rule for rule in body["policy"]["rules"]}


def _otherwise(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"otherwise": body["policy"]["otherwise"]}


def _detectors(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return {detector: its options but for lists of what is registered, which are compared one by one}."""
    return {
        name: {option: value for option, value in options.items() if not _is_listed(value)}
        for name, options in body["detection"]["detectors"].items()
    }


def _entries(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{entry.get('kind') or name.removesuffix('s')} {entry['id']}": entry.get("digest", entry.get("version"))
        for name, options in body["detection"]["detectors"].items()
        for value in options.values()
        if _is_listed(value)
        for entry in value
    }


def _is_listed(value: Any) -> bool:
    """Say whether an option lists things that are registered: each has an id."""
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    return is_list and all(isinstance(each, Mapping) and "id" in each for each in value)
