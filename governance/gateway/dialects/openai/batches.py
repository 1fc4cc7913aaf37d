"""/openai/v1/files and /batches: a file of calls, handed over first, then begun, its answers fetched as another file.

A file is scanned when it is handed over, and goes to the provider only when every record of it may. Source: the types of the official
`openai` package, version 3.54.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from governance.core import strict_json
from governance.core.errors import DomainError, Invalid, NotFound
from governance.gateway.dialects.batches import (
    ANSWERS_PART,
    MOST_IN_A_BATCH,
    OWN_OR_PROVIDERS,
    Batch,
    Named,
    Step,
    neighbours_joined,
    only_one,
    plain_only,
    require_distinct,
)
from governance.gateway.dialects.framing import PlainLines
from governance.gateway.dialects.multipart import MULTIPART, parts_of, written_as
from governance.gateway.dialects.openai import chat, completions, responses
from governance.gateway.dialects.openai.errors import body_of
from governance.gateway.dialects.openai.numbers import EMBEDDINGS, MODERATIONS
from governance.gateway.dialects.openai.shared import REPEATED
from governance.gateway.dialects.replies import Answers, Placed, Usage, counted, found_in
from governance.gateway.dialects.shapes import Keys, Shape, free, listed, number, record, tagged, text, word
from governance.gateway.dialects.surface import Surface, Tree, always, named_in_path
from governance.gateway.dialects.tools import Declared

LISTED = "requests"  # how the lines of a file stand in its tree
MOST_RECORDS = 50_000
CALLS = {
    "/v1/chat/completions": chat.CHAT,
    "/v1/responses": responses.RESPONSES,
    "/v1/completions": completions.COMPLETIONS,
    "/v1/embeddings": EMBEDDINGS,
    "/v1/moderations": MODERATIONS,
}
NAMES = frozenset({"custom_id", "method", "url", "body"})


def _call(url: str, shape: Shape) -> Shape:
    # A name by which its answer is found again, so nothing can be put in the place of it.
    fields = {"custom_id": text(fixed=True), "method": word("POST"), "url": word(url), "body": shape}
    return record(fields, required=NAMES)


RECORD = tagged("url", {url: _call(url, surface.request) for url, surface in CALLS.items()})
FILE = neighbours_joined(
    record({LISTED: listed(RECORD, least=1, most=MOST_RECORDS)}, required=frozenset({LISTED})),
    apart=frozenset({("custom_id",), ("body", "model")}),
)
EXPIRY = record({"anchor": word("created_at"), "seconds": number(3600, 2_592_000, whole=True)})
START_BODY = record(
    {
        "input_file_id": OWN_OR_PROVIDERS,
        "endpoint": word(*CALLS),
        "completion_window": word("24h"),
        "metadata": free(),
        "output_expires_after": EXPIRY,
    },
    required=frozenset({"input_file_id", "endpoint", "completion_window"}),
)
FILE_SEEN = ("bytes", "created_at", "expires_at", "status")
TIMES = ("created", "in_progress", "expires", "finalizing", "completed", "failed", "expired", "cancelling", "cancelled")
BATCH_SEEN = (
    *("status", "endpoint", "completion_window", "request_counts", "output_file_id", "error_file_id"),
    *(f"{event}_at" for event in TIMES),
)
TOLD = frozenset(
    {"id", "object", "status", "endpoint", "completion_window", "input_file_id", "output_file_id", "error_file_id"}
    | {"filename", "purpose", "model", "custom_id", "request_id", "code", "param", "type"}
)
SENT, ANSWERED = ("prompt", "input"), ("completion", "output")
PARTS = {"-output": ANSWERS_PART, "-error": "error_file_id"}


def _read(raw: bytes, media_type: str) -> Any:
    """Return the lines of the file of a multipart body as {"requests": [...]}.

    Raises:
        NotFound: `surface_unsupported`, for files that are not of a batch.
        Invalid, TooLarge: about the body, or about a line of the file.
    """
    parts = parts_of(raw, media_type)
    purpose = parts.get("purpose", b"").decode("utf-8", "replace")
    if purpose != "batch":
        remedy = "Write the purpose batch or fine-tune, and before the file."
        reason = "Only files of batches and for fine-tuning are taken here. Nothing was sent."
        raise NotFound("surface_unsupported", reason, remedy=remedy)
    if "file" not in parts:
        raise Invalid("field_missing", "The form lacks file.", field="file")
    lines = [line for line in parts["file"].splitlines() if line.strip()]
    return {LISTED: strict_json.loads(b"[" + b",\n".join(lines) + b"]", most=MOST_IN_A_BATCH)}


def _written(tree: Tree) -> bytes:
    lines = [json.dumps(each, ensure_ascii=False, separators=(",", ":"), allow_nan=False) for each in tree[LISTED]]
    # The name that the file had where it came from goes nowhere.
    return written_as({"purpose": b"batch"}, file=("\n".join(lines) + "\n").encode(), name="batch.jsonl")


def _named(tree: Tree, _in_path: str) -> str:
    records = tree[LISTED]
    require_distinct([each["custom_id"] for each in records], field=LISTED)
    only_one([each["url"] for each in records], field=f"{LISTED}[0].url")
    return only_one([str(each["body"]["model"]) for each in records], field=f"{LISTED}[0].body.model")


def _addressed(tree: Tree, model: str) -> Tree:
    return {**tree, LISTED: [{**each, "body": {**each["body"], "model": model}} for each in tree[LISTED]]}


def _declares(tree: Tree) -> Iterator[Declared]:
    for index, each in enumerate(tree[LISTED]):
        for tool in CALLS[each["url"]].declares(each["body"]):
            yield replace(tool, place=f"{LISTED}[{index}].body.{tool.place}")


def _ids(tree: Tree) -> Sequence[str]:
    return [each["custom_id"] for each in tree[LISTED]]


def _told_of_file(tree: Mapping[str, Any], named: Named) -> dict[str, Any]:
    return {**tree, "id": named.id, "object": "file"}


def _told_of_batch(tree: Mapping[str, Any], named: Named) -> dict[str, Any]:
    own = named.id.replace("batch_", "file-", 1)
    files = {name: own + suffix if tree.get(name) else None for suffix, name in PARTS.items()}
    return {**tree, "id": named.id, "object": "batch", "input_file_id": named.input, **files}


def _seen_of_file(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain_only(tree.get(name)) for name in FILE_SEEN}


def _seen_of_batch(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain_only(tree.get(name)) for name in BATCH_SEEN}


def _withheld(tree: Mapping[str, Any], error: DomainError) -> dict[str, Any]:
    told = body_of(error, request_id="")["error"]
    return {"id": tree.get("id"), "custom_id": tree.get("custom_id"), "response": None, "error": told}


PLACES = {"chat.completion": chat.place, "response": responses.place, "text_completion": completions.place}


def _place(keys: Keys, tree: Any) -> Placed | None:
    """Each line is a record with a whole answer in it."""
    body = found_in(tree, "response", "body")
    place = PLACES.get(str(body.get("object")))
    return place(keys[2:], body) if place and keys[:2] == ("response", "body") else None


def _usage_of(line: bytes) -> Usage:
    """Return the tokens of one record, whatever it was a call of; one that failed used none."""
    try:
        usage = found_in(json.loads(line), "response", "body", "usage")
    except ValueError:
        return Usage()
    sent, answered = ([usage.get(f"{word}_tokens") for word in words] for words in (SENT, ANSWERED))
    return Usage(next(filter(None, map(counted, sent)), 0), next(filter(None, map(counted, answered)), 0))


OF_FILES = Batch("file-", LISTED, "", _ids, _told_of_file, _seen_of_file, _withheld, is_file=True)
OF_BATCHES = Batch("batch_", LISTED, "", _ids, _told_of_batch, _seen_of_batch, _withheld)
OF_ANSWERS = Batch("file-", LISTED, "", _ids, _told_of_file, _seen_of_file, _withheld, parts=PARTS)
STATUS = Answers(TOLD)
STRUCTURE = chat.STRUCTURE | responses.STRUCTURE | completions.STRUCTURE | TOLD
RESULTS = Answers(
    STRUCTURE,
    _place,
    responses.OPAQUE,
    usage_of=_usage_of,
    repeated=REPEATED,
    free=responses.FREE,
)
NOTHING = record({})
UPLOAD = Surface(
    "openai.files",
    FILE,
    STATUS,
    named=_named,
    addressed=_addressed,
    batch=OF_FILES,
    step=Step.UPLOAD,
    read=_read,
    written=_written,
    media_type=MULTIPART,
    declares=_declares,
)
START = Surface("openai.batches", START_BODY, STATUS, named=named_in_path, batch=OF_BATCHES, step=Step.START)
ASK_FILE = Surface("openai.file", NOTHING, STATUS, named=named_in_path, batch=OF_FILES, step=Step.ASK)
ASK = Surface("openai.batch", NOTHING, STATUS, named=named_in_path, batch=OF_BATCHES, step=Step.ASK)
TAKE = Surface(
    "openai.batch_answers",
    NOTHING,
    RESULTS,
    streams=always,
    framing=PlainLines,
    named=named_in_path,
    batch=OF_ANSWERS,
    step=Step.TAKE,
)
