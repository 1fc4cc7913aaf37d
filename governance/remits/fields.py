"""Readers of single values of a remit or a pattern: each takes a JSON value and the field's name. Pure.

Every reader raises Invalid with the field, its limit and a remedy; none of them repairs a value.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from governance.core.errors import Invalid
from governance.detection.ways import DEMANDED, Way

REF = re.compile(r"[a-z0-9][a-z0-9._-]{0,119}")
TYPE = re.compile(r"[A-Z][A-Z0-9_]{1,63}")
SHA256 = re.compile(r"[0-9a-f]{64}")
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")  # neither JSON nor Postgres can hold these
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOST_TYPES, MOST_CALLS = 100, 1_000_000


def missing(field: str) -> Invalid:
    return Invalid("missing", f"{field} is not filled in.", field=field, remedy="Fill it in.")


def mapping(value: Any, field: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Invalid("not_a_mapping", f"{field} must be an object with named values.", field=field)
    return value


def known_keys(value: Mapping[str, Any], known: Collection[str], field: str) -> None:
    unknown = sorted(str(key) for key in value if key not in known)
    if unknown:
        raise Invalid("unknown_field", f"{field} has no field {unknown[0]!r:.80}.", field=field, remedy="Leave it out.")


def _plain(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise Invalid("not_a_text", f"{field} must be a text.", field=field)
    if UNWRITABLE.search(value):
        raise Invalid("not_unicode", f"{field} holds a character that no text may hold.", field=field)
    return value


def optional_text(limit: int) -> Callable[[Any, str], str]:
    def read(value: Any, field: str) -> str:
        if len(_plain(value, field)) > limit:
            raise Invalid("too_long", f"{field} has at most {limit} characters.", field=field, remedy="Shorten it.")
        return str(value)

    return read


def text_up_to(limit: int) -> Callable[[Any, str], str]:
    bounded = optional_text(limit)

    def read(value: Any, field: str) -> str:
        if not bounded(value, field).strip():
            raise missing(field)
        return str(value)

    return read


def ref(value: Any, field: str) -> str:
    if not REF.fullmatch(_plain(value, field)):
        raise Invalid("not_a_ref", f"{field} must be a short name such as claims-letters.", field=field)
    return str(value)


def sha256(value: Any, field: str) -> str:
    if not SHA256.fullmatch(_plain(value, field)):
        raise Invalid("not_a_digest", f"{field} must be a SHA-256 in 64 hexadecimal characters.", field=field)
    return str(value)


def one_of(words: type[StrEnum] | tuple[str, ...]) -> Callable[[Any, str], Any]:
    def read(value: Any, field: str) -> Any:
        allowed = [str(word) for word in words]
        if value not in allowed:
            raise Invalid(
                "not_in_list",
                f"{field} must be one of: {', '.join(allowed)}.",
                field=field,
                remedy="Choose one of the list.",
            )
        return value if isinstance(words, tuple) else words(value)

    return read


def day(value: Any, field: str) -> date:
    try:
        if ISO_DAY.fullmatch(_plain(value, field)):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Invalid("not_a_day", f"{field} must be a day written as 2027-03-31.", field=field)


def whole(low: int, high: int) -> Callable[[Any, str], int]:
    def read(value: Any, field: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise Invalid("out_of_range", f"{field} must be a whole number from {low} to {high}.", field=field)
        return value

    return read


def calls_per_day(value: Any, field: str) -> int | None:
    return None if value is None else whole(1, MOST_CALLS)(value, field)


def replacing_way(value: Any, field: str) -> Way | None:
    return None if value is None else Way(one_of(DEMANDED)(value, field))


def truth(value: Any, field: str) -> bool:
    if not isinstance(value, bool):
        raise Invalid("not_a_truth", f"{field} must be true or false.", field=field)
    return value


def listed(read_one: Callable[[Any, str], Any], most: int) -> Callable[[Any, str], list[Any]]:
    def read(value: Any, field: str) -> list[Any]:
        if not isinstance(value, list | tuple):
            raise Invalid("not_a_list", f"{field} must be a list.", field=field)
        if len(value) > most:
            raise Invalid("too_many", f"{field} has at most {most} entries.", field=field, remedy="Leave some out.")
        return [read_one(each, f"{field}[{index}]") for index, each in enumerate(value)]

    return read


def _type_name(value: Any, field: str) -> str:
    if not TYPE.fullmatch(_plain(value, field)):
        raise Invalid("not_a_type", f"{field} must be a type of finding such as PERSON.", field=field)
    return str(value)


def type_names(value: Any, field: str) -> tuple[str, ...]:
    return tuple(sorted(set(listed(_type_name, MOST_TYPES)(value, field))))
