"""The stand-in in Gemini's interface."""

import json
from typing import Any

from governance.stack.stand_in.openai import whole
from governance.stack.stand_in.told import EVENTS, JSON, Reply, answer_to, spoken, texts_of, tool_called, words


def reply(method: str, path: str, asked: dict[str, Any]) -> Reply | None:
    """Return the reply to a call of `path`, which follows the base, None for one that is not known here."""
    known = ANSWERED.get(path.rpartition(":")[2]) if method == "POST" else None
    return known(asked) if known else None


def generate(asked: dict[str, Any]) -> Reply:
    texts = texts_of(asked.get("contents"))
    said = _piece(answer_to(texts), texts, ended=True)
    declared = (each["name"] for tool in asked.get("tools") or [] for each in tool.get("functionDeclarations") or [])
    if tool := tool_called(texts, declared):
        said["candidates"][0]["content"]["parts"] = [{"functionCall": {"name": tool, "args": {"text": texts[-1]}}}]
    return whole(said)


def in_events(asked: dict[str, Any]) -> Reply:
    return Reply(200, EVENTS, [b"data: %s\n\n" % each for each in _pieces(texts_of(asked.get("contents")))])


def as_array(asked: dict[str, Any]) -> Reply:
    first, *rest = _pieces(texts_of(asked.get("contents")))
    return Reply(200, JSON, [b"[" + first, *(b"\n,\n" + each for each in rest), b"]"])


def count(asked: dict[str, Any]) -> Reply:
    return whole({"totalTokens": words(texts_of(asked.get("contents")))})


def embed(asked: dict[str, Any]) -> Reply:
    return whole({"embedding": _numbers(asked)})


def embed_many(asked: dict[str, Any]) -> Reply:
    return whole({"embeddings": [_numbers(each) for each in asked["requests"]]})


def _piece(text: str, texts: list[str], *, ended: bool) -> dict[str, Any]:
    candidate = {"index": 0, "content": {"role": "model", "parts": [{"text": text}]}}
    words_in, words_out = words(texts), words([text])
    counts = {"promptTokenCount": words_in, "candidatesTokenCount": words_out, "totalTokenCount": words_in + words_out}
    last = {"finishReason": "STOP"} if ended else {}
    return {"candidates": [{**candidate, **last}], "modelVersion": "stand-in", "usageMetadata": counts}


def _pieces(texts: list[str]) -> list[bytes]:
    said = spoken(answer_to(texts))
    return [json.dumps(_piece(word, texts, ended=n == len(said))).encode() for n, word in enumerate(said, start=1)]


def _numbers(asked: dict[str, Any]) -> dict[str, Any]:
    texts = texts_of([asked.get("content")])
    return {"values": [float(sum(map(len, texts))), float(words(texts)), 0.0, 1.0]}


ANSWERED = {
    "generateContent": generate,
    "streamGenerateContent?alt=sse": in_events,
    "streamGenerateContent": as_array,
    "countTokens": count,
    "embedContent": embed,
    "batchEmbedContents": embed_many,
}
