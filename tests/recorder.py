"""A provider that keeps every byte it is sent. `python recorder.py PORT FOLDER` writes each body to FOLDER/<n>.body.

Asked for the model "slow-1" it streams for a long time; "broken-1" breaks off in the middle, "short-1" ends there in good order; "bytes-1" sends every byte by itself; "busy-1" has no time;
anything else it answers at once. A prompt "Say secret" is answered with that saying, one that begins with "Repeat" with itself;
with tools the answer is the argument of a call. What is not chat completions it answers as the demo's stand-in provider does.
"""

import asyncio
import json
import sys
from itertools import count
from pathlib import Path

import uvicorn

sys.path.insert(0, str(Path(__file__).parents[1]))
from governance.stack.stand_in.application import called, reply_to
from governance.stack.stand_in.files import asked_in

ANSWER = "The order is confirmed and will ship on Tuesday."
SAYINGS = {
    "secret": "Of course. The key is AKIAQ3EGRTB7XK2MPL5V, use it for the bucket. "
    + "Nothing else is needed here. " * 12,
    "address": "You may ask Walter Brandt at walter.brandt@example.org about this.",
    "restricted": "CLASSIFICATION: RESTRICTED\n" + "The plan is to open two shops in May. " * 20,
    "late": "Nothing of this is secret yet. " * 14 + "\n\nCLASSIFICATION: RESTRICTED\nThe plan is in May.",
    "new": "This is answer number {} that nobody has read before. ",
}
_numbers = count(1)
USAGE = {"prompt_tokens": 11, "completion_tokens": 9, "total_tokens": 20}


def piece(**choice):
    body = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "recorder"}
    return (
        b"data: " + json.dumps(body | {"choices": [{"index": 0, "finish_reason": None, **choice}]}).encode() + b"\n\n"
    )


def answer_to(asked) -> str:
    text = asked["messages"][-1]["content"]
    if isinstance(text, str) and text.startswith("Repeat"):
        return text
    saying = SAYINGS.get(text.removeprefix("Say "), ANSWER) if isinstance(text, str) else ANSWER
    return saying.format(next(_numbers))


def pause_of(asked) -> float:
    """What is to be stopped in the middle comes as slowly as people read, so that its beginning has been passed on."""
    return 0.02 if "Say late" in json.dumps(asked) else 0


def spoken_aloud(parts):
    """Yield the answers of a batch, a saying in the place of its name."""
    for part in parts:
        yield part.replace(b"Say restricted", json.dumps("\n\n" + SAYINGS["restricted"]).encode()[1:-1])


def call_of(arguments: str):
    return {"index": 0, "id": "t1", "type": "function", "function": {"name": "note", "arguments": arguments}}


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
        asked = asked_in(body)
        if scope["path"] != "/v1/chat/completions":
            await self.as_stand_in(scope, asked, send)
            return
        await (self.stream(asked, send) if asked.get("stream") else self.whole(asked, send))

    async def whole(self, asked, send) -> None:
        if asked["model"] == "busy-1":
            advice = [(b"retry-after", b"7"), (b"retry-after-ms", b"6500"), (b"x-provider", b"says more")]
            await begin(send, "application/json", 429, more=advice)
            await send({"type": "http.response.body", "body": b'{"error":{"message":"Come again later."}}'})
            return
        message = {"role": "assistant", "content": answer_to(asked)}
        if asked.get("tools"):
            message = {"role": "assistant", "tool_calls": [call_of(json.dumps({"text": answer_to(asked)}))]}
        choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
        body = {"id": "c1", "object": "chat.completion", "created": 1, "model": "recorder", "choices": choices}
        await begin(send, "application/json")
        await send({"type": "http.response.body", "body": json.dumps(body | {"usage": USAGE}).encode()})

    async def as_stand_in(self, scope, asked, send) -> None:
        if b"Refuse this file" in json.dumps(asked).encode():  # and quote it, as providers do
            await begin(send, "application/json", 400)
            await send({"type": "http.response.body", "body": json.dumps({"error": {"message": str(asked)}}).encode()})
            return
        pause = pause_of(asked)
        asked = json.loads(json.dumps(asked).replace("Say late", json.dumps(SAYINGS["late"])[1:-1]))
        reply = reply_to(scope["method"], called(scope), asked)
        await begin(send, reply.media_type, reply.status)
        for part in (
            spoken_aloud(reply.parts)
            if scope["path"].endswith(("/results", "/content", "/events")) or scope["method"] == "GET"
            else reply.parts
        ):
            await send({"type": "http.response.body", "body": part, "more_body": True})
            await asyncio.sleep(pause)
        await send({"type": "http.response.body", "body": b""})

    async def stream(self, asked, send) -> None:
        await begin(send, "text/event-stream")
        answer = answer_to(asked)
        if asked.get("tools"):
            text = json.dumps({"text": answer})
            pieces = [piece(delta={"tool_calls": [call_of(text[at : at + 3])]}) for at in range(0, len(text), 3)]
        else:
            pieces = [piece(delta={"content": word + " "}) for word in answer.split(" ")]
        pause = 0.05 if asked["model"] == "slow-1" else pause_of(asked)
        for each in pieces * (200 if asked["model"] == "slow-1" else 1):
            for part in [each[at : at + 1] for at in range(len(each))] if asked["model"] == "bytes-1" else [each]:
                await send({"type": "http.response.body", "body": part, "more_body": True})
                await asyncio.sleep(pause)
        if asked["model"] == "broken-1":
            message = "broken on purpose"
            raise RuntimeError(message)
        if asked["model"] == "short-1":
            await send({"type": "http.response.body", "body": b""})
            return
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


async def begin(send, kind: str, status: int = 200, more=()) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind.encode()), *more]})


if __name__ == "__main__":
    uvicorn.run(
        Recorder(Path(sys.argv[2])), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False
    )
