"""Train the names model: `python -m governance.detection.pii.training.train --rows FILE --base MODEL.onnx --vocabulary FILE --code FOLDER --out WEIGHTS.npz`.

Needs torch, onnx and Faker, in an environment of its own; some minutes of one processor. `smaller` then makes it half as large. A fifth of the rows, by
their ids, is left out to measure on.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from governance.detection.pii.words import Vocabulary

from .base import read_base
from .batches import OUTPUTS, Item, Shown, batches
from .network import Network
from .recipe import Example, Makers, about_nobody, frames, is_left_out, labelled_rows, read_rows, varied

LAYERS, FROZEN = [0, 1, 2, 5], 2
_RATE, _HEAD_RATE, _WARM, _LEAST = 4e-4, 2e-3, 60, 0.02
_DECAY = 0.85  # of the rate, from one layer to the one below
# Outputs of the base that ours begin from, by number in its own list.
_LIKE = {0: [0], 1: [1, 3], 2: [2, 4, 3], 3: [23, 25, 29, 31], 4: [24, 26, 28, 30, 32, 34, 33], 7: [7], 8: [8], 9: [11, 13, 17], 10: [12, 14, 18]}  # fmt: skip


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
    network.layers[:FROZEN].requires_grad_(False)
    for ours, theirs in _LIKE.items():
        network.head.weight.data[ours] = torch.tensor(base["classifier.weight"][theirs].mean(axis=0))
        network.head.bias.data[ours] = float(base["classifier.bias"][theirs].mean())
    vocabulary, makers = Vocabulary.load(options.vocabulary), Makers(11)
    rounds = [
        list(batches(_texts(labelled_rows(rows), options.code, makers), vocabulary, makers))
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


def _train(network: Network, rounds: Sequence[Sequence[Sequence[Item]]], vocabulary: Vocabulary) -> None:
    optimiser = _optimiser(network)
    steps, step = sum(map(len, rounds)), 0
    network.train()
    for one in rounds:
        for batch in one:
            pace = min(1.0, step / _WARM) * (1 - step / steps) + _LEAST
            for group in optimiser.param_groups:
                group["lr"] = group["full"] * pace
            shown = Shown.of(batch, vocabulary)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores, _ = network(shown.ids, shown.cases, shown.mask)
            loss = shown.loss(scores)
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


if __name__ == "__main__":
    main()
