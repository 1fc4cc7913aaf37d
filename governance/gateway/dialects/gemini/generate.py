"""Gemini's generateContent, streamGenerateContent and countTokens. Source: the official `google-genai` package, version 3.6."""

import json
import re
from collections.abc import Iterator
from typing import Any

from governance.gateway.dialects.framing import JsonArray, NewFraming, ServerEvents
from governance.gateway.dialects.gemini.content import ASKED, INNER, declares, spelled
from governance.gateway.dialects.gemini.files import FILES
from governance.gateway.dialects.replies import (
    Answers,
    Channel,
    Kind,
    Placed,
    ToolCall,
    Usage,
    counted,
    found_in,
    free_in,
    index_of,
    named,
    objects_in,
)
from governance.gateway.dialects.shapes import Keys, text
from governance.gateway.dialects.surface import Surface, Tree, addressed_in_path, named_in_path

REQUEST = spelled(ASKED, required=frozenset({"contents"}))
STRUCTURE = frozenset(
    {"role", "finishReason", "modelVersion", "responseId", "category", "probability", "severity", "blockReason", "id"}
    | {"name", "language", "outcome", "mimeType", "modality", "trafficType", "createTime", "modelStage"}
)
PICTURES = frozenset(f"image/{kind}.data" for kind in ("png", "jpeg", "gif", "webp"))
OPAQUE = frozenset({"thoughtSignature", "continuationToken"}) | PICTURES
FREE = free_in("args", "response", "partialArgs", "toolCall", "toolResponse", "partMetadata")


def place(keys: Keys, tree: Any) -> Placed | None:
    """The texts of candidate n are one channel (n,), its thoughts another; each frame tells the next piece of them.

    A call comes whole: its arguments are an object, whose leaves have channels of their own.
    """
    match keys:
        case ("candidates", int(n), "content", "parts", int(m), "text"):
            candidate = tree["candidates"][n]
            thought = candidate["content"]["parts"][m].get("thought")
            return Placed(Channel(Kind.REASONING if thought else Kind.CONTENT, (index_of(candidate, n),)))
        case ("candidates", int(n), "content", "parts", int(m), "functionCall", "args", *leaf):
            return Placed(Channel(Kind.ARGUMENTS, (index_of(tree["candidates"][n], n), m, *leaf)), whole=True)
        case ("candidates", int(n), "content", "parts", int(m), "executableCode" | "codeExecutionResult", _):
            return Placed(Channel(Kind.CODE, (index_of(tree["candidates"][n], n), m)), whole=True)
    return None


def closes(tree: Any) -> tuple[Channel, ...]:
    candidates = tree.get("candidates") if isinstance(tree, dict) else None
    ended = [
        index_of(each, n)
        for n, each in enumerate(candidates or ())
        if isinstance(each, dict) and each.get("finishReason")
    ]
    return tuple(Channel(kind, (n,)) for n in ended for kind in (Kind.REASONING, Kind.CONTENT))


def calls(tree: Any) -> Iterator[ToolCall]:
    for n, candidate in objects_in(found_in(tree).get("candidates")):
        for m, part in objects_in(found_in(candidate, "content").get("parts")):
            if call := found_in(part, "functionCall"):
                yield ToolCall((index_of(candidate, n), m), named(call), call.get("args") or {})


def usage_of(reply: bytes) -> Usage:
    if b"Tokens" not in reply and b"TokenCount" not in reply:
        return Usage()
    try:
        tree = json.loads(reply)
    except ValueError:
        return Usage()
    usage = found_in(tree, "usageMetadata")
    said = [counted(usage.get(name)) for name in ("candidatesTokenCount", "thoughtsTokenCount")]
    tokens_in = counted(usage.get("promptTokenCount"))
    tokens_in = counted(found_in(tree).get("totalTokens")) if tokens_in is None else tokens_in
    return Usage(tokens_in, sum(filter(None, said)) if any(each is not None for each in said) else None)


def addressed_inside(tree: Tree, model: str) -> Tree:
    """Counting may be asked with a whole request, which names its model itself."""
    named = {name: {**tree[name], "model": f"models/{model}"} for name in INNER if isinstance(tree.get(name), dict)}
    return {**tree, **named}


LAST = re.compile(rb'"finishReason"\s*:\s*"(?!FINISH_REASON_UNSPECIFIED")|"blockReason"\s*:\s*"|"error"\s*:\s*\{')
ANSWERS = Answers(
    STRUCTURE,
    place,
    OPAQUE,
    closes,
    usage_of,
    repeated=frozenset({"logprobsResult"}),
    calls=calls,
    last=LAST,
    free=FREE,
)


def _always(_tree: Tree) -> bool:
    return True


def _never(_tree: Tree) -> bool:
    return False


def _streaming(framing: NewFraming) -> Surface:
    return Surface(
        "gemini.stream_generate_content",
        REQUEST,
        ANSWERS,
        _always,
        framing,
        named_in_path,
        addressed_in_path,
        declares,
        own_files=FILES,
        own_caches=True,
    )


GENERATE = Surface(
    "gemini.generate_content",
    REQUEST,
    ANSWERS,
    _never,
    named=named_in_path,
    addressed=addressed_in_path,
    declares=declares,
    own_files=FILES,
    own_caches=True,
)
STREAM_EVENTS, STREAM_ARRAY = _streaming(ServerEvents), _streaming(JsonArray)
COUNT_TOKENS = Surface(
    "gemini.count_tokens",
    spelled({**ASKED, INNER[0]: spelled({**ASKED, "model": text()})}),
    ANSWERS,
    _never,
    named=named_in_path,
    addressed=addressed_inside,
    declares=declares,
    own_files=FILES,
    own_caches=True,
)
