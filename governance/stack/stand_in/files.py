"""The stand-in's files and batches in OpenAI's interface: answered at once and kept for who asks, the last few of them."""

import json
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Any
from uuid import uuid4

from governance.stack.stand_in.told import JSON, LINES, Reply

MOST_KEPT = 40
BEGAN = 1_767_600_000
Answer = Callable[[str, str, dict[str, Any]], Reply | None]
_files: OrderedDict[str, list[dict[str, Any]]] = OrderedDict()
_batches: OrderedDict[str, dict[str, Any]] = OrderedDict()


def asked_in(raw: bytes) -> dict[str, Any]:
    """Return what a body asks; of a form the lines of its file."""
    if raw.startswith(b"--"):
        return {"lines": [json.loads(line) for line in raw.splitlines() if line.startswith(b"{")]}
    return json.loads(raw) if raw else {}


def kept() -> Collection[str]:
    """Return the names of the files that are still here."""
    return _files.keys()


def reply(method: str, path: str, asked: dict[str, Any], answer: Answer) -> Reply | None:
    """Return the reply to a call about files or batches, None for any other; `answer` is asked about each record."""
    if (method, path) == ("POST", "/files"):
        return _told(_file(_kept(_files, "file-", asked["lines"])))
    if (method, path) == ("POST", "/batches"):
        return _told(_begin(asked, answer)) if asked.get("input_file_id") in _files else None
    kind, name, what = [*path.removeprefix("/").split("/"), "", ""][:3]
    return _about(method, kind, name, what) if name in {**_files, **_batches} else None


def _about(method: str, kind: str, name: str, what: str) -> Reply | None:
    match (method, kind, what):
        case ("GET", "files", ""):
            return _told(_file(name))
        case ("GET", "files", "content"):
            return Reply(200, LINES, [json.dumps(each).encode() + b"\n" for each in _files[name]])
        case ("GET", "batches", ""):
            return _told(_batches[name])
        case ("POST", "batches", "cancel"):
            return _told({**_batches[name], "status": "cancelling"})
    return None


def _begin(asked: dict[str, Any], answer: Answer) -> dict[str, Any]:
    """Return a batch as it stands at first; whoever asks again finds it answered."""
    lines = _files[asked["input_file_id"]]
    output = _kept(_files, "file-", [_answered(each, answer) for each in lines])
    counts = {"total": len(lines), "completed": len(lines), "failed": 0}
    done = {"status": "completed", "output_file_id": output, "request_counts": counts, "completed_at": BEGAN}
    begun = {"object": "batch", "created_at": BEGAN, "error_file_id": None, "errors": None, **asked}
    name = _kept(_batches, "batch_", begun | done)
    _batches[name]["id"] = name
    return {**begun, "id": name, "status": "validating", "output_file_id": None}


def _answered(record: dict[str, Any], answer: Answer) -> dict[str, Any]:
    told = answer("POST", record["url"].removeprefix("/v1"), record["body"])
    body = json.loads(b"".join(told.parts)) if told else {}
    response = {"status_code": 200 if told else 404, "request_id": "stand-in-1", "body": body}
    return {"id": f"batch_req_{uuid4().hex}", "custom_id": record["custom_id"], "response": response, "error": None}


def _kept(where: OrderedDict[str, Any], prefix: str, what: Any) -> str:
    name = prefix + uuid4().hex
    where[name] = what
    while len(where) > MOST_KEPT:
        where.popitem(last=False)
    return name


def _file(name: str) -> dict[str, Any]:
    size = sum(len(json.dumps(each)) for each in _files[name])
    told = {"id": name, "object": "file", "bytes": size, "created_at": BEGAN, "filename": "batch.jsonl"}
    return {**told, "purpose": "batch", "status": "processed"}


def _told(body: dict[str, Any]) -> Reply:
    return Reply(200, JSON, [json.dumps(body).encode()])
