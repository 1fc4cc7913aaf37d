"""POST /openai/v1/responses in the background, and GET /responses/ID: one call that is answered later, its answer read when it is fetched.

It is known by an id of ours, as a batch is, and its answer is given to nobody but its initiative. Source: the types of the official
`openai` package, version 3.54.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from governance.core.errors import DomainError
from governance.gateway.dialects.batches import ALONE, Batch, Named, Step, plain_only
from governance.gateway.dialects.openai.items import declares
from governance.gateway.dialects.openai.responses import ANSWERS, REQUEST, RESPONSES
from governance.gateway.dialects.shapes import flag, off, record
from governance.gateway.dialects.surface import Surface, Tree, named_in_path

SEEN = ("status", "created_at", "completed_at")
# Kept apart from the batches of the same interface: neither is asked for by the id of the other.
KEPT_AS = "openai.responses"
FETCHED = "What runs in the background is fetched with GET /responses/ID."
BODY = record({**REQUEST, "background": flag(), "stream": off(FETCHED)}, required=frozenset({"model", "input"}))


def _ids(_tree: Tree) -> Sequence[str]:
    return [ALONE]


def _retold(tree: Mapping[str, Any], named: Named) -> dict[str, Any]:
    return {**tree, "id": named.id}


def _seen(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain_only(tree.get(name)) for name in SEEN}


def _withheld(_tree: Mapping[str, Any], _error: DomainError) -> dict[str, Any]:
    return {}  # an answer alone is refused as a whole


LATER = Batch("resp_", "", "", _ids, _retold, _seen, _withheld, kept_as=KEPT_AS)
BACKGROUND = Surface("openai.background_responses", BODY, ANSWERS, declares=declares, batch=LATER, step=Step.BEGIN)
FETCH = Surface("openai.background_answers", record({}), ANSWERS, named=named_in_path, batch=LATER, step=Step.ASK)


def in_background(tree: Tree) -> Surface:
    """Return what a body is: a call that is answered at once, or later."""
    return BACKGROUND if tree.get("background") is True else RESPONSES
