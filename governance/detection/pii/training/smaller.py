"""Make the trained names model smaller: `python -m governance.detection.pii.training.smaller WEIGHTS.npz --rows FILE --vocabulary FILE --code FOLDER --out SMALL.npz`.

The wide half of a layer (1,536 numbers for each piece) is two thirds of its work. A quarter of it is kept: what varies most and counts most.
What is left is fitted to what the whole said, then taught by it: each layer to say what the layer of the large model says, the outputs to
be as sure of each label (Hinton et al., 2015; Sun et al., 2019), and to be right where rows are labelled. Needs torch and Faker; an hour
of one processor. The fifth of the rows that training leaves out is left out here too.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from governance.detection.pii.gate import stretches_of
from governance.detection.pii.words import Vocabulary

from .batches import Item, Shown, batches
from .network import Network
from .recipe import (
    Example,
    Makers,
    about_nobody,
    anything,
    frames,
    is_left_out,
    labelled_rows,
    read_rows,
    varied,
)

_INNER = 384
_RATE, _HEAD_RATE, _WARM, _LEAST = 1.5e-4, 3e-4, 40, 0.01
_LABELLED = 0.3  # how much what people marked counts beside what the large model says
_STATES = 1.0
_FITTED_ON = 24  # batches
_RIDGE = 1e-3
_SOMEBODY = 4.0  # how much more a piece counts of which the large model thinks something
_THINKS = 0.02


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    for name in ("--rows", "--vocabulary", "--code", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    options = parser.parse_args()
    torch.manual_seed(1)
    with np.load(options.weights, allow_pickle=False) as stored:
        large = dict(stored)
    vocabulary, makers = Vocabulary.load(options.vocabulary), Makers(29)
    rows = labelled_rows([row for row in read_rows(options.rows) if not is_left_out(row)])
    teacher = Network.of(large).eval().requires_grad_(False)
    lessons = _lessons(rows, options.code, vocabulary, makers)
    student = narrowed(teacher, [Shown.of(next(lessons), vocabulary) for _ in range(_FITTED_ON)])
    _teach(student, teacher, (Shown.of(batch, vocabulary) for batch in lessons), options.minutes * 60)
    arrays: dict[str, Any] = student.arrays()
    np.savez(options.out, **arrays)


def _lessons(rows: Sequence[Example], code: Path, vocabulary: Vocabulary, makers: Makers) -> Iterator[list[Item]]:
    while True:
        yield from batches(_texts(rows, code, makers), vocabulary, makers)


def _texts(rows: Sequence[Example], code: Path, makers: Makers) -> Iterator[Example]:
    """Yield texts as they are, and some lines and sentences of them: the gate hands over no more."""
    for example in rows:
        other = varied(example, makers)
        yield _some_of(other, makers) if makers.dice.random() < 0.5 else other
    made = [*frames(makers, 1000), *frames(makers, 100, name="nothing.txt"), *about_nobody(code, makers, 250)]
    for example in made:
        yield varied(example, makers) if makers.dice.random() < 0.3 else example
    for example in anything(code, makers, 600):
        yield _some_of(example, makers)


def _some_of(example: Example, makers: Makers) -> Example:
    """Return some lines or sentences of a text that stand together."""
    text, spans, known = example
    stretches = list(stretches_of(text))
    if not stretches:
        return example
    first = makers.dice.randrange(len(stretches))
    last = min(len(stretches) - 1, first + makers.dice.choice((0, 0, 1, 2)))
    low, high = stretches[first][0], stretches[last][1]
    inside = [(start - low, end - low, label) for start, end, label in spans if low <= start and end <= high]
    torn = any(start < high and low < end and not (low <= start and end <= high) for start, end, _ in spans)
    return example if torn else (text[low:high], inside, known)


def narrowed(teacher: Network, seen: Sequence[Shown]) -> Network:
    """Return the teacher with the wide half of each layer cut to what counts, and the way back fitted to what the whole said."""
    arrays = teacher.arrays()
    for place, number in enumerate(teacher.kept):
        layer, key = teacher.layers[place], f"bert.encoder.layer.{number}"
        with torch.no_grad():
            wide = torch.cat([layer.grown(_before(teacher, shown, place))[shown.mask.bool()] for shown in seen])
            kept, back, shift = _fitted(wide, layer.shrink.weight)
        arrays[f"{key}.intermediate.dense.weight"] = layer.grow.weight[kept].detach().numpy()
        arrays[f"{key}.intermediate.dense.bias"] = layer.grow.bias[kept].detach().numpy()
        arrays[f"{key}.output.dense.weight"] = back.numpy()
        arrays[f"{key}.output.dense.bias"] = (layer.shrink.bias.detach() + shift).numpy()
    return Network.of(arrays)


def _fitted(wide: Any, back: Any) -> tuple[Any, Any, Any]:
    """Return which of the wide numbers (pieces x width) are kept, and a way back (weights, bias) from these that says what `back` says (ridge regression)."""
    mean = wide.mean(axis=0)
    kept = ((wide - mean).std(axis=0) * back.norm(dim=0)).topk(_INNER).indices.sort().values
    centred, whole = wide[:, kept] - mean[kept], (wide - mean) @ back.T
    square = centred.T @ centred
    square += torch.eye(_INNER) * square.diagonal().mean() * _RIDGE
    fitted = torch.linalg.solve(square, centred.T @ whole).T
    return kept, fitted, back @ mean - fitted @ mean[kept]


def _before(teacher: Network, shown: Shown, place: int) -> Any:
    """Return what goes into the wide half of layer `place`: texts x pieces x width."""
    found: list[Any] = []
    hook = teacher.layers[place].grow.register_forward_hook(lambda _module, given, _out: found.append(given[0]))
    teacher(shown.ids, shown.cases, shown.mask)
    hook.remove()
    return found[0]


def _teach(student: Network, teacher: Network, lessons: Iterator[Shown], seconds: float) -> None:
    optimiser = torch.optim.AdamW(
        [
            {"params": [*student.head.parameters(), *student.case.parameters()], "full": _HEAD_RATE},
            {"params": list(student.layers.parameters()), "full": _RATE},
        ],
        lr=_RATE,
        weight_decay=0.01,
        fused=True,
    )
    student.eval()  # nothing is dropped: what is learnt is what another said
    began, step = time.monotonic(), 0
    while (gone := (time.monotonic() - began) / seconds) < 1:
        for group in optimiser.param_groups:
            group["lr"] = group["full"] * (min(1.0, step / _WARM) * (1 - gone) + _LEAST)
        loss, parts = _loss(student, teacher, next(lessons))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimiser.step()
        step += 1
        print(
            f"step {step}, {gone * seconds:.0f} s: "
            + ", ".join(f"{name} {value:.4f}" for name, value in parts.items()),
            flush=True,
        )


def _loss(student: Network, teacher: Network, shown: Shown) -> tuple[Any, dict[str, float]]:
    with torch.no_grad():
        truth, said = teacher(shown.ids, shown.cases, shown.mask)
    scores, says = student(shown.ids, shown.cases, shown.mask)
    real = shown.mask.bool()
    likely = functional.softmax(truth[real], dim=-1)
    counts = torch.where(likely[:, 0] < 1 - _THINKS, _SOMEBODY, 1.0)
    apart = functional.kl_div(functional.log_softmax(scores[real], dim=-1), likely, reduction="none").sum(dim=-1)
    unsure = (apart * counts).sum() / counts.sum()
    states = torch.stack(
        [
            functional.mse_loss(ours[real], theirs[real]) / theirs[real].var()
            for ours, theirs in zip(says, said, strict=True)
        ]
    ).mean()
    labelled = shown.loss(scores)
    parts = {"labels": labelled.item(), "large model": unsure.item(), "states": states.item()}
    return unsure + _LABELLED * labelled + _STATES * states, parts


if __name__ == "__main__":
    main()
