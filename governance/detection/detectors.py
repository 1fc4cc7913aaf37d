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
Make = Callable[..., Detector]


def load_detectors(
    ruleset: Ruleset, *, key: bytes, models: Path | None, known: Mapping[str, Detector] | None = None
) -> list[Detector]:
    """Return the detectors of the ruleset, in the order in which they run; those `known` by their name are not loaded again.

    Each module offers `load(options, *, key, models) -> Detector`.

    Raises:
        Unavailable: when a model or a register is missing or not the one the ruleset names.
    """
    loaded = known or {}
    return [
        loaded[name] if name in loaded else _load(name, ruleset.options(name), key=key, models=models)
        for name in ruleset.required
    ]


def _load(name: str, options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Detector:
    make: Make = import_module(_HOMES[name]).load
    return make(options, key=key, models=models)
