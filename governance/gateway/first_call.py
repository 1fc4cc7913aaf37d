"""The smallest call of each provider's interface: one message there, one text back. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from governance.destinations.rules import Dialect
from governance.gateway.routes import format_named

ANSWER_TOKENS = 500  # Anthropic's interface wants a limit with every call
Body = Callable[[str, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class FirstCall:
    """How one message is sent and its answer read.

    `path` follows the base of the interface, `{model}` in it stands for the model; `streamed_path` is where a call goes whose
    answer is to come piece by piece, `streams` what its body says besides. `key_header` is where the interface's own clients put
    the key. `body` makes the body of (model, text); `answer` reads the text of an answer, "" when there is none.
    """

    dialect: Dialect
    path: str
    body: Body
    answer: Callable[[Mapping[str, Any]], str]
    key_header: str = "Authorization: Bearer"
    streamed_path: str = ""
    streams: Mapping[str, Any] | None = None
    whole: Mapping[str, Any] | None = None

    def address(self, model: str, *, stream: bool = False) -> str:
        """Return the path on the gateway, its base included."""
        spoken = format_named(self.dialect)
        base = spoken.base if spoken else ""
        return base + (self.streamed_path if stream and self.streamed_path else self.path).replace("{model}", model)

    def asked(self, model: str, text: str, *, stream: bool = False) -> dict[str, Any]:
        """Return the body of a call."""
        return self.body(model, text) | dict((self.streams if stream else self.whole) or {})


def _messages(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def _named(model: str, text: str) -> dict[str, Any]:
    return {"model": model, "messages": _messages(text)}


def _limited(model: str, text: str) -> dict[str, Any]:
    return {"model": model, "max_tokens": ANSWER_TOKENS, "messages": _messages(text)}


def _invoked(_model: str, text: str) -> dict[str, Any]:
    return {"messages": _messages(text)}


def _contents(_model: str, text: str) -> dict[str, Any]:
    return {"contents": [{"role": "user", "parts": [{"text": text}]}]}


def _choice(answer: Mapping[str, Any]) -> str:
    return _text(_first(answer.get("choices")).get("message"), "content")


def _blocks(answer: Mapping[str, Any]) -> str:
    return "".join(_text(block, "text") for block in answer.get("content") or [])


def _parts(answer: Mapping[str, Any]) -> str:
    content = _first(answer.get("candidates")).get("content") or {}
    return "".join(_text(part, "text") for part in content.get("parts") or [])


def _message(answer: Mapping[str, Any]) -> str:
    return _text(answer.get("message"), "content")


def _first(found: Any) -> Mapping[str, Any]:
    return found[0] if found else {}


def _text(found: Any, name: str) -> str:
    value = (found or {}).get(name)
    return value if isinstance(value, str) else ""


STREAM = {"stream": True}
FIRST_CALLS: Mapping[Dialect, FirstCall] = {
    each.dialect: each
    for each in (
        FirstCall(Dialect.OPENAI, "/chat/completions", _named, _choice, streams=STREAM),
        FirstCall(Dialect.ANTHROPIC, "/v1/messages", _limited, _blocks, key_header="x-api-key:", streams=STREAM),
        FirstCall(
            Dialect.GEMINI,
            "/v1beta/models/{model}:generateContent",
            _contents,
            _parts,
            key_header="x-goog-api-key:",
            streamed_path="/v1beta/models/{model}:streamGenerateContent?alt=sse",
        ),
        FirstCall(Dialect.DATABRICKS, "/{model}/invocations", _invoked, _choice, streams=STREAM),
        FirstCall(Dialect.OLLAMA, "/api/chat", _named, _message, streams=STREAM, whole={"stream": False}),
    )
}
