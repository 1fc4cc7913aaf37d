"""Persons and places by a language model, with what a model of newspaper English gets wrong on code and tickets taken out again."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from governance.detection.detector import Budget, Canary
from governance.detection.spans import Span
from governance.detection.views import Kind

from .codelike import is_name, prose_blocks
from .model import load_model

_TYPES = {"PERSON": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION"}
_SCORE = 0.85  # Presidio's score for the same model: it gives no probability of its own
_BATCH = 32
# Honorifics are not part of the name in the model's training, but they are in the reader's eye.
_BLOCKS_PER_LOOK = 256


class Names:
    name = "names"
    version = "1"
    views = frozenset({Kind.RAW, Kind.FOLDED, Kind.DECODED})
    canary = Canary("Synthetic canary: Maria Kowalski met John Smith in Berlin on Tuesday.", "PERSON")

    def __init__(self, *, model: Any) -> None:
        self._model = model

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        found: list[list[Span]] = [[] for _ in texts]
        blocks = [(index, start, block) for index, text in enumerate(texts) for start, block in prose_blocks(text)]
        for at in range(0, len(blocks), _BLOCKS_PER_LOOK):
            budget.check()
            for (index, start, block), spans in self._read(blocks[at : at + _BLOCKS_PER_LOOK], budget):
                found[index] += [
                    Span(s.type, start + s.start, start + s.end, s.score) for s in spans if is_name(block, s)
                ]
        return found

    def _read(
        self, blocks: Sequence[tuple[int, int, str]], budget: Budget
    ) -> Iterator[tuple[tuple[int, int, str], list[Span]]]:
        # memory_zone: without it spaCy keeps every new word it ever saw.
        with self._model.memory_zone():
            for block, read in zip(
                blocks, self._model.pipe((text for _, _, text in blocks), batch_size=_BATCH), strict=True
            ):
                budget.check()
                yield (
                    block,
                    [Span(_TYPES[e.label_], e.start_char, e.end_char, _SCORE) for e in read.ents if e.label_ in _TYPES],
                )


def load(options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Names:  # noqa: ARG001 - one signature for all detectors
    """Return the detector. Raises Unavailable (`models_missing`) when the model is not in its folder."""
    return Names(model=load_model(models))
