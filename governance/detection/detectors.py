"""The table of detectors: how each is made from its options in the ruleset."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from .detector import Detector
from .ruleset import Ruleset

# Modules, not classes: a process that scans for secrets alone never loads a language model.
_HOMES = {
    "secrets": "governance.detection.secrets",
    "markings": "governance.detection.markings",
    "languages": "governance.detection.languages",
    "source": "governance.detection.source",
    "evaluation": "governance.detection.evaluation",
    "datasets": "governance.detection.datasets",
    "recognisers": "governance.detection.recognisers",
    "patterns": "governance.detection.pii.patterns",
    "names": "governance.detection.pii.names",
}
_NEED_MODELS = frozenset({"names"})
Make = Callable[..., Detector]


def load_detectors(
    ruleset: Ruleset, *, key: bytes, models: Path | None, known: Mapping[str, Detector] | None = None
) -> list[Detector]:
    """Return the detectors of the ruleset, in the order in which they run; those `known` by their name are not loaded again.

    Each module offers `load(options, *, key, models) -> Detector`.

    Raises:
        Unavailable: when a model or a register is missing or not the one the ruleset names.
    """
    loaded = dict(known or {})
    # First what a model may be missing for: that is told before seconds were spent on all the others.
    for name in sorted(ruleset.required, key=lambda name: name not in _NEED_MODELS):
        if name not in loaded:
            loaded[name] = _load(name, ruleset.options(name), key=key, models=models)
    return [loaded[name] for name in ruleset.required]


def _load(name: str, options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Detector:
    make: Make = import_module(_HOMES[name]).load
    return make(options, key=key, models=models)
