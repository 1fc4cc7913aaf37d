"""Train the gate: `python -m governance.detection.pii.training.gate --rows FILE --code FOLDER --out gate.npz`. A minute, no extra packages but Faker.

Prints, for the rows left out, the share of names in stretches that pass and the share of characters that pass, by cut.
"""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from governance.detection.pii.gate import BUCKETS, Gate, features_of
from governance.detection.pii.words import words_of

from .recipe import Example, Makers, about_nobody, frames, is_left_out, labelled_rows, read_rows, varied

_WANTED = {"PERSON", "PLACE"}
_EPOCHS, _RATE, _LEAN = 6, 0.25, 4.0  # `_LEAN`: a name missed costs as much as four words read for nothing
_BATCH = 512
_CUTS = (-3.5, -3.0, -2.5, -2.0, -1.5, -1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--code", type=Path, required=True, help="a folder of installed packages")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    makers, rows = Makers(7), read_rows(options.rows)
    real = labelled_rows([row for row in rows if not is_left_out(row)])
    texts = [varied(example, makers) for _ in range(2) for example in real]
    texts += [
        *frames(makers, 2500),
        *frames(makers, 400, name="nothing.txt"),
        *about_nobody(options.code, makers, 1500),
    ]
    weights = trained(texts, np.random.default_rng(7))
    np.savez_compressed(options.out, weights=weights.astype(np.float16))
    unseen = labelled_rows([row for row in rows if is_left_out(row)])
    nobody = list(about_nobody(options.code, Makers(8), 300))
    for cut in _CUTS:
        gate = Gate(weights, cut)
        kept, read = _kept(gate, unseen)
        print(f"{cut}: keeps {kept:.4f} of names, reads {read:.2f} of rows, {_kept(gate, nobody)[1]:.2f} of code")


def trained(texts: Iterable[Example], dice: np.random.Generator) -> np.ndarray:
    """Return weights of 3 x BUCKETS by logistic regression on single words."""
    samples = [sample for text in texts for sample in _samples(text)]
    weights, bias_like = np.zeros((3, BUCKETS)), np.full(3 * BUCKETS, 1e-6)
    flat = weights.reshape(-1)
    for _ in range(_EPOCHS):
        order = dice.permutation(len(samples))
        for at in range(0, len(order), _BATCH):
            some = [samples[place] for place in order[at : at + _BATCH]]
            places = np.concatenate([features for features, _ in some])
            of = np.repeat(np.arange(len(some)), [len(features) for features, _ in some])
            truth = np.array([label for _, label in some])
            scores = np.bincount(of, flat[places], minlength=len(some))
            slopes = (1 / (1 + np.exp(-scores)) - truth) * np.where(truth > 0, _LEAN, 1.0)
            steps = np.bincount(places, slopes[of], minlength=flat.size)
            # Adagrad: rare words learn as fast as frequent ones.
            bias_like += steps**2
            flat -= _RATE * steps / np.sqrt(bias_like)
    return weights


def _samples(example: Example) -> Iterator[tuple[np.ndarray, float]]:
    text, spans, known = example
    words = words_of(text)
    features = [np.array(features_of(word.form)) for word in words]
    nothing = np.array([], dtype=int)
    for place, word in enumerate(words):
        named = [label for start, end, label in spans if start < word.end and word.start < end]
        if not named and not known >= _WANTED:
            continue
        before = features[place - 1] + BUCKETS if place else nothing
        behind = features[place + 1] + 2 * BUCKETS if place + 1 < len(words) else nothing
        yield np.concatenate((features[place], before, behind)), float(bool(_WANTED & set(named)))


def _kept(gate: Gate, examples: Iterable[Example]) -> tuple[float, float]:
    names = kept = size = read = 0
    for text, spans, _ in examples:
        blocks = [(start, start + len(part)) for start, part in gate.blocks(text)]
        size += len(text)
        read += sum(end - start for start, end in blocks)
        for start, end, label in spans:
            if label in _WANTED:
                names += 1
                kept += any(low <= start and end <= high for low, high in blocks)
    return kept / max(1, names), read / max(1, size)


if __name__ == "__main__":
    main()
