"""The detectors of one ruleset, loaded and proven by their canaries."""

import time
from collections.abc import Collection, Sequence
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
from .views import views_of

SHORTEST_KEY = 16  # bytes
# Of work: on a machine with too much to do a detector waits for its turn, and is not broken for that. No wait is longer than this for each.
_CANARY_SECONDS, _WAITS = 20.0, 6


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
    def load(cls, ruleset: Ruleset, *, key: bytes, models: Path | None = None, beside: Sequence["Engine"] = ()) -> Self:
        """Load models and registers and scan the canaries.

        `key` (at least 16 bytes) keys the digests of findings and of the cache. `models` is the folder of the unpacked
        model packages; None means REMIT_MODELS, else `.models` beside the project. What engines of the same key in `beside`
        have loaded with the same options is used again: only one of them may scan at a time.

        Raises:
            Unavailable: `models_missing`, `register_missing`, `register_version`, `register_changed`, `canary_failed`.
        """
        known = {name: found for each in beside for name, found in each._alike(ruleset).items()}  # noqa: SLF001 - of our own class
        # Compiles the signs of disguises, which takes as long as scanning a megabyte: before anybody waits.
        views_of("")
        engine = cls(ruleset=ruleset, detectors=load_detectors(ruleset, key=key, models=models, known=known), key=key)
        # Those known sing already, and may be at work just now.
        if failed := engine.canary(but=known):
            raise Unavailable("canary_failed", f"These detectors do not find their own canary: {', '.join(failed)}.")
        return engine

    def _alike(self, ruleset: Ruleset) -> dict[str, Detector]:
        """Return the detectors that `ruleset` names with the same options."""
        names = [name for name in ruleset.required if name in self.ruleset.required]
        alike = {name for name in names if ruleset.options(name) == self.ruleset.options(name)}
        return {detector.name: detector for detector in self.detectors if detector.name in alike}

    def canary(self, *, but: Collection[str] = ()) -> tuple[str, ...]:
        """Scan the canaries of all detectors the ruleset wants, `but` those; return the names of those that do not work (none is good).

        One that is not there, does not find one of its canaries, or was made from files that changed since, does not work.
        """
        here = {detector.name: detector for detector in self.detectors}
        asked = (name for name in self.ruleset.required if name not in but)
        return tuple(name for name in asked if name not in here or not self._works(here[name]))

    def _works(self, detector: Detector) -> bool:
        if not detector.files.are_as_they_were():
            return False
        texts = [canary.text for canary in detector.canaries]
        try:
            found = detector.find(texts, Budget.of(_CANARY_SECONDS, self._work())) if texts else []
            return all(canary.is_among(spans) for canary, spans in zip(detector.canaries, found, strict=True))
        except Exception:  # noqa: BLE001 - whatever it was, the detector does not work
            return False

    def _work(self) -> Clock:
        """Return a clock of the seconds that this thread works from now on; one that only waits goes on too, at a sixth of its pace."""
        began, worked = self._clock(), time.thread_time()
        return lambda: max(time.thread_time() - worked, (self._clock() - began) / _WAITS)

    def scan(self, document: Document, *, deadline: float, cache: FindingsCache | None = None) -> Report:
        """Return what was found and what was covered.

        `deadline` is in seconds from now. A detector that fails or is late makes the report incomplete; nothing is raised
        for anything a text may hold. Same document, same ruleset, same key: same findings, in any process.
        """
        budget = Budget.of(deadline, self._clock)
        return scan(document, ruleset=self.ruleset, detectors=self.detectors, key=self._key, budget=budget, cache=cache)
