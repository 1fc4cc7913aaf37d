"""Items of evaluation sets, so that a model is not trained on its own exam and a secret exam stays one."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .detector import NO_FILES, Budget, Canary
from .kept_canaries import ITEM_CANARY, canary_exam
from .spans import Span
from .views import Kind

if TYPE_CHECKING:
    from .fingerprints.exam import Exam

SECRET, PUBLIC = "EVALUATION", "PUBLIC_EVALUATION"
PUBLIC_KIND = "public_exam"  # of an entry of the ruleset; any other is an exam whose items are secret
_AT_ONCE = 1 << 20  # characters read together


class Evaluation:
    name = "evaluation"
    version = "2"
    views = frozenset({Kind.RAW, Kind.FOLDED, Kind.DECODED, Kind.LINED})
    files = NO_FILES

    def __init__(self, exams: Sequence["Exam"], public: Collection[str] = (), *, canary: "Exam | None" = None) -> None:
        """`public` are the ids of exams that anybody may have: their items are of a type of their own.

        `canary` is an exam of ours, looked for in the canary alone; needed where anything is registered.
        """
        self._exams, self._canary = tuple(exams), canary
        self._public = frozenset(public)
        self.canaries: tuple[Canary, ...] = (ITEM_CANARY,) if canary else ()

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        found: list[list[Span]] = [[] for _ in texts]
        for low, high in _stretches(texts) if self._exams else ():
            budget.check()
            self._look(texts[low:high], found[low:high])
        return found

    def _look(self, texts: Sequence[str], found: Sequence[list[Span]]) -> None:
        """Add what the texts hold to the lists beside them. The subtype is SET:ITEM, the score the share of the item."""
        from .fingerprints.words import words_of

        words = words_of(texts)
        for exam in self._looked_for(texts):
            kind = PUBLIC if exam.id in self._public else SECRET
            for seen in exam.appearances(words):
                span = Span(kind, seen.start, seen.end, seen.coverage, f"{exam.id}:{seen.item}")
                found[seen.text].append(span)

    def _looked_for(self, texts: Sequence[str]) -> Sequence["Exam"]:
        return (*self._exams, self._canary) if self._canary and ITEM_CANARY.text in texts else self._exams


def _stretches(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Cut the texts into stretches that are read together."""
    cuts, size, low = [], 0, 0
    for number, text in enumerate(texts):
        size += len(text)
        if size >= _AT_ONCE:
            cuts.append((low, number + 1))
            low, size = number + 1, 0
    return [*cuts, (low, len(texts))] if low < len(texts) else cuts


def load(options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Evaluation:  # noqa: ARG001 - one signature for all detectors
    """Return the detector. Options: `sets`, a list of `{"id", "kind", "digest", "folder"}`.

    Raises:
        Unavailable: as `open_exam`.
    """
    from .fingerprints.exam import open_exam

    entries = options.get("sets", ())
    return Evaluation(
        [open_exam(Path(entry["folder"]), name=str(entry["id"]), key=key, digest=entry["digest"]) for entry in entries],
        public={str(entry["id"]) for entry in entries if entry.get("kind") == PUBLIC_KIND},
        canary=canary_exam(key) if entries else None,
    )
