"""JSON read so that nobody can read it differently: one meaning or a refusal.

Lenient parsers disagree about duplicate keys, NaN, lone surrogates and encodings, and each disagreement is a way to show the
scanner one thing and the receiver another.
"""

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NoReturn

from governance.core.errors import Invalid, TooLarge

DEEPEST = 64
_BOM = b"\xef\xbb\xbf"
# A string that never ends is read to the end as well: else the search would begin again at each of its escaped quotes.
_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*"?'
_STEPS_AND_STRINGS = re.compile(_STRING + rb"|[\[{,]", re.DOTALL)
_BRACKETS_AND_STRINGS = re.compile(_STRING + rb"|[\[\]{}]", re.DOTALL)
# Most texts with escapes have none of these, and the careful walk over every string is spared.
_DOUBTFUL_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_SURROGATE = re.compile("[\ud800-\udfff]")


def loads(raw: bytes, *, deepest: int = DEEPEST, most: int | None = None) -> Any:
    """Return the value of one JSON text.

    Objects are dicts in their own order, numbers int or float, everything else as `json` does. `most` is how many values it may
    hold, a list or an object counting as two: each takes a hundred times the room of the two bytes it is written in.

    Raises:
        TooLarge: `json_too_many`.
        Invalid: `json_encoding`, `json_bom`, `json_depth`, `json_syntax`, `json_duplicate_key`, `json_number`, `json_nul`,
            `json_surrogate`. `field` is the position (`byte 17`, `line 3 column 9`) where it is known. Never quotes the text.
    """
    text = _decoded(raw)
    _check_depth(raw, deepest)
    if most is not None:
        _check_count(raw, most)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise Invalid("json_syntax", f"This is not JSON: {error.msg.lower()} at {place}.", field=place) from None
    except RecursionError:
        raise Invalid("json_depth", f"The JSON is nested deeper than {deepest}.") from None
    if _DOUBTFUL_ESCAPE.search(text):
        _check_escapes(text)
    return value


def _decoded(raw: bytes) -> str:
    if raw.startswith(_BOM):
        raise Invalid(
            "json_bom",
            "The JSON begins with a byte order mark.",
            field="byte 0",
            remedy="Save it as UTF-8 without a mark.",
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid(
            "json_encoding", f"The JSON is not UTF-8 at byte {error.start}.", field=f"byte {error.start}"
        ) from None
    if (at := text.find("\x00")) >= 0:
        raise Invalid("json_nul", f"The JSON holds a NUL at character {at}.", field=f"character {at}")
    return text


def _check_depth(raw: bytes, deepest: int) -> None:
    """Count brackets before parsing: the C scanner meets deep nesting with a RecursionError or worse."""
    if raw.count(b"[") + raw.count(b"{") <= deepest:
        return
    depth = 0
    for token in _BRACKETS_AND_STRINGS.finditer(raw):
        first = raw[token.start()]
        depth += (first in b"[{") - (first in b"]}")
        if depth > deepest:
            raise Invalid("json_depth", f"The JSON is nested deeper than {deepest}.", field=f"byte {token.start()}")


def _check_count(raw: bytes, most: int) -> None:
    """Count what begins a value, before any is made. Commas of a long text only make it count more carefully."""
    if raw.count(b",") + raw.count(b"[") + raw.count(b"{") < most:
        return
    count = 1
    for token in _STEPS_AND_STRINGS.finditer(raw):
        count += raw[token.start()] != ord('"')
        if count > most:
            reason = f"The JSON holds more than {most:,} values."
            raise TooLarge("json_too_many", reason, remedy="Send less at once, or a training set as a file.")


def _check_escapes(text: str) -> None:
    """Refuse escapes that make a NUL or half a character; their plain forms cannot occur in decoded UTF-8."""
    at = 0
    while (at := text.find('"', at)) >= 0:
        value, end = scanstring(text, at + 1, True)
        if "\x00" in value:
            raise Invalid("json_nul", f"A string holds a NUL, after character {at}.", field=f"character {at}")
        if _SURROGATE.search(value):
            raise Invalid(
                "json_surrogate",
                f"A string holds half a character (a lone surrogate), after character {at}.",
                field=f"character {at}",
            )
        at = end


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Invalid("json_duplicate_key", "An object has the same key twice.", remedy="Keep one of them.")
    return found


def _no_constant(_name: str) -> NoReturn:
    raise Invalid("json_number", "NaN and Infinity are not JSON.")


def _finite(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Invalid("json_number", "A number is too large to be held.")
    return value


def _whole(digits: str) -> int:
    if len(digits) > 400:  # noqa: PLR2004 - beyond any use, and Python's own limit would answer with a ValueError of another kind
        raise Invalid("json_number", "A number is too large to be held.")
    return int(digits)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_finite, parse_int=_whole, strict=True
)
