"""Persons and places by a language model, with what a model of newspaper English gets wrong on code and tickets taken out again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from governance.detection.detector import Budget, Canary
from governance.detection.spans import Span
from governance.detection.views import Kind

from .codelike import is_name, prose_blocks, trimmed, whole_blocks
from .model import load_model

_TYPES = {"PERSON": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION"}
_SCORE = 0.85  # Presidio's score for the same model: it gives no probability of its own
_BATCH = 32
_BLOCKS_PER_ZONE = 256


@dataclass(frozen=True, slots=True)
class _Block:
    """`text` begins at `start` of text number `of`."""

    of: int
    start: int
    text: str


class Names:
    name = "names"
    version = "1"
    views = frozenset({Kind.RAW, Kind.FOLDED, Kind.DECODED})
    canary = Canary("Synthetic canary: Maria Kowalski met John Smith in Berlin on Tuesday.", "PERSON")

    def __init__(self, *, model: Any, every_line: bool = False) -> None:
        self._model = model
        self._cut = whole_blocks if every_line else prose_blocks

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        found: list[list[Span]] = [[] for _ in texts]
        blocks = [_Block(index, start, part) for index, text in enumerate(texts) for start, part in self._cut(text)]
        for at in range(0, len(blocks), _BLOCKS_PER_ZONE):
            for block, spans in self._read(blocks[at : at + _BLOCKS_PER_ZONE], budget):
                names = (name for span in spans if (name := trimmed(block.text, span)) and is_name(block.text, name))
                found[block.of] += [
                    replace(name, start=block.start + name.start, end=block.start + name.end) for name in names
                ]
        return found

    def _read(self, blocks: Sequence[_Block], budget: Budget) -> Iterator[tuple[_Block, list[Span]]]:
        # memory_zone: without it spaCy keeps every new word it ever saw.
        with self._model.memory_zone():
            documents = self._model.pipe((block.text for block in blocks), batch_size=_BATCH)
            for block, read in zip(blocks, documents, strict=True):
                budget.check()
                yield (
                    block,
                    [Span(_TYPES[e.label_], e.start_char, e.end_char, _SCORE) for e in read.ents if e.label_ in _TYPES],
                )


def load(options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Names:  # noqa: ARG001 - one signature for all detectors
    """Return the detector. Options: `every_line`, true to read code as well as prose.

    Raises:
        Unavailable: `models_missing` when the model is not in its folder.
    """
    return Names(model=load_model(models), every_line=bool(options.get("every_line")))
