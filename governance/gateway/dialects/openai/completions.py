"""POST /openai/v1/completions: a text goes on. Source: the official `openai` package, version 3.54."""

from typing import Any

from governance.gateway.dialects.openai.chat import usage_of
from governance.gateway.dialects.openai.shared import (
    COUNT,
    LAST,
    OF_VLLM,
    REPEATED,
    SAMPLING,
    STREAM_OPTIONS,
    TOKEN_BIAS,
    TOKENS,
    WHO,
)
from governance.gateway.dialects.replies import Answers, Channel, Kind, Placed, index_of
from governance.gateway.dialects.shapes import Keys, flag, number, record, text, texts_only
from governance.gateway.dialects.surface import Surface

REQUEST = record(
    {
        "model": text(),
        "prompt": texts_only(most=10_000),
        "suffix": text(),
        "stream": flag(),
        "stream_options": STREAM_OPTIONS,
        "n": number(1, 128, whole=True),
        "max_tokens": TOKENS,
        "logprobs": COUNT,
        "logit_bias": TOKEN_BIAS,
        **SAMPLING,
        **WHO,
        **OF_VLLM,
    },
    required=frozenset({"model", "prompt"}),
)
STRUCTURE = frozenset({"id", "object", "model", "finish_reason", "stop_reason", "system_fingerprint", "service_tier"})


def place(keys: Keys, tree: Any) -> Placed | None:
    """Choice n is channel (n,); a stream tells its pieces by the same field as a whole answer, so neither is called whole."""
    match keys:
        case ("choices", int(n), "text"):
            return Placed(Channel(Kind.CONTENT, (index_of(tree["choices"][n], n),)))
    return None


def closes(tree: Any) -> tuple[Channel, ...]:
    choices = tree.get("choices") if isinstance(tree, dict) else None
    ended = [
        index_of(each, n)
        for n, each in enumerate(choices or ())
        if isinstance(each, dict) and each.get("finish_reason")
    ]
    return tuple(Channel(Kind.CONTENT, (n,)) for n in ended)


ANSWERS = Answers(STRUCTURE, place, closes=closes, usage_of=usage_of, repeated=REPEATED, last=LAST)
COMPLETIONS = Surface("openai.completions", REQUEST, ANSWERS)
