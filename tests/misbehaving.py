"""A provider that does not do its part: `python misbehaving.py PORT FOLDER [CERTIFICATE KEY]`. What it is sent it keeps, as the recorder does.

How it fails stands in the request, as a model: stall-1 says nothing, drip-1 says a little for ever, truncate-1 ends in the middle,
malformed-1 is no JSON, busy-1 has no time (429), quoting-1 fails (500) and quotes the prompt, reset-1 hangs up, away-1 points elsewhere.
"""

import asyncio
import json
import ssl
import sys
from itertools import count
from pathlib import Path

FOLDER = Path(sys.argv[2])
PATIENCE_S = 30
HELLO = b"\x16"  # how TLS begins, which this port does not speak without a certificate
_numbers = count(1)


def answer(status: str, body: bytes, kind: bytes, *, more: int = 0, head: bytes = b"") -> bytes:
    """Return an answer that promises `more` bytes than it has. It says that it is the last: another call must not come on it."""
    length = len(body) + more
    return (
        b"HTTP/1.1 %s\r\nconnection: close\r\ncontent-type: %s\r\ncontent-length: %d\r\n%s\r\n"
        % (
            status.encode(),
            kind,
            length,
            head,
        )
        + body
    )


async def fail(request: bytes, body: bytes, writer) -> None:
    kind = b"text/event-stream" if b'"stream":true' in body or b"streamGenerate" in request else b"application/json"
    told = json.dumps({"error": {"message": "This failed on purpose: " + body.decode("utf-8", "replace")}}).encode()
    if b"stall-1" in request:
        await asyncio.sleep(PATIENCE_S)
    elif b"drip-1" in request:
        writer.write(answer("200 OK", b"", kind, more=10_000_000))
        for _ in range(PATIENCE_S * 10):
            writer.write(b": still here\n\n")
            await writer.drain()
            await asyncio.sleep(0.1)
    elif b"truncate-1" in request:
        writer.write(answer("200 OK", b'data: {"id":"c1","object":"chat.completion.chunk","cho', kind, more=1000))
    elif b"malformed-1" in request:
        writer.write(answer("200 OK", b"data: {no JSON at all}\n\n" if b"event" in kind else b"{no JSON at all}", kind))
    elif b"busy-1" in request:
        writer.write(answer("429 Too Many Requests", told, b"application/json", head=b"retry-after: 7\r\n"))
    elif b"quoting-1" in request:
        writer.write(answer("500 Internal Server Error", told, b"application/json"))
    elif b"away-1" in request:
        port = sys.argv[1].encode()
        writer.write(answer("307 Temporary Redirect", b"", kind, head=b"location: http://127.0.0.1:%s/leak\r\n" % port))
    elif b"/leak" in request:
        writer.write(answer("204 No Content", b"", kind))


async def serve(reader, writer) -> None:
    number, head, body = next(_numbers), b"", b""
    try:
        head = await reader.read(1)
        if head == HELLO:
            writer.write(answer("400 Bad Request", b"", b"text/plain"))
            head += await reader.read(65536)
        else:
            head += await reader.readuntil(b"\r\n\r\n")
        length = next((line.split(b":")[1] for line in head.lower().split(b"\r\n") if b"content-length:" in line), b"0")
        while len(body) < int(length):
            if not (part := await reader.read(65536)):
                break
            body += part
    except asyncio.IncompleteReadError as cut:
        head = cut.partial
    (FOLDER / f"{number:05}.part").write_bytes(body or head)
    (FOLDER / f"{number:05}.part").rename(FOLDER / f"{number:05}.body")
    try:
        await fail(head + body, body, writer)
        await writer.drain()
    except OSError:
        pass
    writer.close()


async def main() -> None:
    secure = None
    if len(sys.argv) > 3:
        secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        secure.load_cert_chain(sys.argv[3], sys.argv[4])
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]), ssl=secure)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
