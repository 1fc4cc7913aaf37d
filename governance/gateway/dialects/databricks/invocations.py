"""Databricks' POST /serving-endpoints/NAME/invocations: a chat, a completion, texts to embed, or rows for a model of one's own.

Source: Databricks' documentation of model serving. The name of the endpoint stands in the path and is the model. What a model of
one's own takes nobody can list, so every field that is not known is scanned whole, name and value.
"""

from typing import Any

from governance.gateway.dialects.openai import chat, completions
from governance.gateway.dialects.openai.shared import LAST, REPEATED
from governance.gateway.dialects.replies import Answers, Placed
from governance.gateway.dialects.shapes import Keys, either, free, listed, record, text, texts_only
from governance.gateway.dialects.surface import Surface, addressed_in_path, named_in_path

ROWS = free(only_objects=False)
# Texts to embed or the items of a conversation; token numbers are text in another form, and refused.
INPUT = either(when_text=text(), when_list=listed(either(when_text=text(), when_object=free()), most=10_000))
REQUEST = record(
    {
        **{name: shape for name, shape in chat.FIELDS.items() if name != "model"},
        "prompt": texts_only(most=10_000),
        "input": INPUT,
        "inputs": ROWS,
        "instances": ROWS,
        "dataframe_records": ROWS,
        "dataframe_split": ROWS,
        "custom_inputs": ROWS,
        "extra_params": ROWS,
        "databricks_options": ROWS,
    },
    others_scanned=True,
)


OF_THE_FORMAT = frozenset({"id", "object", "model", "choices", "data", "usage", "system_fingerprint", "service_tier"})


def place(keys: Keys, tree: Any) -> Placed | None:
    return completions.place(keys, tree) or chat.place(keys, tree)


def _free(keys: Keys, tree: Any) -> bool:
    """Rows of a model of one's own may hold anything, under the names of the format too."""
    if len(keys) == 1:
        return keys[0] not in OF_THE_FORMAT and not (keys[0] == "output" and tree.get("object") == "response")
    return chat.CHAT.answers.free(keys, tree)


INVOCATIONS = Surface(
    "databricks.invocations",
    REQUEST,
    Answers(
        chat.STRUCTURE,
        place,
        frozenset({"embedding"}),
        chat.closes,
        chat.usage_of,
        repeated=REPEATED,
        calls=chat.calls,
        last=LAST,
        free=_free,
    ),
    named=named_in_path,
    addressed=addressed_in_path,
    declares=chat.declares,
)
