"""The stand-in provider of the demo: OpenAI-shaped, on this machine only, and no model. `python -m governance.stack.stand_in --port N`.

It says back what reached it, so that whoever tries a prompt sees what left and what was replaced. It refuses to start outside demo
mode and listens on loopback alone.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

MODELS = ("stand-in-chat", "stand-in-large")
LONGEST_ECHO = 600
NAME = "Remit's stand-in provider. I am not a model and know nothing"
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


def answer_to(asked: dict[str, Any]) -> str:
    """Return what the stand-in says: what it is, and the last message as it arrived."""
    messages = [each for each in asked.get("messages", []) if isinstance(each, dict)]
    last = _text(messages[-1].get("content")) if messages else ""
    shown = (
        last if len(last) <= LONGEST_ECHO else f"{last[:LONGEST_ECHO]} (and {len(last) - LONGEST_ECHO} characters more)"
    )
    return f"This is {NAME}. {len(messages)} messages reached me; the last one reads: {shown}"


def _text(content: Any) -> str:
    if isinstance(content, list):
        return " ".join(_text(part.get("text")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def usage_of(asked: dict[str, Any], answer: str) -> dict[str, int]:
    """Return counts of words, which stand for tokens here."""
    words_in = sum(len(_text(each.get("content")).split()) for each in asked.get("messages", []))
    words_out = len(answer.split())
    return {"prompt_tokens": words_in, "completion_tokens": words_out, "total_tokens": words_in + words_out}


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif (scope["method"], scope["path"]) == ("GET", "/v1/models"):
        rows = [{"id": name, "object": "model", "created": 0, "owned_by": "stand-in"} for name in MODELS]
        await _reply(send, 200, {"object": "list", "data": rows})
    elif (scope["method"], scope["path"]) == ("POST", "/v1/chat/completions"):
        await _complete(json.loads(await _body(receive)), send)
    else:
        await _reply(
            send, 404, {"error": {"message": f"This is {NAME} of this path.", "type": "invalid_request_error"}}
        )


async def _live(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body


async def _complete(asked: dict[str, Any], send: Send) -> None:
    answer = answer_to(asked)
    shared = {"id": "stand-in-1", "created": 0, "model": asked.get("model", MODELS[0])}
    usage = usage_of(asked, answer)
    if asked.get("stream"):
        await _stream(shared, answer, usage, send)
    else:
        message = {"role": "assistant", "content": answer}
        choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
        await _reply(send, 200, shared | {"object": "chat.completion", "choices": choices, "usage": usage})


async def _stream(shared: dict[str, Any], answer: str, usage: dict[str, int], send: Send) -> None:
    await _begin(send, 200, "text/event-stream")
    for word in answer.split(" "):
        await _piece(send, shared, {"content": f"{word} "})
        await asyncio.sleep(0.02)  # as fast as people read
    await _piece(send, shared, {}, finish_reason="stop", usage=usage)
    await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})


async def _piece(
    send: Send, shared: dict[str, Any], delta: dict[str, str], *, finish_reason: str | None = None, usage: Any = None
) -> None:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    body = shared | {"object": "chat.completion.chunk", "choices": [choice]} | ({"usage": usage} if usage else {})
    await send({"type": "http.response.body", "body": f"data: {json.dumps(body)}\n\n".encode(), "more_body": True})


async def _reply(send: Send, status: int, body: dict[str, Any]) -> None:
    await _begin(send, status, "application/json")
    await send({"type": "http.response.body", "body": json.dumps(body, ensure_ascii=False).encode()})


async def _begin(send: Send, status: int, kind: str) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind.encode())]})


def main() -> None:
    told = argparse.ArgumentParser(description="The demo's stand-in provider.")
    told.add_argument("--port", type=int, required=True)
    if os.environ.get("REMIT_DEMO") != "on":
        sys.exit("The stand-in provider starts in demo mode only.")
    uvicorn.run(application, host="127.0.0.1", port=told.parse_args().port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
