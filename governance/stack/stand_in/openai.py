"""The stand-in in OpenAI's interface, of which Databricks and Ollama speak parts too."""

import json
from typing import Any

from governance.stack.stand_in import MODELS
from governance.stack.stand_in.told import EVENTS, JSON, Reply, answer_to, spoken, texts_of, words

SHARED = {"id": "stand-in-1", "created": 0}
DONE = b"data: [DONE]\n\n"


def reply(method: str, path: str, asked: dict[str, Any]) -> Reply | None:
    """Return the reply to a call of `path`, which follows the base, None for one that is not known here."""
    if (method, path) == ("GET", "/models"):
        rows = [{"id": name, "object": "model", "created": 0, "owned_by": "stand-in"} for name in MODELS]
        return whole({"object": "list", "data": rows})
    if (method, path) == ("POST", "/chat/completions"):
        return complete(asked)
    return None


def whole(body: dict[str, Any]) -> Reply:
    return Reply(200, JSON, [json.dumps(body, ensure_ascii=False).encode()])


def complete(asked: dict[str, Any]) -> Reply:
    texts = texts_of(asked.get("messages"))
    answer = answer_to(texts)
    shared = {**SHARED, "model": asked.get("model", MODELS[0])}
    usage = _usage(texts, answer)
    if asked.get("stream"):
        pieces = [_piece(shared, {"content": word}) for word in spoken(answer)]
        return Reply(200, EVENTS, [*pieces, _piece(shared, {}, finish_reason="stop", usage=usage), DONE])
    message = {"role": "assistant", "content": answer}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    return whole({**shared, "object": "chat.completion", "choices": choices, "usage": usage})


def _usage(texts: list[str], answer: str) -> dict[str, int]:
    words_in, words_out = words(texts), words([answer])
    return {"prompt_tokens": words_in, "completion_tokens": words_out, "total_tokens": words_in + words_out}


def _piece(
    shared: dict[str, Any], delta: dict[str, str], *, finish_reason: str | None = None, usage: Any = None
) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    body = {**shared, "object": "chat.completion.chunk", "choices": [choice]} | ({"usage": usage} if usage else {})
    return f"data: {json.dumps(body)}\n\n".encode()
