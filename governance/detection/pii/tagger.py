"""The names model: which words of a text are people, places, organisations, telephones or numbers. See weights/README.md for where it comes from."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from governance.core.errors import Unavailable
from governance.detection.detector import Budget
from governance.detection.threads import in_order

from .words import Case, Reading, Vocabulary, Word, case_of, words_of

WEIGHTS = Path(__file__).parent / "weights"
MODEL, VOCABULARY, GATE, SIEVE = "names.onnx", "vocab.txt", "gate.npz", "sieve.npz"
DIGESTS = "SHA256SUMS"
LABELS = (
    "PERSON",
    "PLACE",
    "ORG",
    "PHONE",
    "ID",
)  # in the order of the model's outputs: none, then begin and inside of each
_WINDOW = 126  # pieces, besides the two marks around them
_LENIENT = 0.5  # thresholds of a text in another language, in which the model is less sure of everything
_GOES_ON = 0.1  # the least probability of a word that follows inside a person's name
_PARTICLES = frozenset({"van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "das", "du", "la", "le", "ten", "ter", "zu", "bin", "al"})  # fmt: skip
_MOST_PARTICLES = 3
# A call takes as long as 24 pieces do, however few are in it, since it reads the weights. A window of code has some ten.
_TOGETHER = 64  # pieces of several windows; more would cost recall
_STEP_BACK = 24  # pieces of context repeated where a text is longer than a window


@dataclass(frozen=True, slots=True)
class Tag:
    """A run of words of one label; `probability` is that of its surest word."""

    label: str
    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class _Window:
    """Some words of a text; those before `counts` are context that an earlier window answers for."""

    words: Sequence[Word]
    counts: int
    ids: list[int]
    cases: list[int]
    lengths: list[int]


_Call = list[tuple[int, _Window]]  # windows that are read at once, each with the number of its part


class Tagger:
    def __init__(self, session: Any, vocabulary: Vocabulary, thresholds: dict[str, float]) -> None:
        self._session = session
        self.vocabulary = vocabulary
        self._thresholds = np.array([thresholds[label] for label in LABELS], dtype=np.float32)

    @classmethod
    def load(cls, thresholds: dict[str, float], weights: Path = WEIGHTS) -> "Tagger":
        """Return the model. Each call of it is one thread's; several threads may call it at once.

        Raises:
            Unavailable: `model_changed` when a file is missing or not the one the digests name.
        """
        check_digests(weights)
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(weights / MODEL, options, providers=["CPUExecutionProvider"])
        return cls(session, Vocabulary.load(weights / VOCABULARY), thresholds)

    def tags(
        self, parts: Sequence[str], budget: Budget, lenient: Sequence[bool] = (), of: Sequence[int] = ()
    ) -> list[list[Tag]]:
        """Return the tags of each part, in order; those marked `lenient` by lower thresholds. Raises OutOfTime.

        `of` numbers the texts that the parts were taken from: short parts of one text are read in one call. Without it each is read alone.
        """
        numbers = of or range(len(parts))
        windows = ((number, window) for number, part in enumerate(parts) for window in self._windows(part))
        found: list[list[Tag]] = [[] for _ in parts]
        calls = _in_time(_calls(windows, numbers), budget)
        for call, read in in_order(self._probabilities, calls):
            for (number, window), probabilities in zip(call, read, strict=True):
                less = _LENIENT if lenient and lenient[number] else 1.0
                found[number] += self._decoded(window, probabilities, self._thresholds * less)
        return found

    def _windows(self, text: str) -> Iterator[_Window]:
        words = words_of(text)
        read = [self.vocabulary.reading(word.form) for word in words]
        lengths = [len(pieces) for pieces, _ in read]
        first, answered = 0, 0
        while answered < len(words):
            # A word has at most 100 pieces, so beside the context there is room for one at least.
            last, size = first, 0
            while last < len(words) and size + lengths[last] <= _WINDOW:
                size += lengths[last]
                last += 1
            yield _window(words[first:last], read[first:last], answered - first)
            answered, first, back = last, last, 0
            while first > 0 and back + lengths[first - 1] <= _STEP_BACK:
                first -= 1
                back += lengths[first]

    def _probabilities(self, call: _Call) -> list[np.ndarray]:
        """Return, for each window of a call, the mean over its pieces of each word's probabilities: words x outputs.

        int8 scales are those of a whole call, so what is read beside a text would change what is found in it: windows of other texts do not
        belong here.
        """
        vocabulary, windows = self.vocabulary, [window for _, window in call]
        ids = [vocabulary.begin, *(piece for window in windows for piece in window.ids), vocabulary.end]
        cases = [0, *(case for window in windows for case in window.cases), 0]
        asked = {"ids": np.array([ids], dtype=np.int64), "cases": np.array([cases], dtype=np.int64)}
        probabilities = self._session.run(None, asked)[0][0]
        at, means = 1, []
        for window in windows:
            lengths = np.array(window.lengths)
            starts = np.cumsum(lengths) - lengths
            means.append(np.add.reduceat(probabilities[at : at + len(window.ids)], starts, axis=0) / lengths[:, None])
            at += len(window.ids)
        return means

    def _decoded(self, window: _Window, probabilities: np.ndarray, thresholds: np.ndarray) -> Iterator[Tag]:
        begins, insides = probabilities[:, 1::2], probabilities[:, 2::2]
        each = begins + insides
        best = each.argmax(axis=1)
        sure = each[np.arange(len(best)), best]
        named = sure >= thresholds[best]
        if not named.any():
            return
        at = window.counts
        while at < len(best):
            if not named[at]:
                at += 1
                continue
            end = at + 1
            while (
                end < len(best)
                and named[end]
                and best[end] == best[at]
                and begins[end, best[end]] <= insides[end, best[end]]
            ):
                end += 1
            if LABELS[best[at]] == "PERSON" and (
                end >= len(best) or not named[end] or window.words[end].form in _PARTICLES
            ):
                end = _grown(window.words, each[:, best[at]], end)
            yield Tag(LABELS[best[at]], window.words[at].start, window.words[end - 1].end, float(sure[at:end].max()))
            at = end


def _grown(words: Sequence[Word], likely: np.ndarray, end: int) -> int:
    """Return where a person's name ends that goes on over words written like names: one unsure word does not cut it in two.

    "van der" and their like may stand between; what follows them is a part of the name, whatever else it could be.
    """
    while True:
        after = end
        while (
            after < len(words)
            and after - end < _MOST_PARTICLES
            and words[after].form in _PARTICLES
            and _follows(words, after)
        ):
            after += 1
        enough = _GOES_ON if after == end else 0.0
        if (
            after >= len(words)
            or case_of(words[after].form) is not Case.TITLE
            or (after == end and case_of(words[end - 1].form) is not Case.TITLE)
            or not _follows(words, after)
            or likely[after] < enough
        ):
            return end
        end = after + 1


def _calls(windows: Iterable[tuple[int, _Window]], of: Sequence[int]) -> Iterator[_Call]:
    """Yield the windows that are read together: neighbours of one text, as long as they are short."""
    call: _Call = []
    size = 0
    for number, window in windows:
        if call and (of[call[-1][0]] != of[number] or size + len(window.ids) > _TOGETHER):
            yield call
            call, size = [], 0
        call.append((number, window))
        size += len(window.ids)
    if call:
        yield call


def _in_time(calls: Iterable[_Call], budget: Budget) -> Iterator[_Call]:
    for call in calls:
        budget.check()
        yield call


def _follows(words: Sequence[Word], place: int) -> bool:
    return words[place].start == words[place - 1].end + 1


def _window(words: Sequence[Word], read: Sequence[Reading], counts: int) -> _Window:
    ids = [piece for pieces, _ in read for piece in pieces]
    cases = [case for pieces, case in read for _ in pieces]
    return _Window(words, counts, ids, cases, [len(pieces) for pieces, _ in read])


def check_digests(weights: Path) -> None:
    """Raise Unavailable `model_changed` unless every file is the one that SHA256SUMS names."""
    lines = (weights / DIGESTS).read_text(encoding="ascii").splitlines() if (weights / DIGESTS).is_file() else []
    named = {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}
    for name in (MODEL, VOCABULARY, GATE, SIEVE):
        path = weights / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != named.get(name):
            raise Unavailable(
                "model_changed",
                f"The file {name} of the names model is not the one it should be.",
                remedy="Fetch Remit again.",
            )
