"""The tools a call declares, in the same terms whatever the provider: the application's own, and those a provider runs itself. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from governance.core.errors import NotAllowed
from governance.gateway.dialects.shapes import Shape, Spot, Text, record, tagged, word
from governance.remits.tools import AT_PROVIDER, ProviderTool

NAME = re.compile(r"[A-Za-z0-9_.:-]{1,128}", re.ASCII)
HTTPS_PORT = 443


@dataclass(frozen=True, slots=True)
class Declared:
    """One tool. `provided` is what the provider runs, None for the application's own; `hosts` is all it may speak to, empty for any."""

    name: str
    place: str
    provided: ProviderTool | None = None
    hosts: tuple[str, ...] = ()

    @property
    def asked_as(self) -> str:
        """How a remit would have to list it, "" where none can."""
        if self.provided is None:
            return self.name
        named = ", ".join(f"{AT_PROVIDER}{self.provided}:{host}" for host in self.hosts)
        return {ProviderTool.OTHER: "", ProviderTool.MCP: named}.get(
            self.provided, named or f"{AT_PROVIDER}{self.provided}"
        )


# From a body to the tools it declares.
Declares = Callable[[Mapping[str, Any]], Iterable[Declared]]


def declares_nothing(_tree: Mapping[str, Any]) -> Iterable[Declared]:
    return ()


def tool_refused(declared: Declared) -> NotAllowed:
    """Return the refusal of a tool that no line of the remit allows. A name that is no plain word may hold data, and errors quote none."""
    named = f" {declared.name}" if NAME.fullmatch(declared.name) else ""
    asked = declared.asked_as if all(map(NAME.fullmatch, declared.asked_as.split(", "))) else ""
    where = "runs at the provider, which is a second way out, and the remit does not list it"
    why = "is not among the tools that the remit lists" if declared.provided is None else where
    ask = f"Ask for a remit that lists {asked}, or leave the tool away."
    return NotAllowed(
        "tool_not_allowed",
        f"The tool{named} {why}.",
        field=declared.place,
        remedy=ask if asked else "Leave it away, or let the application run such a tool itself.",
    )


def declared_tools(shapes: Mapping[str, Shape], *, otherwise: str = "") -> Shape:
    """A tool, by its type. A type nobody has written down is one that the provider runs, and is refused as a tool that no remit lists."""
    known = tagged("type", shapes, otherwise=otherwise)

    def walk(value: Any, spot: Spot, texts: list[Text]) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if isinstance(kind, str) and kind not in shapes:
            raise tool_refused(Declared(kind, spot.place, ProviderTool.OTHER))
        known(value, spot, texts)

    return walk


def unlisted(name: str) -> Shape:
    """A field that declares a tool which the provider runs and which no remit can list."""

    def walk(_value: Any, spot: Spot, _texts: list[Text]) -> None:
        raise tool_refused(Declared(name, spot.place, ProviderTool.OTHER))

    return walk


def provided(kind: str, *, required: str = "", **fields: Shape) -> Shape:
    """A tool that the provider runs: scanned whole, whatever is in it, but for `fields`, which have shapes of their own."""
    return record({"type": word(kind), **fields}, required=frozenset(required.split()), others_scanned=True)


def host_of(address: Any) -> tuple[str, ...]:
    """Return the host of an address as a tuple of one; empty when it is no plain https address, so that no line of a remit meets it."""
    try:
        parts = urlsplit(address if isinstance(address, str) else "")
        plain = parts.scheme == "https" and parts.username is None and parts.port in {None, HTTPS_PORT}
    except ValueError:
        return ()
    return (parts.hostname,) if plain and parts.hostname else ()


def sites_of(domains: Any) -> tuple[str, ...]:
    """Return the hosts that a web tool is kept to; empty when it is kept to none."""
    listed = domains if isinstance(domains, list) else []
    return tuple(each.split("/", 1)[0].lower() for each in listed if isinstance(each, str))
