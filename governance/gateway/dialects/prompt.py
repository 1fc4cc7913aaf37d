"""A request as the gateway holds it: the decoded tree, and every text of it. What is scanned and what is sent both come from here."""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from governance.detection.document import Document, Segment
from governance.gateway.dialects.shapes import Keys, Spot, Text
from governance.gateway.dialects.surface import Surface


@dataclass(frozen=True)
class Prompt:
    """`model` is the name the client wrote, or the provider's own once it is addressed."""

    surface: Surface
    tree: Mapping[str, Any]
    texts: tuple[Text, ...]
    model: str

    @classmethod
    def of(cls, surface: Surface, tree: Any, *, in_path: str = "") -> "Prompt":
        """Return the prompt of a decoded body. `in_path` is the model that stood in the path.

        Raises:
            Invalid: `wrong_type`, `unknown_field`, `field_missing`.
            NotAllowed: `unscannable`.
        """
        texts: list[Text] = []
        surface.request(tree, Spot(), texts)
        return cls(surface, tree, tuple(texts), surface.named(tree, in_path))

    @property
    def stream(self) -> bool:
        return self.surface.streams(self.tree)

    @cached_property
    def document(self) -> Document:
        return Document(tuple(Segment(each.path, each.text) for each in self.texts))

    @cached_property
    def fixed_paths(self) -> frozenset[str]:
        """Paths of texts that nothing can be put in the place of."""
        return frozenset(each.path for each in self.texts if each.fixed)

    @cached_property
    def places(self) -> dict[str, str]:
        """What is stored and shown for each path of the document."""
        return {each.path: each.place for each in self.texts}

    def addressed_to(self, model: str) -> "Prompt":
        """Return the prompt with the provider's own name of the model."""
        return Prompt.of(self.surface, self.surface.addressed(self.tree, model), in_path=model)

    def with_document(self, document: Document) -> "Prompt":
        """Return the prompt whose texts are those of `document`, which has the same paths."""
        changed = {segment.path: segment.text for segment in document.segments}
        tree = copy.deepcopy(dict(self.tree))
        for each in self.texts:
            if not each.fixed and changed[each.path] != each.text:
                put(tree, each.keys, changed[each.path])
        return Prompt.of(self.surface, tree, in_path=self.model)

    @cached_property
    def body(self) -> bytes:
        """The bytes that leave: written anew from the scanned tree, never the bytes that came in."""
        return json.dumps(self.tree, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def put(tree: Any, keys: Keys, text: str) -> None:
    """Put `text` in the place that `keys` lead to."""
    for key in keys[:-1]:
        tree = tree[key]
    tree[keys[-1]] = text
