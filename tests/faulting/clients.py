"""How the client behaves while a fault holds: it waits for its answer, or it leaves somewhere on the way."""

import http.client
import socket
import time
from urllib.parse import urlsplit

PATIENCE_S = 12
Answer = tuple[int | None, str]  # status and text; no status where nobody answered
GONE: Answer = (None, "")


def waits(gateway: str, key: str, path: str, body: bytes, actor: str) -> Answer:
    at = urlsplit(gateway)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=PATIENCE_S)
    try:
        connection.request("POST", path, body=body, headers=_headers(key, actor))
        reply = connection.getresponse()
        return reply.status, reply.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return GONE
    finally:
        connection.close()


def leaves_in_the_body(gateway: str, key: str, path: str, body: bytes, actor: str) -> Answer:
    """Half of the body, then nothing more; the text stands in that half."""
    return _left_after(gateway, path, key, actor, body[: -len(body) // 4], size=len(body), stay_s=0.3)


def leaves_in_the_scan(gateway: str, key: str, path: str, body: bytes, actor: str) -> Answer:
    return _left_after(gateway, path, key, actor, body, size=len(body), stay_s=0.3)


def leaves_in_the_answer(gateway: str, key: str, path: str, body: bytes, actor: str) -> Answer:
    return _left_after(gateway, path, key, actor, body, size=len(body), stay_s=1.5)


def _left_after(gateway: str, path: str, key: str, actor: str, sent: bytes, *, size: int, stay_s: float) -> Answer:
    at = urlsplit(gateway)
    lines = [f"POST {path} HTTP/1.1", f"Host: {at.netloc}", f"Content-Length: {size}"]
    lines += [f"{name}: {value}" for name, value in _headers(key, actor).items()]
    with socket.create_connection((at.hostname, at.port), timeout=PATIENCE_S) as wire:
        wire.sendall("\r\n".join([*lines, "", ""]).encode() + sent)
        time.sleep(stay_s)
    return GONE


def _headers(key: str, actor: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "X-Remit-Actor": actor}
