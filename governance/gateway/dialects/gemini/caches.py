"""Gemini's cached contents: what stands before many calls, kept here and put into each call that names it. Pure.

Source: the official `google-genai` package, version 3.6. How many tokens they are is left away: nobody has counted them here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from governance.core.errors import Invalid, NotFound
from governance.gateway.dialects.gemini.content import ASKED, INNER, spelled
from governance.gateway.dialects.gemini.files import PREFIX, page_asked
from governance.gateway.dialects.kept import CACHE, Kept, KeptForm, PageAsked, Query, number_in, said_of
from governance.gateway.dialects.own_files import FileNamed
from governance.gateway.dialects.shapes import Shape, Spot, both_spellings, text
from governance.gateway.dialects.surface import Tree

NAME = "cachedContents/"
MARK = NAME.encode()  # stands in every body that names some, as the official client writes it
MODELS = "models/"
HELD = ("contents", "systemInstruction", "tools", "toolConfig")
TTL = re.compile(r"([0-9]{1,9})(?:\.[0-9]{1,9})?s")
USUAL_LIFE, MOST_LIFE = timedelta(hours=1), timedelta(days=7)
USUAL_PAGE, MOST_ON_A_PAGE = 50, 1000
LONGEST_NAME = 128  # as Gemini says of displayName
UNTIL = {"ttl": text(), "expireTime": text()}
_CREATED: Shape = spelled(
    {**{name: ASKED[name] for name in HELD}, "model": text(), "displayName": text(), **UNTIL},
    required=frozenset({"model"}),
)
_CHANGED: Shape = spelled(UNTIL)


class NewCache(NamedTuple):
    """`model` as the caller names it, `held` the fields that stand before those of a call, in the first of their spellings."""

    model: str
    name: str
    until: datetime
    held: dict[str, Any]


def new_cache(told: Any, *, at: datetime) -> NewCache:
    """Return the contents that a body says. Raises as shapes; Invalid: `field_missing`, `name_too_long`, `wrong_expiry`."""
    _CREATED(told, Spot(), [])
    held = {name: each for name in HELD if (each := _of(told, name)) is not None}
    if not held.keys() & {"contents", "systemInstruction", "tools"}:
        reason = "There is nothing to keep: contents, systemInstruction or tools."
        raise Invalid("field_missing", reason, field="contents", remedy="Send one of them.")
    name = _of(told, "displayName") or ""
    if len(name) > LONGEST_NAME:
        reason = f"A name is at most {LONGEST_NAME} characters long."
        raise Invalid("name_too_long", reason, field="displayName", remedy="Shorten it.")
    return NewCache(told["model"].removeprefix(MODELS), name, _until(told, at=at, usual=USUAL_LIFE), held)


def moved_until(told: Any, *, at: datetime) -> datetime:
    """Return until when some are kept from now on. Raises as shapes; Invalid, `wrong_expiry`."""
    _CHANGED(told, Spot(), [])
    return _until(told, at=at, usual=None)


def _until(told: Mapping[str, Any], *, at: datetime, usual: timedelta | None) -> datetime:
    ttl, moment = _of(told, "ttl"), _of(told, "expireTime")
    said = [each for each in (ttl, moment) if each is not None]
    if len(said) > 1 or (not said and usual is None):
        raise _wrong("Say either ttl or expireTime.", field="ttl")
    if ttl is not None:
        written = TTL.fullmatch(ttl)
        until = at + timedelta(seconds=int(written[1])) if written else at
    elif moment is not None:
        until = _moment(moment)
    else:
        until = at + (usual or USUAL_LIFE)
    if not timedelta() < until - at <= MOST_LIFE:
        raise _wrong('They are kept for "1s" to "604800s", which is a week.', field="ttl" if ttl else "expireTime")
    return until


def _moment(written: str) -> datetime:
    with suppress(ValueError):
        moment = datetime.fromisoformat(written)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    raise _wrong("expireTime is a time as RFC 3339 writes it.", field="expireTime")


def _wrong(reason: str, *, field: str) -> Invalid:
    return Invalid("wrong_expiry", reason, field=field, remedy='Write ttl as seconds, "3600s".')


def _of(told: Mapping[str, Any], name: str) -> Any:
    """Return the value of a field in either spelling. Raises Invalid, `field_twice`."""
    there = [told[each] for each in both_spellings({name: text()}) if told.get(each) is not None]
    if len(there) > 1:
        raise Invalid("field_twice", f"{name} stands there in both spellings.", field=name, remedy="Write it once.")
    return there[0] if there else None


def cache_name(number: UUID) -> str:
    return f"{NAME}{PREFIX}{number.hex}"


def cache_number(name: str) -> UUID | None:
    """Return the number in the name of contents that are kept here, None when it is none."""
    return number_in(name, prefix=f"{NAME}{PREFIX}")


def cache_object(cache: Kept, _base: str = "") -> dict[str, Any]:
    name = cache.said.get("name")
    return {
        "name": cache_name(cache.id),
        **({"displayName": name} if name else {}),
        "model": MODELS + cache.said.get("model", ""),
        "createTime": said_of(cache.at),
        "updateTime": said_of(cache.changed_at),
        "expireTime": said_of(cache.expires_at),
    }


def no_such_cache(field: str = "") -> NotFound:
    remedy = "They are known to the initiative whose key created them, until they expire. Create them again."
    return NotFound("no_such_cache", "This initiative has no such cached contents.", field=field, remedy=remedy)


def _page(query: Query) -> PageAsked:
    return page_asked(query, cache_number, usual=USUAL_PAGE, most=MOST_ON_A_PAGE)


def _listing(files: Sequence[Kept], *, more: bool, base: str) -> dict[str, Any]:
    rows = [cache_object(each, base) for each in files]
    return {"cachedContents": rows, **({"nextPageToken": rows[-1]["name"]} if more else {})}


def caches_named(tree: Tree) -> Iterator[FileNamed]:
    """Yield every place of a body, whose shape nobody has looked at yet, that names cached contents: ours, or none."""
    for part in (tree, *map(tree.get, INNER)):
        for field in both_spellings({"cachedContent": text()}):
            if isinstance(part, dict) and isinstance(name := part.get(field), str):
                yield FileNamed(cache_number(name), part, field)


def put_before(named: FileNamed, held: Mapping[str, Any]) -> None:
    """Put contents before those of the request that names them, as if they had stood there.

    Raises:
        Invalid: `set_in_cache`, for what the provider lets nobody set beside them either; `field_twice`.
    """
    request = named.part
    del request[named.field]
    if any(request.get(each) is not None for each in both_spellings({"cachedContent": text()})):
        raise Invalid(
            "field_twice", "A request names cached contents once.", field=named.field, remedy="Write it once."
        )
    beside = both_spellings({name: text() for name in HELD[1:]})
    if any(request.get(each) is not None for each in beside):
        reason = "Tool config, tools and system instruction are those of the cached contents, and not set beside them."
        raise Invalid("set_in_cache", reason, field=named.field, remedy="Create the contents with them.")
    own = request.get("contents")
    for name, value in held.items():
        if name != "contents":
            request[name] = value
        elif isinstance(own, list):  # without any the shape says that they are missing
            request[name] = [*value, *own]


KEPT = KeptForm(
    CACHE,
    lambda own: cache_number(NAME + own),
    _page,
    cache_object,
    _listing,
    lambda _number: {},
    no_such_cache,
)
