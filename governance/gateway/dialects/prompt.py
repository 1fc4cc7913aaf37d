"""A request as the gateway holds it: the decoded tree, and every text of it. What is scanned and what is sent both come from here."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from governance.detection.document import Document, Segment
from governance.detection.documents.previews import OFFICE, without_preview
from governance.detection.documents.reading import Opaque, Reading
from governance.detection.policy import Decision
from governance.gateway.dialects.batches import Step
from governance.gateway.dialects.shapes import Enclosed, Keys, Spot, Text
from governance.gateway.dialects.surface import Surface

Readings = Mapping[str, Reading]
NUMBERS_IN_AN_ERROR = 10
# Fields that stand beside what is said, in any format: between two texts they would hide a value that is split over both.
ASIDE = frozenset(
    {"model", "name", "id", "user", "namespace", "filename", "displayName", "display_name", "toolset_name", "toolName"}
    | {"tool_call_id", "tool_use_id", "tool_name", "call_id", "thoughtSignature", "thought_signature", "signature"}
)


@dataclass(frozen=True)
class Prompt:
    """`model` is the name the client wrote, or the provider's own once it is addressed.

    `enclosed` are documents and pictures; `readings` what was read of them, by the digest of their bytes. What was read is
    among the texts, and cannot be replaced there. `trimmed` are the places of documents whose preview was left out.
    """

    surface: Surface
    tree: Mapping[str, Any]
    texts: tuple[Text, ...]
    model: str
    enclosed: tuple[Enclosed, ...] = ()
    readings: Readings = field(default_factory=dict, repr=False)
    trimmed: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        surface: Surface,
        tree: Any,
        *,
        in_path: str = "",
        readings: Readings | None = None,
        trimmed: tuple[str, ...] = (),
    ) -> "Prompt":
        """Return the prompt of a decoded body. `in_path` is the model that stood in the path.

        Raises:
            Invalid: `wrong_type`, `unknown_field`, `field_missing`.
            NotAllowed: `unscannable`.
        """
        texts: list[Text] = []
        surface.request(tree, Spot(), texts)
        enclosed = tuple(each for each in texts if isinstance(each, Enclosed))
        if enclosed:
            texts = [text for each in texts for text in _opened(each, readings or {})]
        return cls(surface, tree, tuple(texts), surface.named(tree, in_path), enclosed, readings or {}, trimmed)

    @property
    def stream(self) -> bool:
        return self.surface.streams(self.tree)

    @property
    def records(self) -> int:
        """How many calls stand in it."""
        return len(self.tree[self.surface.batch.listed]) if self.surface.batch and self.is_batch else 1

    @property
    def is_batch(self) -> bool:
        """Say whether it is many calls, answered later."""
        return self.answered_later and self.surface.batch is not None and not self.surface.batch.alone

    @property
    def answered_later(self) -> bool:
        return self.surface.step in {Step.BEGIN, Step.UPLOAD}

    @property
    def endpoint(self) -> dict[str, str]:
        """The one endpoint that all records of a file are for, as it is kept; nothing for any other prompt."""
        if self.surface.step is not Step.UPLOAD or self.surface.batch is None:
            return {}
        return {"endpoint": str(self.tree[self.surface.batch.listed][0]["url"])}

    def records_at_fault(self, decision: Decision) -> str:
        """Return in which records of a batch stands what the decision is for, "" for any other prompt; counted from 1."""
        if not self.is_batch:
            return ""
        worst = [each.finding.path for each in decision.reasons if each.finding and each.action is decision.verdict]
        numbers = {each.path: each.keys[1] for each in self.texts}
        found = sorted({int(numbers[path]) + 1 for path in worst if path in numbers})
        more = f" and {len(found) - NUMBERS_IN_AN_ERROR} more" if len(found) > NUMBERS_IN_AN_ERROR else ""
        return f"It is in record {', '.join(map(str, found[:NUMBERS_IN_AN_ERROR]))}{more}." if found else ""

    @cached_property
    def document(self) -> Document:
        """The texts in the order in which they are scanned: what is said first, so that it stands together, then what names it."""
        ordered = sorted(self.texts, key=_stands_aside)
        return Document(tuple(Segment(each.path, each.text) for each in ordered))

    @cached_property
    def fixed_paths(self) -> frozenset[str]:
        """Paths of texts that nothing can be put in the place of."""
        return frozenset(each.path for each in self.texts if each.fixed)

    @cached_property
    def read_paths(self) -> frozenset[str]:
        """Paths of texts that were read out of a document."""
        return frozenset(each.path for one in self.enclosed for each in _opened(one, self.readings))

    @property
    def unread(self) -> tuple[Enclosed, ...]:
        """What is enclosed and has not been read. Nothing of a prompt that has any may leave."""
        return tuple(each for each in self.enclosed if each.digest not in self.readings)

    @property
    def opaque(self) -> dict[Opaque, str]:
        """What nobody can read, each with the first place where it stands."""
        found = ((kind, each.place) for each in self.enclosed for kind in sorted(self._opaque_in(each)))
        return dict(reversed(list(found)))

    @property
    def because(self) -> dict[Opaque, str]:
        """Where in the first document that nobody can read, and why, kind by kind, as far as its reader said it."""
        found = (
            kind
            for each in self.enclosed
            if (reading := self.readings.get(each.digest))
            for kind in reading.because.items()
        )
        return dict(reversed(list(found)))

    def _opaque_in(self, each: Enclosed) -> set[Opaque]:
        reading = self.readings.get(each.digest)
        return reading.opaque if reading else set()

    def with_readings(self, readings: Readings) -> "Prompt":
        return self._of(self.tree, readings={**self.readings, **readings})

    def without_previews(self) -> "Prompt":
        """Return the prompt whose Office files have no preview picture: what is read of it, and what leaves, are those bytes."""
        changed = {each: without_preview(each.raw) for each in self.enclosed if each.kind in OFFICE}
        changed = {each: raw for each, raw in changed.items() if raw != each.raw}
        if not changed:
            return self
        tree = copy.deepcopy(dict(self.tree))
        for each, raw in changed.items():
            put(tree, each.keys, each.packed(raw))
        return self._of(tree, trimmed=tuple(each.place for each in changed))

    def _of(self, tree: Any, **changes: Any) -> "Prompt":
        kept = {"in_path": self.model, "readings": self.readings, "trimmed": self.trimmed}
        return Prompt.of(self.surface, tree, **{**kept, **changes})

    @cached_property
    def places(self) -> dict[str, str]:
        """What is stored and shown for each path of the document."""
        return {each.path: each.place for each in self.texts}

    def addressed_to(self, model: str) -> "Prompt":
        """Return the prompt with the provider's own name of the model."""
        addressed = self.surface.addressed(self.tree, model)
        return self._of(addressed, in_path=model)

    def with_document(self, document: Document) -> "Prompt":
        """Return the prompt whose texts are those of `document`, which has the same paths."""
        changed = {segment.path: segment.text for segment in document.segments}
        tree = copy.deepcopy(dict(self.tree))
        for each in self.texts:
            if not each.fixed and changed[each.path] != each.text:
                put(tree, each.keys, each.written(changed[each.path]))
        return self._of(tree)

    @cached_property
    def body(self) -> bytes:
        """The bytes that leave: written anew from the scanned tree, never the bytes that came in."""
        if self.surface.bodiless:
            return b""
        return self.surface.written(self.tree)


def _opened(text: Text, readings: Readings) -> Iterator[Text]:
    """Yield the texts of what is enclosed, as far as it was read; anything else is a text itself."""
    if not isinstance(text, Enclosed):
        yield text
    elif reading := readings.get(text.digest):
        for name, words in reading.parts:
            place = f"{text.place}, {name}"
            yield Text(text.keys, place, place, words, fixed=True)


def _stands_aside(text: Text) -> bool:
    """Say whether it is the name of a free field, or a field of the format (free ones are numbered) that names something."""
    return text.place.endswith("#") or ("{" not in text.place and text.keys[-1:] != () and text.keys[-1] in ASIDE)


def put(tree: Any, keys: Keys, text: str) -> None:
    """Put `text` in the place that `keys` lead to."""
    for key in keys[:-1]:
        tree = tree[key]
    tree[keys[-1]] = text
