"""One surface of a provider: everything the gateway has to know to let a call of it pass. Pure."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from governance.core import strict_json
from governance.gateway.dialects.batches import Batch, Step
from governance.gateway.dialects.framing import NewFraming, ServerEvents
from governance.gateway.dialects.own_files import OwnFiles
from governance.gateway.dialects.replies import Answers
from governance.gateway.dialects.shapes import Shape
from governance.gateway.dialects.tools import Declares, declares_nothing

Tree = Mapping[str, Any]
MOST_VALUES = 20_000  # of one body: a conversation of thousands of turns has fewer


def asks_for_stream(tree: Tree) -> bool:
    return bool(tree.get("stream"))


def always(_tree: Tree) -> bool:
    return True


def named_in_body(tree: Tree, _in_path: str) -> str:
    return str(tree["model"])


def addressed_in_body(tree: Tree, model: str) -> Tree:
    return {**tree, "model": model}


def named_in_path(_tree: Tree, in_path: str) -> str:
    return in_path


def addressed_in_path(tree: Tree, _model: str) -> Tree:
    return tree


def read_json(raw: bytes, _media_type: str) -> Any:
    return strict_json.loads(raw, most=MOST_VALUES)


def written_json(tree: Tree) -> bytes:
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


@dataclass(frozen=True, slots=True)
class Surface:
    """`name` stands in records, such as "openai.chat_completions".

    `request` is the shape of the body and the walk over its texts. `named` reads the model a caller wrote, from the body or the path;
    `addressed` returns the body for the provider's own name of it. `read` decodes a body of the Content-Type it came
    with, `written` returns the bytes that leave as `media_type`. `batch` and `step` are those of a call about a batch.
    `declares` reads the tools a body declares, `own_files` finds what was handed to the gateway before; `own_caches` says whether contents that
    are kept there may be named. `instead` tells by the body which surface it is for, where one path has more than one.
    """

    name: str
    request: Shape
    answers: Answers
    streams: Callable[[Tree], bool] = asks_for_stream
    framing: NewFraming = ServerEvents
    named: Callable[[Tree, str], str] = named_in_body
    addressed: Callable[[Tree, str], Tree] = addressed_in_body
    declares: Declares = declares_nothing
    read: Callable[[bytes, str], Any] = read_json
    written: Callable[[Tree], bytes] = written_json
    media_type: str = "application/json"
    batch: Batch | None = None
    step: Step | None = None
    own_files: OwnFiles | None = None
    own_caches: bool = False
    instead: "Callable[[Tree], Surface] | None" = None

    def of(self, tree: Any) -> "Surface":
        """Return the surface that a decoded body is for."""
        return self.instead(tree) if self.instead and isinstance(tree, dict) else self

    @property
    def trains(self) -> bool:
        """Say whether it is about training a model, for which there are grants of its own."""
        return self.batch is not None and self.batch.trains

    @property
    def bodiless(self) -> bool:
        """Say whether nothing is sent but the name of something the provider gave us."""
        return self.step in {Step.ASK, Step.TAKE}
