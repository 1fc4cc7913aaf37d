"""What the stand-in says, before it is put into anybody's format."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_ECHO = 600
CALLED = re.compile(r"\bcall ([A-Za-z0-9_-]+)")
NAME = "Remit's stand-in provider. I am not a model and know nothing"
JSON, EVENTS, LINES = "application/json", "text/event-stream", "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Reply:
    """`parts` are sent one after the other, as fast as people read."""

    status: int
    media_type: str
    parts: Sequence[bytes]


def answer_to(texts: Sequence[str], what: str = "messages") -> str:
    """Return what the stand-in says: what it is, and the last text as it arrived."""
    last = texts[-1] if texts else ""
    more = len(last) - LONGEST_ECHO
    shown = last if more <= 0 else f"{last[:LONGEST_ECHO]} (and {more} characters more)"
    return f"This is {NAME}. {len(texts)} {what} reached me; the last one reads: {shown}"


def tool_called(texts: Sequence[str], tools: Iterable[str]) -> str:
    """Return the tool of `tools` that the last text asks to call, as in "call send_letter"; "" where it asks for none."""
    asked = set(CALLED.findall(texts[-1])) if texts else set()
    return next((name for name in tools if name in asked), "")


def text_of(content: Any) -> str:
    """Return the text of a message's content, whichever format it is in: a text, a part, or a list of parts."""
    if isinstance(content, list):
        return " ".join(filter(None, map(text_of, content)))
    if isinstance(content, dict):
        return text_of(next((content[name] for name in ("text", "content", "parts", "output") if name in content), ""))
    return content if isinstance(content, str) else ""


def texts_of(messages: Any) -> list[str]:
    """Return the text of each message of a list; a text alone is one message."""
    listed = messages if isinstance(messages, list) else [messages]
    return [text_of(each) for each in listed if isinstance(each, dict | str)]


def words(texts: Sequence[str]) -> int:
    """Return the number of words, which stand for tokens here."""
    return sum(len(text.split()) for text in texts)


def spoken(answer: str) -> list[str]:
    """Return the answer word by word, with the spaces."""
    first, *rest = answer.split(" ")
    return [first, *(f" {word}" for word in rest)]
