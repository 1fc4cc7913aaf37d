"""The stand-in in Ollama's interface."""

import json
from typing import Any

from governance.stack.stand_in import MODELS
from governance.stack.stand_in import openai as as_openai
from governance.stack.stand_in.openai import whole
from governance.stack.stand_in.told import LINES, Reply, answer_to, spoken, texts_of, tool_called, words


def reply(method: str, path: str, asked: dict[str, Any]) -> Reply | None:
    """Return the reply to a call of `path`, which follows the base, None for one that is not known here."""
    if path.startswith("/v1/"):
        return as_openai.reply(method, path.removeprefix("/v1"), asked)
    match (method, path):
        case ("POST", "/api/chat"):
            texts = texts_of(asked.get("messages"))
            tool = tool_called(texts, (each["function"]["name"] for each in asked.get("tools") or []))
            return (
                _call(asked, tool, texts[-1]) if tool else _say(asked, texts, lambda text: {"message": _message(text)})
            )
        case ("POST", "/api/generate"):
            return _say(asked, texts_of(asked.get("prompt")), lambda text: {"response": text})
        case ("POST", "/api/embed"):
            texts = texts_of(asked.get("input"))
            rows = [_numbers(text) for text in texts]
            return whole({"model": _model(asked), "embeddings": rows, "prompt_eval_count": words(texts)})
        case ("POST", "/api/embeddings"):
            return whole({"embedding": _numbers(asked.get("prompt", ""))})
    return None


def _model(asked: dict[str, Any]) -> str:
    return str(asked.get("model", MODELS[0]))


def _message(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


def _say(asked: dict[str, Any], texts: list[str], said: Any) -> Reply:
    answer = answer_to(texts)
    shared = {"model": _model(asked), "created_at": "2026-01-01T00:00:00Z"}
    counts = {"prompt_eval_count": words(texts), "eval_count": words([answer])}
    ended = {"done": True, "done_reason": "stop", **counts}
    if asked.get("stream") is False:
        return whole({**shared, **said(answer), **ended})
    lines = [{**shared, **said(word), "done": False} for word in spoken(answer)]
    return Reply(200, LINES, [json.dumps(each).encode() + b"\n" for each in [*lines, {**shared, **said(""), **ended}]])


def _call(asked: dict[str, Any], tool: str, text: str) -> Reply:
    calls = [{"function": {"name": tool, "arguments": {"text": text}}}]
    message = {**_message(""), "tool_calls": calls}
    last = {"created_at": "2026-01-01T00:00:00Z", "done": True, "done_reason": "stop", "message": message}
    return whole({"model": _model(asked), **last, "prompt_eval_count": words([text]), "eval_count": 1})


def _numbers(text: str) -> list[float]:
    return [float(len(text)), float(words([text])), 0.0, 1.0]
