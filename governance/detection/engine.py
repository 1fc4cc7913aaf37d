"""The detectors of one ruleset, loaded and proven by their canaries."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from governance.core.errors import Unavailable

from .cache import FindingsCache
from .detector import Budget, Clock, Detector
from .detectors import load_detectors
from .document import Document
from .report import Report
from .ruleset import Ruleset
from .scan import scan

SHORTEST_KEY = 16  # bytes
_CANARY_SECONDS = 20.0


class Engine:
    """Not thread safe (spaCy is not): one engine per process or thread."""

    def __init__(
        self, *, ruleset: Ruleset, detectors: Sequence[Detector], key: bytes, clock: Clock = time.monotonic
    ) -> None:
        if len(key) < SHORTEST_KEY:
            message = f"The HMAC key must have at least {SHORTEST_KEY} bytes."
            raise ValueError(message)
        self.ruleset = ruleset
        self.detectors = tuple(detectors)
        self._key = key
        self._clock = clock

    @classmethod
    def load(cls, ruleset: Ruleset, *, key: bytes, models: Path | None = None) -> Self:
        """Load models and registers and scan the canaries.

        `key` (at least 16 bytes) keys the digests of findings and of the cache. `models` is the folder of the unpacked
        model packages; None means REMIT_MODELS, else `.models` beside the project.

        Raises:
            Unavailable: `models_missing`, `register_missing`, `register_changed`, `canary_failed`.
        """
        engine = cls(ruleset=ruleset, detectors=load_detectors(ruleset, key=key, models=models), key=key)
        if failed := engine.canary():
            raise Unavailable("canary_failed", f"These detectors do not find their own canary: {', '.join(failed)}.")
        return engine

    def canary(self) -> tuple[str, ...]:
        """Scan each detector's canary afresh; return the names of those that did not find it (none is good)."""
        return tuple(detector.name for detector in self.detectors if not self._sings(detector))

    def _sings(self, detector: Detector) -> bool:
        if detector.canary is None:
            return True
        try:
            spans = detector.find([detector.canary.text], Budget.of(_CANARY_SECONDS, self._clock))[0]
        except Exception:  # noqa: BLE001 - whatever it was, the detector does not work
            return False
        return any(span.type == detector.canary.type for span in spans)

    def scan(self, document: Document, *, deadline: float, cache: FindingsCache | None = None) -> Report:
        """Return what was found and what was covered.

        `deadline` is in seconds from now. A detector that fails or is late makes the report incomplete; nothing is raised
        for anything a text may hold. Same document, same ruleset, same key: same findings, in any process.
        """
        budget = Budget.of(deadline, self._clock)
        return scan(document, ruleset=self.ruleset, detectors=self.detectors, key=self._key, budget=budget, cache=cache)
