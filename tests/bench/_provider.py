"""The quickest OpenAI-shaped provider there is: `uvicorn _provider:application`."""

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


async def application(scope, receive, send) -> None:
    if scope["type"] == "lifespan":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body")
    stream = b'"stream":true' in body.replace(b" ", b"")
    kind = b"text/event-stream" if stream else b"application/json"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
    for part in PIECES if stream else []:
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b"data: [DONE]\n\n" if stream else WHOLE})
