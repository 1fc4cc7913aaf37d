"""Train the sieve: `python -m governance.detection.pii.training.sieve --rows FILE --code FOLDER --model names.onnx --out sieve.npz`. Needs onnx and Faker.

A minute of one processor, most of it for what it learns from: the names model reads what the gate lets through, and the sieve is to say of
which words it finds somebody. Prints, for the rows left out, the share of names in what passes and the share of characters, by cut.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from governance.detection.detector import Budget
from governance.detection.languages import language_of
from governance.detection.pii.gate import Gate
from governance.detection.pii.names import CUT, THRESHOLDS, is_read
from governance.detection.pii.sieve import EDGE, REACH, WAYS, Sieve, way_of
from governance.detection.pii.tagger import GATE, WEIGHTS, Tagger
from governance.detection.pii.words import Vocabulary, words_of

from .recipe import Example, Makers, about_nobody, anything, frames, is_left_out, labelled_rows, read_rows, varied

_FOUND, _WANTED = {"PERSON", "PLACE", "PHONE"}, {"PERSON", "PLACE"}
_SIZE, _HIDDEN, _PLACES = 32, 48, 2 * REACH + 1
_EPOCHS, _CHUNK, _RATE, _WARM, _DECAY, _FORGOTTEN = 12, 1024, 3e-3, 100, 0.01, 0.05
_MEAN_KEPT, _SIZE_KEPT = 0.9, 0.99
_TRUE = 3.0  # how much more a name counts that people marked too
_OFTEN = 6  # times that a word of everyday is met
_CUTS = (-4.0, -3.5, -3.0, -2.5, -2.0)
_MINUTE = 60.0
_SMALL = re.compile(r"(?<!\w)[a-z]{2,12}(?!\w)")


@dataclass(frozen=True, slots=True)
class _Read:
    """The words of a block, whether the names model (or who labelled it) has somebody there, and how much each counts."""

    forms: list[str]
    truth: np.ndarray
    weight: np.ndarray


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--rows", "--code", "--model", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--times", type=float, default=1.0, help="how much text, as a part of some 150,000 words")
    options = parser.parse_args()
    makers, rows = Makers(5), read_rows(options.rows)
    taught = [row for row in rows if not is_left_out(row)]
    gate, tagger = Gate.load(WEIGHTS / GATE, CUT), Tagger.load(THRESHOLDS)
    texts = _texts(taught, options.code, makers, options.times)
    read = [each for example in texts for each in _blocks(example, gate, tagger)]
    print(f"{len(read)} blocks, {sum(len(each.forms) for each in read)} words", flush=True)
    arrays = trained(read, tagger.vocabulary, _embeddings(options.model), np.random.default_rng(1))
    packed: dict[str, Any] = {name: values.astype(np.float16) for name, values in arrays.items()}
    np.savez_compressed(options.out, **packed)
    unseen = labelled_rows([row for row in rows if is_left_out(row)])
    for cut in _CUTS:
        kept, part = _kept(gate, Sieve.load(options.out, tagger.vocabulary, cut), unseen)
        print(f"{cut}: keeps {kept:.4f} of the names that the gate lets through, reads {part:.2f} of that text")


def _texts(rows: Sequence[dict[str, Any]], code: Path, makers: Makers, times: float) -> Iterator[Example]:
    real = labelled_rows(list(rows))
    makers.dice.shuffle(real)
    yield from (varied(example, makers) for example in real[: int(len(real) * min(1, times))])
    yield from frames(makers, int(1200 * times))
    yield from frames(makers, int(250 * times), name="nothing.txt")
    yield from about_nobody(code, makers, int(300 * times))
    yield from anything(code, makers, int(1200 * times))
    yield from _words_of_everyday(rows, code, makers, int(400 * times))


def _words_of_everyday(rows: Sequence[dict[str, Any]], code: Path, makers: Makers, count: int) -> Iterator[Example]:
    """Yield sentences of small words in any order, the first with a capital: of capitals alone nothing follows."""
    met = Counter(
        word
        for path in sorted(code.glob("*.dist-info/METADATA"))
        for word in _small(path.read_text("utf-8", "replace"))
    )
    met.update(word for row in rows for word in _small(row["text"]))
    words, dice = [word for word, times in met.items() if times >= _OFTEN], makers.dice
    for _ in range(count):
        sentences = [dice.choices(words, k=dice.randrange(3, 12)) for _ in range(dice.randrange(3, 9))]
        yield " ".join(" ".join(each).capitalize() + dice.choice("...?") for each in sentences), [], frozenset()


def _small(text: str) -> list[str]:
    return _SMALL.findall(text)


def _blocks(example: Example, gate: Gate, tagger: Tagger) -> Iterator[_Read]:
    text, spans, _ = example
    for start, part in gate.blocks(text):
        words = words_of(part)
        if not words or not is_read(part):
            continue
        tags = tagger.tags([part], Budget.of(_MINUTE), [bool(language_of(part))])[0]
        found = _marked(words, [(tag.start, tag.end) for tag in tags if tag.label in _FOUND])
        named = _marked(words, [(low - start, high - start) for low, high, label in spans if label in _WANTED])
        yield _Read(
            [word.form for word in words], (found | named).astype(np.float32), np.where(found & named, _TRUE, 1.0)
        )


def _marked(words: Sequence[Any], places: Sequence[tuple[int, int]]) -> np.ndarray:
    return np.array([any(low < word.end and word.start < high for low, high in places) for word in words])


def _embeddings(model: Path) -> np.ndarray:
    """Return those of the names model, pieces x width, about 0 and of size 1."""
    import onnx
    from onnx import numpy_helper

    stored = {tensor.name: tensor for tensor in onnx.load(model).graph.initializer}
    whole = numpy_helper.to_array(stored["words"]).astype(np.float32) * numpy_helper.to_array(stored["word.scales"])
    centred: np.ndarray = whole - whole.mean(axis=0)
    scaled: np.ndarray = centred / centred.std()
    return scaled


class _Network:
    """Five arrays, what they become of a stretch of words, and which way each should move."""

    def __init__(self, width: int, dice: np.random.Generator) -> None:
        sizes = {
            "project": ((width, _SIZE), 0.05),
            "ways": ((WAYS, _SIZE), 0.3),
            "hidden": ((_PLACES * _SIZE, _HIDDEN), (2 / (_PLACES * _SIZE)) ** 0.5),
            "hidden_bias": ((_HIDDEN,), 0.0),
            "out": ((_HIDDEN,), 0.2),
            "out_bias": ((1,), 0.0),
        }
        self.arrays = {name: dice.normal(0, scale, shape).astype(np.float32) for name, (shape, scale) in sizes.items()}

    def slopes(
        self, words: np.ndarray, ways: np.ndarray, truth: np.ndarray, weight: np.ndarray
    ) -> tuple[float, dict[str, np.ndarray]]:
        now, count = self.arrays, len(words)
        around = np.pad(words @ now["project"] + now["ways"][ways], ((REACH, REACH), (0, 0)))
        seen = np.concatenate([around[place : place + count] for place in range(_PLACES)], axis=1)
        hidden = np.maximum(seen @ now["hidden"] + now["hidden_bias"], 0)
        said = 1 / (1 + np.exp(-(hidden @ now["out"] + now["out_bias"])))
        wrong = (weight * (said - truth) / weight.sum()).astype(np.float32)
        back = np.outer(wrong, now["out"]) * (hidden > 0)
        into, moved = back @ now["hidden"].T, np.zeros_like(around)
        for place in range(_PLACES):
            moved[place : place + count] += into[:, place * _SIZE : (place + 1) * _SIZE]
        moved = moved[REACH:-REACH]
        written = np.zeros_like(now["ways"])
        np.add.at(written, ways, moved)
        loss = -(weight * np.log(np.where(truth > 0, said, 1 - said) + 1e-7)).sum() / weight.sum()
        return float(loss), {
            "project": words.T @ moved, "ways": written, "hidden": seen.T @ back, "hidden_bias": back.sum(axis=0),
            "out": hidden.T @ wrong, "out_bias": wrong.sum(keepdims=True),
        }  # fmt: skip


class _Adam:
    """The steps of Kingma and Ba (2015), smaller and smaller, with weights that decay (Loshchilov and Hutter, 2019)."""

    def __init__(self, arrays: dict[str, np.ndarray], total: int) -> None:
        self._arrays, self._total, self._step = arrays, total, 0
        self._mean, self._size = ({name: np.zeros_like(values) for name, values in arrays.items()} for _ in range(2))

    def move(self, slopes: dict[str, np.ndarray]) -> None:
        self._step += 1
        rate = _RATE * min(1, self._step / _WARM) * (1 - self._step / self._total)
        for name, slope in slopes.items():
            mean, size, values = self._mean[name], self._size[name], self._arrays[name]
            mean += (1 - _MEAN_KEPT) * (slope - mean)
            size += (1 - _SIZE_KEPT) * (slope**2 - size)
            steady = mean / (1 - _MEAN_KEPT**self._step) / (np.sqrt(size / (1 - _SIZE_KEPT**self._step)) + 1e-8)
            values -= rate * (steady + _DECAY * values)


@dataclass(frozen=True, slots=True)
class _Lesson:
    """All blocks in a row, with edges between: the number of each word's form; the vector of each form, and how it is written."""

    places: np.ndarray
    truth: np.ndarray
    weight: np.ndarray
    vectors: np.ndarray
    ways: np.ndarray

    @classmethod
    def of(cls, read: Sequence[_Read], vocabulary: Vocabulary, embeddings: np.ndarray) -> "_Lesson":
        number: dict[str, int] = {}
        rows = [[number.setdefault(form, len(number)) for form in each.forms] + [-1] * REACH for each in read]
        pieces = [list(vocabulary.pieces(form)) for form in number]
        edge = np.zeros(embeddings.shape[1])
        return cls(
            np.concatenate(rows),
            np.concatenate([np.pad(each.truth, (0, REACH)) for each in read]),
            np.concatenate([np.pad(each.weight, (0, REACH), constant_values=1.0) for each in read]),
            np.array([*(embeddings[some].mean(axis=0) for some in pieces), edge], np.float32),
            np.array([*(way_of(form, some) for form, some in zip(number, pieces, strict=True)), EDGE]),
        )


