"""The calls of tools in an answer that a person must confirm: which they are, and with what they would be made. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from governance.core import strict_json
from governance.core.errors import Invalid
from governance.gateway.confirming import Argument, AskedCall
from governance.gateway.dialects.replies import Channel, Kind, ToolCall
from governance.gateway.dialects.shapes import Keys
from governance.gateway.replies.questions import Readable

Channels = Iterable[tuple[Channel, Readable]]


@dataclass(slots=True)
class Calls:
    """`needs` says of a tool's name whether a person must confirm its calls.

    A name that comes in pieces is judged as it grows, and each piece by itself: some providers say it again with every frame.
    """

    needs: Callable[[str], bool]
    _names: dict[Keys, str] = field(default_factory=dict)
    _growing: dict[Keys, str] = field(default_factory=dict)
    _whole: list[ToolCall] = field(default_factory=list)

    def note(self, calls: Iterable[ToolCall]) -> bool:
        """Take the calls of one frame; say whether any of them must be confirmed."""
        found = False
        for call in calls:
            if call.arguments is not None:
                if self.needs(call.name):
                    self._whole.append(call)
                    found = True
                continue
            grown = self._names[call.at] = self._names.get(call.at, "") + call.name
            name = next((each for each in (call.name, grown) if self.needs(each)), "")
            if name:
                self._growing.setdefault(call.at, name)
                found = True
        return found

    def asked(self, channels: Channels) -> tuple[AskedCall, ...]:
        """Return what would be called with what. `channels` are the texts of the answer; nothing is put in place of placeholders."""
        texts = [(channel.at, readable.text) for channel, readable in channels if channel.kind is Kind.ARGUMENTS]
        stated = {call.at for call in self._whole}
        grown = [
            AskedCall(name, tuple(_read(next((text for at, text in texts if at == place), ""))))
            for place, name in self._growing.items()
            if place not in stated
        ]
        return (*grown, *(AskedCall(call.name, tuple(_values(call.arguments, ""))) for call in self._whole))


def _read(text: str) -> Iterator[Argument]:
    try:
        tree = strict_json.loads(text.encode())
    except Invalid:
        tree = text
    yield from _values(tree, "")


def _values(value: Any, name: str) -> Iterator[Argument]:
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from _values(each, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list) and value:
        for index, each in enumerate(value):
            yield from _values(each, f"{name}[{index}]")
    elif value not in ("", {}, []):
        yield Argument(name, value if isinstance(value, str) else _plain(value))


def _plain(value: Any) -> str:
    return (
        {True: "yes", False: "no", None: "nothing"}[value] if value is None or isinstance(value, bool) else str(value)
    )
