"""The stand-in in OpenAI's interface, of which Databricks and Ollama speak parts too."""

import base64
import json
import struct
from typing import Any

from governance.stack.stand_in import MODELS, files, tuning
from governance.stack.stand_in.responses import fetched, respond
from governance.stack.stand_in.told import EVENTS, JSON, Reply, answer_to, spoken, texts_of, tool_called, words

SHARED = {"id": "stand-in-1", "created": 0}
DONE = b"data: [DONE]\n\n"


def reply(method: str, path: str, asked: dict[str, Any]) -> Reply | None:
    """Return the reply to a call of `path`, which follows the base, None for one that is not known here."""
    if (method, path) == ("GET", "/models"):
        rows = [{"id": name, "object": "model", "created": 0, "owned_by": "stand-in"} for name in MODELS]
        return whole({"object": "list", "data": rows})
    if path.startswith(("/files", "/batches")):
        return files.reply(method, path, asked, reply)
    if path.startswith("/fine_tuning"):
        return tuning.reply(method, path, asked, files.kept())
    known = ANSWERED.get(path)
    return known(asked) if known and method == "POST" else fetched(method, path)


def whole(body: dict[str, Any]) -> Reply:
    return Reply(200, JSON, [json.dumps(body, ensure_ascii=False).encode()])


def embed(asked: dict[str, Any]) -> Reply:
    """Return numbers that say nothing but how long each text is."""
    texts = texts_of(asked.get("input"))
    rows = [{"object": "embedding", "index": n, "embedding": _numbers(asked, text)} for n, text in enumerate(texts)]
    usage = {"prompt_tokens": words(texts), "total_tokens": words(texts)}
    return whole({"object": "list", "data": rows, "model": asked.get("model", MODELS[0]), "usage": usage})


def _numbers(asked: dict[str, Any], text: str) -> list[float] | str:
    numbers = [float(len(text)), float(words([text])), 0.0, 1.0]
    packed = base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()
    return packed if asked.get("encoding_format") == "base64" else numbers


def moderate(asked: dict[str, Any]) -> Reply:
    """Return that nothing was looked at."""
    rows = [{"flagged": False, "categories": {}, "category_scores": {}} for _ in texts_of(asked.get("input"))]
    return whole({"id": "modr_stand_in", "model": asked.get("model", MODELS[0]), "results": rows})


def count(asked: dict[str, Any]) -> Reply:
    return whole({"object": "response.input_tokens", "input_tokens": words(texts_of(asked.get("input")))})


def go_on(asked: dict[str, Any]) -> Reply:
    """Return a completion: OpenAI's older surface."""
    texts = texts_of(asked.get("prompt"))
    answer = answer_to(texts, "prompts")
    body = {**SHARED, "object": "text_completion", "model": asked.get("model", MODELS[0])}
    if asked.get("stream"):
        pieces = [_text_piece(body, word, None) for word in spoken(answer)]
        return Reply(200, EVENTS, [*pieces, _text_piece(body, "", "stop"), DONE])
    choices = [{"index": 0, "text": answer, "finish_reason": "stop", "logprobs": None}]
    return whole({**body, "choices": choices, "usage": _usage(texts, answer)})


def _text_piece(body: dict[str, Any], word: str, ended: str | None) -> bytes:
    choices = [{"index": 0, "text": word, "finish_reason": ended, "logprobs": None}]
    return f"data: {json.dumps({**body, 'choices': choices})}\n\n".encode()


def complete(asked: dict[str, Any]) -> Reply:
    texts = texts_of(asked.get("messages"))
    answer = answer_to(texts)
    shared = {**SHARED, "model": asked.get("model", MODELS[0])}
    usage = _usage(texts, answer)
    if asked.get("stream"):
        pieces = [_piece(shared, {"content": word}) for word in spoken(answer)]
        return Reply(200, EVENTS, [*pieces, _piece(shared, {}, finish_reason="stop", usage=usage), DONE])
    message: dict[str, Any] = {"role": "assistant", "content": answer}
    ended = "stop"
    if tool := tool_called(texts, (each["function"]["name"] for each in asked.get("tools") or [])):
        call = {"name": tool, "arguments": json.dumps({"text": texts[-1]}, ensure_ascii=False)}
        calls = [{"id": "call_stand_in", "type": "function", "function": call}]
        message, ended = {"role": "assistant", "content": None, "tool_calls": calls}, "tool_calls"
    choices = [{"index": 0, "message": message, "finish_reason": ended}]
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


ANSWERED = {
    "/chat/completions": complete,
    "/completions": go_on,
    "/responses": respond,
    "/responses/input_tokens": count,
    "/embeddings": embed,
    "/moderations": moderate,
}
