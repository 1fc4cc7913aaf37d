"""Rows of catalogued datasets: what leaves may come from a dataset that nobody declared."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .detector import NO_FILES, Budget, Canary
from .spans import Span
from .views import Kind

if TYPE_CHECKING:
    from .fingerprints.rows import DatasetRows

_SCORE = 0.9


class Datasets:
    name = "datasets"
    version = "1"
    views = frozenset({Kind.RAW, Kind.FOLDED, Kind.DECODED, Kind.LINED})
    canaries: tuple[
        Canary, ...
    ] = ()  # what is found depends on what is registered; opening rows checks their digest instead
    files = NO_FILES

    def __init__(self, registered: Sequence["DatasetRows"]) -> None:
        self._registered = tuple(registered)

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        """Return a span for each row. The subtype is the reference of its dataset."""
        from .fingerprints.words import words_of

        found: list[list[Span]] = [[] for _ in texts]
        for text, spans in zip(texts, found, strict=True) if self._registered else ():
            budget.check()
            words = words_of([text])
            for dataset in self._registered:
                spans += [Span("DATASET", row.start, row.end, _SCORE, dataset.id) for row in dataset.rows_in(words)]
        return found


def load(options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Datasets:  # noqa: ARG001 - one signature for all detectors
    """Return the detector. Options: `rows`, a list of `{"id", "kind", "digest", "folder"}`; the id is the dataset's reference.

    Raises:
        Unavailable: as `open_rows`.
    """
    from .fingerprints.rows import open_rows

    return Datasets(
        [
            open_rows(Path(entry["folder"]), name=str(entry["id"]), key=key, digest=entry["digest"])
            for entry in options.get("rows", ())
        ]
    )
