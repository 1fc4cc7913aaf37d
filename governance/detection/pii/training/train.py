"""Train the names model: `python -m governance.detection.pii.training.train --rows FILE --base MODEL.onnx --vocabulary FILE --code FOLDER --out WEIGHTS.npz`.

Needs torch, onnx and Faker, in an environment of its own; some minutes of one processor. A fifth of the rows, by
their ids, is left out to measure on.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from governance.detection.pii.words import Vocabulary, case_of, words_of

from .base import read_base
from .network import Network
from .recipe import LABELS, Example, Makers, about_nobody, frames, is_left_out, labelled_rows, read_rows, varied

OUTPUTS = ("", *(f"{edge}-{label}" for label in LABELS for edge in "BI"))
LAYERS, FROZEN = [0, 1, 2, 5], 2
_WINDOW, _STRIDE = 126, 98
_BATCH = 2400  # pieces
_RATE, _HEAD_RATE, _WARM, _LEAST = 4e-4, 2e-3, 60, 0.02
_DECAY = 0.85  # of the rate, from one layer to the one below
_NOT_COUNTED = -100
_NEVER = -1e9
# Outputs of the base that ours begin from, by number in its own list.
_LIKE = {0: [0], 1: [1, 3], 2: [2, 4, 3], 3: [23, 25, 29, 31], 4: [24, 26, 28, 30, 32, 34, 33], 7: [7], 8: [8], 9: [11, 13, 17], 10: [12, 14, 18]}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Item:
    ids: list[int]
    cases: list[int]
    labels: list[int]
    unknown: list[int]  # outputs that nobody looked for in this text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--rows", "--base", "--vocabulary", "--code", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=2)
    options = parser.parse_args()
    torch.manual_seed(1)
    rows = [row for row in read_rows(options.rows) if not is_left_out(row)]
    base = read_base(options.base)
    network = Network(base, layers=LAYERS, frozen=FROZEN, outputs=len(OUTPUTS))
    for ours, theirs in _LIKE.items():
        network.head.weight.data[ours] = torch.tensor(base["classifier.weight"][theirs].mean(axis=0))
        network.head.bias.data[ours] = float(base["classifier.bias"][theirs].mean())
    vocabulary, makers = Vocabulary.load(options.vocabulary), Makers(11)
    rounds = [
        list(_batches(_texts(labelled_rows(rows), options.code, makers), vocabulary, makers))
        for _ in range(options.epochs)
    ]
    _train(network, rounds, vocabulary)
    arrays: dict[str, Any] = network.arrays()
    np.savez(options.out, **arrays)


def _texts(real: Sequence[Example], code: Path, makers: Makers) -> Iterator[Example]:
    yield from (varied(example, makers) for example in real)
    yield from (varied(made, makers) if makers.dice.random() < 0.3 else made for made in frames(makers, 600))
    yield from frames(makers, 80, name="nothing.txt")
    yield from about_nobody(code, makers, 250)


def _batches(texts: Iterator[Example], vocabulary: Vocabulary, makers: Makers) -> Iterator[list[_Item]]:
    """Yield items of about one length together, in any order."""
    items = [item for text in texts for item in _items(text, vocabulary)]
    items.sort(key=lambda item: (len(item.ids) // 8, makers.dice.random()))
    found: list[list[_Item]] = [[]]
    for item in items:
        if sum(len(other.ids) + 2 for other in found[-1]) > _BATCH:
            found.append([])
        found[-1].append(item)
    makers.dice.shuffle(found)
    yield from found


def _items(example: Example, vocabulary: Vocabulary) -> Iterator[_Item]:
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
        yield _Item(ids[at:stop], cases[at:stop], labels[at:stop], unknown)
        if stop >= len(ids):
            return


def _train(network: Network, rounds: Sequence[Sequence[Sequence[_Item]]], vocabulary: Vocabulary) -> None:
    optimiser = _optimiser(network)
    steps, step = sum(map(len, rounds)), 0
    network.train()
    for batches in rounds:
        for batch in batches:
            pace = min(1.0, step / _WARM) * (1 - step / steps) + _LEAST
            for group in optimiser.param_groups:
                group["lr"] = group["full"] * pace
            loss = _loss(network, batch, vocabulary)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            step += 1
            print(f"step {step} of {steps}: loss {loss.item():.3f}", flush=True)


def _optimiser(network: Network) -> Any:
    groups = [{"params": [*network.head.parameters(), *network.case.parameters()], "full": _HEAD_RATE}]
    trained = list(network.layers[network.frozen :])
    for above, layer in enumerate(reversed(trained)):
        groups.append({"params": list(layer.parameters()), "full": _RATE * _DECAY**above})
    return torch.optim.AdamW(groups, lr=_RATE, weight_decay=0.01, fused=True)


def _loss(network: Network, batch: Sequence[_Item], vocabulary: Vocabulary) -> Any:
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
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = network(ids, cases, mask)
    likely = functional.log_softmax(scores.float(), dim=-1)
    # "Nothing" where a label was not looked for may be that label.
    nothing = torch.logsumexp(torch.where(maybe[:, None, :], likely, torch.tensor(_NEVER)), dim=-1, keepdim=True)
    likely = torch.cat([nothing, likely[..., 1:]], dim=-1)
    return functional.nll_loss(likely.flatten(0, 1), labels.flatten(), ignore_index=_NOT_COUNTED)


if __name__ == "__main__":
    main()
