"""POST /openai/v1/embeddings and /moderations: texts go, numbers come back. Source: the official `openai` package, version 3.54."""

from governance.gateway.dialects.openai.chat import usage_of
from governance.gateway.dialects.openai.shared import MOST_PARTS, WHO
from governance.gateway.dialects.replies import Answers
from governance.gateway.dialects.shapes import (
    either,
    flag,
    listed,
    number,
    record,
    tagged,
    text,
    texts_only,
    word,
)
from governance.gateway.dialects.surface import Surface

MOST_TEXTS = 10_000
STRUCTURE = frozenset({"id", "object", "model"})
EMBEDDINGS = Surface(
    "openai.embeddings",
    record(
        {
            "model": text(),
            "input": texts_only(most=MOST_TEXTS),
            "dimensions": number(1, 1_000_000, whole=True),
            "encoding_format": word("float", "base64"),
            "truncate_prompt_tokens": number(-1, 10_000_000, whole=True),
            "add_special_tokens": flag(),
            **WHO,
        },
        required=frozenset({"model", "input"}),
    ),
    Answers(STRUCTURE, opaque=frozenset({"embedding"}), usage_of=usage_of),
)
PART = tagged("type", {"text": record({"type": word("text"), "text": text()}, required=frozenset({"text"}))})
MODERATIONS = Surface(
    "openai.moderations",
    record(
        {
            "model": text(),
            "input": either(
                when_text=text(),
                when_list=listed(either(when_text=text(), when_object=PART), least=1, most=MOST_PARTS),
            ),
        },
        required=frozenset({"model", "input"}),
    ),
    Answers(STRUCTURE, opaque=frozenset({"categories", "category_scores", "category_applied_input_types"})),
)
