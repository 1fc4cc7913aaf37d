"""/anthropic/v1/messages/batches: many messages in one call, answered within a day.

Source: the types of the official `anthropic` package, version 2.14.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from governance.core import strict_json
from governance.core.errors import DomainError
from governance.gateway.dialects.anthropic.blocks import declares
from governance.gateway.dialects.anthropic.errors import body_of
from governance.gateway.dialects.anthropic.files import FILES
from governance.gateway.dialects.anthropic.messages import ANSWERS as OF_A_MESSAGE
from governance.gateway.dialects.anthropic.messages import REQUEST, STRUCTURE, usage_in
from governance.gateway.dialects.anthropic.messages import place as place_in_message
from governance.gateway.dialects.batches import (
    MOST_IN_A_BATCH,
    Batch,
    Named,
    Step,
    neighbours_joined,
    only_one,
    plain_only,
    require_distinct,
)
from governance.gateway.dialects.framing import PlainLines
from governance.gateway.dialects.replies import Answers, Placed, Usage, found_in
from governance.gateway.dialects.shapes import Keys, listed, record, text
from governance.gateway.dialects.surface import Surface, Tree, always, named_in_path
from governance.gateway.dialects.tools import Declared

MOST_RECORDS = 10_000
LISTED = "requests"
# A name by which its answer is found again, so nothing can be put in the place of it.
CUSTOM_ID = text(fixed=True)
MESSAGE = record(REQUEST, required=frozenset({"model", "messages", "max_tokens"}))
RECORD = record({"custom_id": CUSTOM_ID, "params": MESSAGE}, required=frozenset({"custom_id", "params"}))
BODY = neighbours_joined(
    record({LISTED: listed(RECORD, least=1, most=MOST_RECORDS)}, required=frozenset({LISTED})),
    apart=frozenset({("custom_id",), ("params", "model")}),
)
TOLD = frozenset(
    {"id", "type", "processing_status", "results_url", "request_id", "custom_id"}
    | {f"{event}_at" for event in ("archived", "cancel_initiated", "created", "ended", "expires")}
)
SEEN = (
    "processing_status",
    "request_counts",
    "created_at",
    "expires_at",
    "ended_at",
    "cancel_initiated_at",
    "archived_at",
)


def _read(raw: bytes, _media_type: str) -> Any:
    return strict_json.loads(raw, most=MOST_IN_A_BATCH)


def _named(tree: Tree, _in_path: str) -> str:
    records = tree[LISTED]
    require_distinct([each["custom_id"] for each in records], field=LISTED)
    return only_one([each["params"]["model"] for each in records], field=f"{LISTED}[0].params.model")


def _addressed(tree: Tree, model: str) -> Tree:
    records = [{**each, "params": {**each["params"], "model": model}} for each in tree[LISTED]]
    return {**tree, LISTED: records}


def _declares(tree: Tree) -> Iterator[Declared]:
    for number, each in enumerate(tree[LISTED]):
        for tool in declares(each["params"]):
            yield replace(tool, place=f"{LISTED}[{number}].params.{tool.place}")


def _ids(tree: Tree) -> Sequence[str]:
    return [each["custom_id"] for each in tree[LISTED]]


def _retold(tree: Mapping[str, Any], named: Named) -> dict[str, Any]:
    ended = tree.get("processing_status") == "ended" and not tree.get("archived_at")
    return {**tree, "type": "message_batch", "id": named.id, "results_url": named.results if ended else None}


def _seen(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain_only(tree.get(name)) for name in SEEN}


def _withheld(tree: Mapping[str, Any], error: DomainError) -> dict[str, Any]:
    return {"custom_id": tree.get("custom_id"), "result": {"type": "errored", "error": body_of(error, request_id="")}}


def _usage_of(line: bytes) -> Usage:
    """Return the tokens of one record; one that failed used none."""
    try:
        usage = found_in(json.loads(line), "result", "message", "usage")
    except ValueError:
        return Usage()
    return usage_in(usage) if usage else Usage(0, 0)


def _place(keys: Keys, tree: Any) -> Placed | None:
    """Each line is a record with a whole message in it."""
    return place_in_message(keys[2:], tree) if keys[:2] == ("result", "message") else None


BATCH = Batch("msgbatch_", LISTED, "/v1/messages/batches/{batch}/results", _ids, _retold, _seen, _withheld)
STATUS = Answers(TOLD)
RESULTS = Answers(STRUCTURE | TOLD, _place, OF_A_MESSAGE.opaque, usage_of=_usage_of, free=OF_A_MESSAGE.free)
BEGIN = Surface(
    "anthropic.message_batches",
    BODY,
    STATUS,
    named=_named,
    addressed=_addressed,
    declares=_declares,
    read=_read,
    batch=BATCH,
    step=Step.BEGIN,
    own_files=FILES,
)
ASK = Surface("anthropic.message_batch", record({}), STATUS, named=named_in_path, batch=BATCH, step=Step.ASK)
TAKE = Surface(
    "anthropic.message_batch_results",
    record({}),
    RESULTS,
    streams=always,
    framing=PlainLines,
    named=named_in_path,
    batch=BATCH,
    step=Step.TAKE,
)
