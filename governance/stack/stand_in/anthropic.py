"""The stand-in in Anthropic's interface."""

import json
from typing import Any

from governance.stack.stand_in import MODELS
from governance.stack.stand_in.openai import whole
from governance.stack.stand_in.told import EVENTS, Reply, answer_to, spoken, texts_of, words


def reply(method: str, path: str, asked: dict[str, Any]) -> Reply | None:
    """Return the reply to a call of `path`, which follows the base, None for one that is not known here."""
    texts = texts_of(asked.get("messages"))
    if (method, path) == ("POST", "/v1/messages/count_tokens"):
        return whole({"input_tokens": words(texts)})
    if (method, path) == ("POST", "/v1/messages"):
        return _stream(asked, texts) if asked.get("stream") else whole(_message(asked, texts, answer_to(texts)))
    return None


def _message(asked: dict[str, Any], texts: list[str], answer: str) -> dict[str, Any]:
    return {
        "id": "msg_stand_in",
        "type": "message",
        "role": "assistant",
        "model": asked.get("model", MODELS[0]),
        "content": [{"type": "text", "text": answer}] if answer else [],
        "stop_reason": "end_turn" if answer else None,
        "stop_sequence": None,
        "usage": {"input_tokens": words(texts), "output_tokens": words([answer])},
    }


def _stream(asked: dict[str, Any], texts: list[str]) -> Reply:
    answer = answer_to(texts)
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": _message(asked, texts, "")},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word}}
            for word in spoken(answer)
        ),
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": words([answer])},
        },
        {"type": "message_stop"},
    ]
    return Reply(200, EVENTS, [f"event: {each['type']}\ndata: {json.dumps(each)}\n\n".encode() for each in events])
