"""Rows of catalogued datasets: what leaves may come from a dataset that nobody declared."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .detector import NO_FILES, Budget, Canary
from .kept_canaries import ROW_CANARY, canary_rows
from .spans import Span
from .views import Kind

if TYPE_CHECKING:
    from .fingerprints.rows import DatasetRows

_SCORE = 0.9


class Datasets:
    name = "datasets"
    version = "1"
    views = frozenset({Kind.RAW, Kind.FOLDED, Kind.DECODED, Kind.LINED})
    files = NO_FILES

    def __init__(self, registered: Sequence["DatasetRows"], *, canary: "DatasetRows | None" = None) -> None:
        """`canary` are rows of ours, looked for in the canary alone; needed where anything is registered."""
        self._registered, self._canary = tuple(registered), canary
        self.canaries: tuple[Canary, ...] = (ROW_CANARY,) if canary else ()

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        """Return a span for each row. The subtype is the reference of its dataset."""
        from .fingerprints.words import words_of

        found: list[list[Span]] = [[] for _ in texts]
        for text, spans in zip(texts, found, strict=True) if self._registered else ():
            budget.check()
            words = words_of([text])
            for dataset in self._looked_for(text):
                spans += [Span("DATASET", row.start, row.end, _SCORE, dataset.id) for row in dataset.rows_in(words)]
        return found

    def _looked_for(self, text: str) -> Sequence["DatasetRows"]:
        return (*self._registered, self._canary) if self._canary and text == ROW_CANARY.text else self._registered


def load(options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Datasets:  # noqa: ARG001 - one signature for all detectors
    """Return the detector. Options: `rows`, a list of `{"id", "kind", "digest", "folder"}`; the id is the dataset's reference.

    Raises:
        Unavailable: as `open_rows`.
    """
    from .fingerprints.rows import open_rows

    registered = [
        open_rows(Path(entry["folder"]), name=str(entry["id"]), key=key, digest=entry["digest"])
        for entry in options.get("rows", ())
    ]
    return Datasets(registered, canary=canary_rows(key) if registered else None)
