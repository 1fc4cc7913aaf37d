"""Training sets as JSON lines: chat (`messages`), preference (`input`, `preferred_output`, ...) and completion (`prompt`, `completion`).

Every string is scanned, wherever it stands, and so are the keys: a record's shape says what it is for, not what may hide in it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from governance.core import strict_json
from governance.core.errors import Invalid
from governance.detection.document import Document, Segment

LARGEST_LINE = 8 * 1024 * 1024  # bytes
CHAT, COMPLETION, PREFERENCE, OTHER = "chat", "completion", "preference", "other"
# Values of these keys that are one of their usual words say nothing about anybody; any other value is scanned like text.
_STRUCTURAL = {
    "role": frozenset({"system", "developer", "user", "assistant", "tool", "function"}),
    "type": frozenset({"function", "text", "image_url"}),
}
# Keys the formats define; any other key is somebody's own words and is scanned.
_KEYS = frozenset(
    [
        "messages",
        "role",
        "content",
        "name",
        "type",
        "text",
        "tool_calls",
        "tool_call_id",
        "function",
        "arguments",
        "parameters",
        "description",
        "weight",
        "tools",
        "id",
        "refusal",
        "function_call",
        "functions",
        "parallel_tool_calls",
        "image_url",
        "url",
        "detail",
        "input",
        "preferred_output",
        "non_preferred_output",
        "prompt",
        "completion",
        "properties",
        "required",
        "enum",
        "items",
        "title",
        "strict",
        "metadata",
        "index",
    ]
)
_NAME = re.compile(r"(?<![\w{])[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Record:
    """`line` counts from 1. `segments` have paths like `messages[2].content`; `kind` is chat, completion, preference or other."""

    line: int
    kind: str
    segments: tuple[Segment, ...]

    @property
    def document(self) -> Document:
        return Document(self.segments)


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """`code` is stable and machine-read, `reason` is a sentence; neither quotes the line."""

    line: int
    code: str
    reason: str


def records(lines: Iterable[bytes], *, chat_only: bool = False) -> Iterator[Record | BrokenLine]:
    """Yield one Record or BrokenLine per line, in order, holding one line at a time. Empty lines are left out.

    `lines` may end in a newline or not. `chat_only` makes a record of another shape a broken line.
    """
    for number, raw in enumerate(lines, start=1):
        line = raw.rstrip(b"\r\n")
        if not line.strip():
            continue
        try:
            yield _record(number, line, chat_only=chat_only)
        except Invalid as error:
            yield BrokenLine(number, error.code, error.reason)


def _record(number: int, line: bytes, *, chat_only: bool) -> Record:
    if len(line) > LARGEST_LINE:
        raise Invalid("line_too_long", f"The line has {len(line)} bytes; at most {LARGEST_LINE} are read.")
    value = strict_json.loads(line)
    if not isinstance(value, dict):
        raise Invalid("record_not_object", "The line is not a JSON object.")
    kind = kind_of(value)
    if kind is CHAT:
        _check_chat(value["messages"])
    if chat_only and kind is not CHAT:
        raise Invalid("record_not_chat", "The record has no list of messages.")
    return Record(number, kind, tuple(segments_of(value)))


def kind_of(record: dict[str, Any]) -> str:
    """Return which of the known shapes a record has."""
    if isinstance(record.get("messages"), list):
        return CHAT
    if "preferred_output" in record and "input" in record:
        return PREFERENCE
    if isinstance(record.get("prompt"), str) and isinstance(record.get("completion"), str):
        return COMPLETION
    return OTHER


def _check_chat(messages: list[Any]) -> None:
    """Refuse what a provider would refuse after the upload. Codes follow the checks providers publish."""
    if not messages:
        raise Invalid("missing_messages_list", "The list of messages is empty.")
    for index, message in enumerate(messages):
        if not isinstance(message, dict) or "role" not in message:
            raise Invalid("message_missing_key", f"messages[{index}] has no role.")
        if message["role"] not in _STRUCTURAL["role"]:
            raise Invalid("unrecognized_role", f"messages[{index}] has an unknown role.")
        if message.get("content") is None and not (message.get("tool_calls") or message.get("function_call")):
            raise Invalid("missing_content", f"messages[{index}] has no content.")
    if not any(message["role"] == "assistant" for message in messages):
        raise Invalid("example_missing_assistant_message", "No message is the assistant's.")


def segments_of(value: Any, path: str = "") -> Iterator[Segment]:
    """Yield every string of a JSON value and every key the formats do not define, with its path, in document order."""
    if isinstance(value, dict):
        for index, (key, inner) in enumerate(value.items()):
            if key not in _KEYS:
                yield Segment(key_path(path, index), key)
            yield from segments_of(inner, path_of(path, key, index)) if not _is_structural(key, inner) else ()
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from segments_of(inner, f"{path}[{index}]")
    elif isinstance(value, str) and value:
        yield Segment(path, value)
    elif isinstance(value, int | float) and not isinstance(value, bool) and len(str(value)) >= _TELLING_DIGITS:
        yield Segment(path, str(value))


def path_of(path: str, key: str, index: int) -> str:
    """Return the path of a member: it ends in the key where that is a plain name, for the scanner reads "password" there."""
    if key.isidentifier() and key.isascii():
        return f"{path}.{key}" if path else key
    return f"{path}{{{index}}}"


def key_path(path: str, index: int) -> str:
    return f"{path}{{{index}}}#key"


def shown_path(path: str) -> str:
    """Return `path` as it may be stored and shown: a key that the formats do not define may be somebody's own words."""
    return _NAME.sub(lambda name: name[0] if name[0] in _KEYS or name[0] == "key" else "*", path)


_TELLING_DIGITS = 7  # a card or a telephone number may stand as a JSON number


def _is_structural(key: str, value: Any) -> bool:
    return isinstance(value, str) and value in _STRUCTURAL.get(key, ())
