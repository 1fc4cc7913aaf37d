"""The stand-in in Anthropic's interface."""

import json
from collections import OrderedDict
from typing import Any
from uuid import uuid4

from governance.stack.stand_in import MODELS
from governance.stack.stand_in.openai import whole
from governance.stack.stand_in.told import EVENTS, Reply, answer_to, spoken, texts_of, tool_called, words

BATCHES, MOST_KEPT = "/v1/messages/batches", 20
BEGAN = "2026-01-05T08:00:00Z"
_begun: OrderedDict[str, list[dict[str, Any]]] = OrderedDict()


def reply(method: str, path: str, asked: dict[str, Any]) -> Reply | None:
    """Return the reply to a call of `path`, which follows the base, None for one that is not known here."""
    if path.startswith(BATCHES):
        return _batches(method, path.removeprefix(BATCHES), asked)
    texts = texts_of(asked.get("messages"))
    if (method, path) == ("POST", "/v1/messages/count_tokens"):
        return whole({"input_tokens": words(texts)})
    if (method, path) == ("POST", "/v1/messages"):
        return _stream(asked, texts) if asked.get("stream") else whole(_message(asked, texts, answer_to(texts)))
    return None


def _batches(method: str, rest: str, asked: dict[str, Any]) -> Reply | None:
    """Answer a batch at once, and keep it for who asks: a stand-in has nothing else to do."""
    if (method, rest) == ("POST", ""):
        name = f"msgbatch_{uuid4().hex}"
        _begun[name] = asked["requests"]
        while len(_begun) > MOST_KEPT:
            _begun.popitem(last=False)
        return whole(_batch(name, "in_progress"))
    name, _, what = rest.removeprefix("/").partition("/")
    if name not in _begun:
        return None
    match (method, what):
        case ("GET", ""):
            return whole(_batch(name, "ended"))
        case ("POST", "cancel"):
            return whole(_batch(name, "canceling"))
        case ("GET", "results"):
            return Reply(200, "application/x-jsonl", [_result(each) for each in _begun[name]])
    return None


def _batch(name: str, status: str) -> dict[str, Any]:
    counted, ended = len(_begun[name]), status == "ended"
    counts = {"processing": 0 if ended else counted, "succeeded": counted if ended else 0}
    return {
        "id": name,
        "type": "message_batch",
        "processing_status": status,
        "request_counts": {**counts, "errored": 0, "canceled": 0, "expired": 0},
        "created_at": BEGAN,
        "expires_at": BEGAN,
        "ended_at": BEGAN if ended else None,
        "archived_at": None,
        "cancel_initiated_at": BEGAN if status == "canceling" else None,
        "results_url": f"https://stand-in.invalid/v1/messages/batches/{name}/results" if ended else None,
    }


def _result(each: dict[str, Any]) -> bytes:
    asked = each["params"]
    texts = texts_of(asked.get("messages"))
    result = {"type": "succeeded", "message": _message(asked, texts, answer_to(texts))}
    return json.dumps({"custom_id": each["custom_id"], "result": result}).encode() + b"\n"


def _message(asked: dict[str, Any], texts: list[str], answer: str) -> dict[str, Any]:
    """Return a whole message: a call where one is asked for. `answer` is "" where a stream begins."""
    content: list[dict[str, Any]] = [{"type": "text", "text": answer}] if answer else []
    ended = "end_turn" if answer else None
    if answer and (tool := tool_called(texts, (str(each.get("name")) for each in asked.get("tools") or []))):
        content, ended = (
            [{"type": "tool_use", "id": "toolu_stand_in", "name": tool, "input": {"text": texts[-1]}}],
            "tool_use",
        )
    return {
        "id": "msg_stand_in",
        "type": "message",
        "role": "assistant",
        "model": asked.get("model", MODELS[0]),
        "content": content,
        "stop_reason": ended,
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