def trained(
    read: Sequence[_Read], vocabulary: Vocabulary, embeddings: np.ndarray, dice: np.random.Generator
) -> dict[str, np.ndarray]:
    """Return the arrays of the sieve; some words at a time are taken out, for the next text has others."""
    lesson = _Lesson.of([read[place] for place in dice.permutation(len(read))], vocabulary, embeddings)
    network, chunks = _Network(embeddings.shape[1], dice), len(lesson.places) // _CHUNK - 1
    adam = _Adam(network.arrays, _EPOCHS * chunks)
    for epoch in range(_EPOCHS):
        losses, shift = [], dice.integers(0, _CHUNK)
        for at in dice.permutation(chunks) * _CHUNK + shift:
            part = slice(at, at + _CHUNK)
            some = lesson.places[part]
            vectors = lesson.vectors[some] * (dice.random(len(some)) >= _FORGOTTEN)[:, None]
            loss, slopes = network.slopes(vectors, lesson.ways[some], lesson.truth[part], lesson.weight[part])
            adam.move(slopes)
            losses.append(loss)
        print(f"round {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
    arrays = network.arrays
    project, hidden = arrays.pop("project"), arrays.pop("hidden").reshape(_PLACES, _SIZE, _HIDDEN)
    return arrays | {"pieces": embeddings @ project, "hidden": hidden.transpose(1, 0, 2).reshape(_SIZE, -1)}


def _kept(gate: Gate, sieve: Sieve, examples: Sequence[Example]) -> tuple[float, float]:
    names = kept = size = read = 0
    for text, spans, _ in examples:
        for start, block in gate.blocks(text):
            parts = [(start + at, start + at + len(part)) for at, part in sieve.parts(block)]
            size += len(block)
            read += sum(high - low for low, high in parts)
            for low, high, label in spans:
                if label in _WANTED and start <= low and high <= start + len(block):
                    names += 1
                    kept += any(first <= low and high <= last for first, last in parts)
    return kept / max(1, names), read / max(1, size)


if __name__ == "__main__":
    main()
