"""Examples as the names model is shown them: pieces with their labels, of about one length together, and how wrong its answer is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

from governance.detection.pii.words import Vocabulary, case_of, words_of

from .recipe import LABELS, Example, Makers

OUTPUTS = ("", *(f"{edge}-{label}" for label in LABELS for edge in "BI"))
_WINDOW, _STRIDE = 126, 98
_BATCH = 2400  # pieces
_NOT_COUNTED = -100
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Item:
    ids: list[int]
    cases: list[int]
    labels: list[int]
    unknown: list[int]  # outputs that nobody looked for in this text


@dataclass(frozen=True, slots=True)
class Shown:
    """A batch as tensors, texts x pieces: `labels`, -100 where nothing counts; `maybe` (texts x outputs), what "nothing there" may be too."""

    ids: Any
    cases: Any
    mask: Any
    labels: Any
    maybe: Any

    @classmethod
    def of(cls, batch: Sequence[Item], vocabulary: Vocabulary) -> "Shown":
        width = max(len(item.ids) for item in batch) + 2
        ids, cases, mask = (torch.zeros(len(batch), width, dtype=torch.long) for _ in range(3))
        labels = torch.full((len(batch), width), _NOT_COUNTED)
        maybe = torch.zeros(len(batch), len(OUTPUTS), dtype=torch.bool)
        maybe[:, 0] = True
        for row, item in enumerate(batch):
            size = len(item.ids)
            ids[row, : size + 2] = torch.tensor([vocabulary.begin, *item.ids, vocabulary.end])
            cases[row, 1 : size + 1] = torch.tensor(item.cases)
            labels[row, 1 : size + 1] = torch.tensor(item.labels)
            mask[row, : size + 2] = 1
            maybe[row, item.unknown] = True
        return cls(ids, cases, mask, labels, maybe)

    def loss(self, scores: Any) -> Any:
        """Return how wrong `scores` (texts x pieces x outputs) are by the labels."""
        likely = functional.log_softmax(scores.float(), dim=-1)
        # "Nothing" where a label was not looked for may be that label.
        nothing = torch.where(self.maybe[:, None, :], likely, torch.tensor(_NEVER))
        likely = torch.cat([torch.logsumexp(nothing, dim=-1, keepdim=True), likely[..., 1:]], dim=-1)
        return functional.nll_loss(likely.flatten(0, 1), self.labels.flatten(), ignore_index=_NOT_COUNTED)


def batches(texts: Iterable[Example], vocabulary: Vocabulary, makers: Makers) -> Iterator[list[Item]]:
    """Yield items of about one length together, in any order."""
    items = [item for text in texts for item in _items(text, vocabulary)]
    items.sort(key=lambda item: (len(item.ids) // 8, makers.dice.random()))
    found: list[list[Item]] = [[]]
    for item in items:
        if sum(len(other.ids) + 2 for other in found[-1]) > _BATCH:
            found.append([])
        found[-1].append(item)
    makers.dice.shuffle(found)
    yield from found


def _items(example: Example, vocabulary: Vocabulary) -> Iterator[Item]:
    text, spans, known = example
    pieces = [(word, piece) for word in words_of(text) for piece in vocabulary.pieces(word.form)]
    ids, cases = [piece for _, piece in pieces], [int(case_of(word.form)) for word, _ in pieces]
    labels = [0] * len(pieces)
    for start, end, label in spans:
        inside = [place for place, (word, _) in enumerate(pieces) if word.start < end and start < word.end]
        for place in inside:
            labels[place] = OUTPUTS.index(f"{'B' if place == inside[0] else 'I'}-{label}")
    unknown = [place for place, name in enumerate(OUTPUTS) if name and name[2:] not in known]
    for at in range(0, max(1, len(ids)), _STRIDE):
        stop = at + _WINDOW
        yield Item(ids[at:stop], cases[at:stop], labels[at:stop], unknown)
        if stop >= len(ids):
            return
