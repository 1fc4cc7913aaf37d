"""Every path the gateway knows. Anything else is answered 404 before a key is looked at, and nothing is sent. Pure."""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from governance.destinations.rules import Dialect
from governance.gateway.dialects.anthropic.format import ANTHROPIC
from governance.gateway.dialects.batches import Step
from governance.gateway.dialects.databricks.format import DATABRICKS
from governance.gateway.dialects.gemini.format import GEMINI
from governance.gateway.dialects.ollama.format import OLLAMA
from governance.gateway.dialects.openai.batches import UPLOAD
from governance.gateway.dialects.openai.chat import CHAT
from governance.gateway.dialects.openai.format import OPENAI
from governance.gateway.dialects.surface import Surface
from governance.gateway.dialects.wire_format import (
    ANY,
    BATCH_ID,
    FILE_ID,
    KEPT_ID,
    NAMED_ID,
    PARTS_ID,
    Route,
    Treatment,
    WireFormat,
    scanned,
)

FORMATS: tuple[WireFormat, ...] = (OPENAI, ANTHROPIC, GEMINI, DATABRICKS, OLLAMA)
PATTERNS = {
    "{model}": r"(?P<model>[A-Za-z0-9][A-Za-z0-9._:@/-]{0,200})",
    BATCH_ID: r"(?P<batch>[A-Za-z0-9_-]{1,80})",
    FILE_ID: r"(?P<file>file-set-[0-9a-f]{32})",
    KEPT_ID: r"(?P<file>remit-[0-9a-f]{32})",
    NAMED_ID: r"(?P<file>[A-Za-z0-9_-]{1,80})",
    PARTS_ID: r"(?P<file>upload_[0-9a-f]{32})",
    "{rest}": ".+",
}
# The dry run takes what chat completions take, toward any destination; before the path of any other call it takes what that call
# takes. Nothing of it is sent.
CHECK = scanned("POST", "/remit/v1/check", "Dry run", CHAT)


class Own(StrEnum):
    """What the gateway answers of itself."""

    ALIVE = "/healthz"
    READY = "/readyz"
    ACCESS = "/remit/v1/access"
    REVIEWS = "/remit/v1/reviews"


@dataclass(frozen=True, slots=True)
class Door:
    """A route as it was called: in whose format, and with which model in the path.

    `dialect` is what the destination has to speak, None when any will do. `batch` is our id of the batch it is about, `file`
    that of a training set, or of a file that was handed over. `dry`: the call is judged and never sent.
    """

    format: WireFormat
    route: Route
    dialect: Dialect | None
    model: str = ""
    batch: str = ""
    file: str = ""
    dry: bool = False

    @property
    def name(self) -> str:
        """What stands in records: the surface, or the path of one that is not scanned."""
        return self.route.surface.name if self.route.surface else f"{self.format.dialect}{self.route.path}"

    @property
    def is_exchange(self) -> bool:
        """Say whether it leads to a provider: it is no dry run, nothing that is answered here and no file that is kept here."""
        answered = self.route.treatment is Treatment.ANSWERED or self.route.surface is UPLOAD
        return not (self.dry or answered)

    def provider_path(self, model: str, batch: str = "") -> str:
        """Return what is added to the base URL of a destination, for the provider's own names of the model and the batch."""
        return self.route.provider_path.replace("{model}", model).replace(BATCH_ID, batch)


@dataclass(frozen=True, slots=True)
class _Table:
    """Whole paths are found at once; those with a name in them, and what a whole family has in common, one by one."""

    whole: dict[tuple[str, str, str], Door] = field(default_factory=dict)
    patterns: list[tuple[re.Pattern[str], Door]] = field(default_factory=list)

    def add(self, wire: WireFormat, route: Route) -> None:
        path, door = wire.base + route.path, Door(wire, route, wire.dialect)
        if "{" in path or route.method == ANY:
            written = re.escape(path)
            for name, pattern in PATTERNS.items():
                written = written.replace(re.escape(name), pattern)
            self.patterns.append((re.compile(written), door))
        else:
            self.whole[route.method, path, route.alt] = door

    def find(self, method: str, path: str, alt: str) -> Door | None:
        found = self.whole.get((method, path, alt)) or self.whole.get((method, path, ""))
        return found or next(filter(None, (_matched(each, method, path, alt) for each in self.patterns)), None)


def _matched(each: tuple[re.Pattern[str], Door], method: str, path: str, alt: str) -> Door | None:
    pattern, door = each
    if door.route.method not in {ANY, method} or door.route.alt not in {"", alt}:
        return None
    if not (match := pattern.fullmatch(path)):
        return None
    named = match.groupdict()
    return replace(door, model=named.get("model", ""), batch=named.get("batch", ""), file=named.get("file", ""))


_table = _Table()
for _format in FORMATS:
    for _route in _format.routes:
        _table.add(_format, _route)
_table.whole[CHECK.method, CHECK.path, ""] = Door(OPENAI, CHECK, None, dry=True)


def door_of(method: str, path: str, *, alt: str = "") -> Door | None:
    """Return what a call leads to, None for a path nobody has listed. `alt` is that part of its query."""
    if not path.startswith(f"{CHECK.path}/"):
        return _table.find(method, path, alt)
    rehearsed = _table.find(method, path.removeprefix(CHECK.path), alt)
    if rehearsed is None or rehearsed.dry or rehearsed.batch or rehearsed.route.treatment is Treatment.ANSWERED:
        return None
    return replace(rehearsed, dry=True)


def format_named(dialect: str) -> WireFormat | None:
    return next((each for each in FORMATS if each.dialect == dialect), None)


def format_of(path: str) -> WireFormat:
    """Return whose clients call such a path, so that they can read the answer; OpenAI's where nobody can tell."""
    return next((each for each in FORMATS if path.startswith(each.base.split("/v", maxsplit=1)[0] + "/")), OPENAI)


def scanned_routes() -> list[tuple[WireFormat, Route]]:
    """Return every line of the table whose body is a prompt by itself; a file, and what only speaks of one, are not."""
    return [
        (each, route)
        for each in FORMATS
        for route in each.routes
        if route.surface and route.surface.step in {None, Step.BEGIN}
    ]


def surface_named(name: str) -> Surface:
    """Return the surface that stands in records under a name. Raises StopIteration when there is none."""
    routes = (route for each in FORMATS for route in each.routes)
    return next(route.surface for route in routes if route.surface and route.surface.name == name)
