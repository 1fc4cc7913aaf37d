"""The quickest OpenAI-shaped provider there is: `uvicorn _provider:application`. GET /digests tells the SHA-256 of every body it was sent."""

import hashlib
import json

ANSWER = "The order is confirmed and will ship on Tuesday."
USAGE = {"prompt_tokens": 11, "completion_tokens": 9, "total_tokens": 20}
SHARED = {"id": "c1", "created": 1, "model": "bench"}
MESSAGE = {"role": "assistant", "content": ANSWER}
CHOICES = [{"index": 0, "message": MESSAGE, "finish_reason": "stop"}]
WHOLE = json.dumps(SHARED | {"object": "chat.completion", "choices": CHOICES, "usage": USAGE}).encode()


def piece(word: str) -> bytes:
    choice = {"index": 0, "delta": {"content": word}, "finish_reason": None}
    return f"data: {json.dumps(SHARED | {'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n".encode()


PIECES = [piece(f"{word} ") for word in ANSWER.split()]
digests: list[str] = []


async def application(scope, receive, send) -> None:
    if scope["type"] == "lifespan":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body")
    if scope["path"] == "/digests":
        await answer(send, json.dumps(digests).encode())
        return
    digests.append(hashlib.sha256(body).hexdigest())
    stream = b'"stream":true' in body.replace(b" ", b"")
    if not stream:
        await answer(send, WHOLE)
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    for part in PIECES:
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})


async def answer(send, body: bytes) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})
