"""The organisation's own code and documents, recognised by the fingerprints of its registers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .detector import Budget, Canary
from .spans import Span
from .views import Kind

if TYPE_CHECKING:
    from .fingerprints.index import Index

# Shorter texts cannot hold 24 tokens with the spaces between them.
_SHORTEST = 40


class Source:
    name = "source"
    version = "1"
    views = frozenset({Kind.RAW, Kind.FOLDED, Kind.DECODED})
    canary: Canary | None = (
        None  # what is found depends on what is registered; opening a register checks its digest instead
    )

    def __init__(self, *, registers: Sequence[tuple[str, "Index"]], key: bytes) -> None:
        from .fingerprints.keyed import HashKey

        self._registers = tuple(registers)
        self._key = HashKey.of(key)

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        found = []
        for text in texts:
            budget.check()
            found.append([span for name, index in self._registers for span in self._copied(text, name, index)])
        return found

    def _copied(self, text: str, name: str, index: "Index") -> list[Span]:
        from .fingerprints.lookup import copied_parts

        if len(text) < _SHORTEST:
            return []
        parts = copied_parts(text, index, self._key)
        return [
            Span("SOURCE", p.start, p.end, min(1.0, 0.8 + p.tokens / 1000), f"{name}:{p.name}:{p.first}-{p.last}")
            for p in parts
        ]


def load(options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Source:  # noqa: ARG001 - one signature for all detectors
    """Return the detector. Options: `registers`, a list of `{"id", "kind": "source", "digest", "folder"}`.

    Raises:
        Unavailable: `register_missing`, `register_changed`, `register_key`.
    """
    from .fingerprints.index import open_index

    registers = [
        (str(entry["id"]), open_index(Path(entry["folder"]), key=key, digest=entry["digest"]))
        for entry in options.get("registers", ())
    ]
    return Source(registers=registers, key=key)
