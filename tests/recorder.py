"""A provider that keeps every byte it is sent. `python recorder.py PORT FOLDER` writes each body to FOLDER/<n>.body.

Asked for the model "slow-1" it streams for a long time; "broken-1" breaks off in the middle; anything else it answers at once.
What is not chat completions it answers as the demo's stand-in provider does.
"""

import asyncio
import json
import sys
from pathlib import Path

import uvicorn

sys.path.insert(0, str(Path(__file__).parents[1]))
from governance.stack.stand_in.application import called, reply_to

ANSWER = "The order is confirmed and will ship on Tuesday."
USAGE = {"prompt_tokens": 11, "completion_tokens": 9, "total_tokens": 20}


def piece(**choice):
    body = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "recorder"}
    return (
        b"data: " + json.dumps(body | {"choices": [{"index": 0, "finish_reason": None, **choice}]}).encode() + b"\n\n"
    )


class Recorder:
    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            while scope["type"] == "lifespan":
                message = await receive()
                await send({"type": message["type"] + ".complete"})
                if message["type"].endswith("shutdown"):
                    return
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body")
        self.count += 1
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        (self.folder / f"{self.count:04}.head").write_text(
            json.dumps({"path": scope["path"], "query": scope["query_string"].decode(), "headers": headers})
        )
        (self.folder / f"{self.count:04}.body").write_bytes(body)
        asked = json.loads(body or b"{}")
        if scope["path"] != "/v1/chat/completions":
            await self.as_stand_in(scope, asked, send)
            return
        await (self.stream(asked, send) if asked.get("stream") else self.whole(send))

    async def whole(self, send) -> None:
        message = {"role": "assistant", "content": ANSWER}
        choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
        body = {"id": "c1", "object": "chat.completion", "created": 1, "model": "recorder", "choices": choices}
        await begin(send, "application/json")
        await send({"type": "http.response.body", "body": json.dumps(body | {"usage": USAGE}).encode()})

    async def as_stand_in(self, scope, asked, send) -> None:
        reply = reply_to(scope["method"], called(scope), asked)
        await begin(send, reply.media_type, reply.status)
        for part in reply.parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def stream(self, asked, send) -> None:
        await begin(send, "text/event-stream")
        for word in ANSWER.split(" ") * (200 if asked["model"] == "slow-1" else 1):
            await send({"type": "http.response.body", "body": piece(delta={"content": word + " "}), "more_body": True})
            await asyncio.sleep(0.05 if asked["model"] == "slow-1" else 0)
        if asked["model"] == "broken-1":
            message = "broken on purpose"
            raise RuntimeError(message)
        usage = {
            "id": "c1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "recorder",
            "choices": [],
            "usage": USAGE,
        }
        last = piece(delta={}, finish_reason="stop") + b"data: " + json.dumps(usage).encode() + b"\n\ndata: [DONE]\n\n"
        await send({"type": "http.response.body", "body": last})


async def begin(send, kind: str, status: int = 200) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind.encode())]})


if __name__ == "__main__":
    uvicorn.run(
        Recorder(Path(sys.argv[2])), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False
    )
