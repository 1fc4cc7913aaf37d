"""The stand-in's answer in OpenAI's responses, whole and in events."""

import json
from collections import OrderedDict
from typing import Any
from uuid import uuid4

from governance.stack.stand_in import MODELS
from governance.stack.stand_in.told import EVENTS, JSON, Reply, answer_to, spoken, texts_of, words

MOST_KEPT = 40
_later: OrderedDict[str, dict[str, Any]] = OrderedDict()
ITEM = {"id": "msg_stand_in", "type": "message", "role": "assistant"}


def respond(asked: dict[str, Any]) -> Reply:
    texts = texts_of(asked.get("input"))
    answer = answer_to(texts)
    done = _response(asked, texts, answer)
    if asked.get("background"):
        return _whole(_begun(asked, done))
    if not asked.get("stream"):
        return _whole(done)
    return Reply(200, EVENTS, [_event(number, each) for number, each in enumerate(_events(asked, answer, done))])


def fetched(method: str, path: str) -> Reply | None:
    """Return what ran in the background, which is done when somebody asks; None for anything else."""
    _, kind, name, what, *more = [*path.split("/"), "", ""]
    if kind != "responses" or name not in _later or any(more):
        return None
    match (method, what):
        case ("GET", ""):
            return _whole(_later[name])
        case ("POST", "cancel"):
            return _whole({**_later[name], "status": "cancelled", "output": [], "usage": None})
    return None


def _begun(asked: dict[str, Any], done: dict[str, Any]) -> dict[str, Any]:
    name = f"resp_{uuid4().hex}"
    _later[name] = {**done, "id": name, "background": True}
    while len(_later) > MOST_KEPT:
        _later.popitem(last=False)
    return {**_response(asked, [], ""), "id": name, "background": True, "status": "queued", "usage": None}


def _whole(body: dict[str, Any]) -> Reply:
    return Reply(200, JSON, [json.dumps(body, ensure_ascii=False).encode()])


def _response(asked: dict[str, Any], texts: list[str], answer: str) -> dict[str, Any]:
    words_in, words_out = words(texts), words([answer])
    return {
        "id": "resp_stand_in",
        "object": "response",
        "created_at": 0,
        "status": "completed" if answer else "in_progress",
        "model": asked.get("model", MODELS[0]),
        "output": [_item(answer)] if answer else [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": words_in,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": words_out,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": words_in + words_out,
        },
    }


def _item(answer: str) -> dict[str, Any]:
    return {**ITEM, "status": "completed", "content": [_part(answer)]}


def _part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": []}


def _events(asked: dict[str, Any], answer: str, done: dict[str, Any]) -> list[dict[str, Any]]:
    at = {"item_id": ITEM["id"], "output_index": 0, "content_index": 0}
    begun = {**ITEM, "status": "in_progress", "content": []}
    return [
        {"type": "response.created", "response": _response(asked, [], "")},
        {"type": "response.output_item.added", "output_index": 0, "item": begun},
        {"type": "response.content_part.added", **at, "part": _part("")},
        *({"type": "response.output_text.delta", **at, "delta": word, "logprobs": []} for word in spoken(answer)),
        {"type": "response.output_text.done", **at, "text": answer, "logprobs": []},
        {"type": "response.content_part.done", **at, "part": _part(answer)},
        {"type": "response.output_item.done", "output_index": 0, "item": _item(answer)},
        {"type": "response.completed", "response": done},
    ]


def _event(number: int, body: dict[str, Any]) -> bytes:
    told = json.dumps({**body, "sequence_number": number}, ensure_ascii=False)
    return f"event: {body['type']}\ndata: {told}\n\n".encode()
