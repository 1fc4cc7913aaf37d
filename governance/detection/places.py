"""Where the unpacked models stand, and beside them what is compiled once for all processes."""

import os
from pathlib import Path

MODELS_VARIABLE = "REMIT_MODELS"
_PROJECT = Path(__file__).parents[2]


def models_folder(given: Path | None = None) -> Path:
    """Return the folder of the unpacked model packages: `given`, else REMIT_MODELS, else `.models` beside the project."""
    return given or Path(os.environ.get(MODELS_VARIABLE) or _PROJECT / ".models")
