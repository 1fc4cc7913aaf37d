"""One engine for all tests of the scanner: loading the model takes seconds. The key and every text are made for the tests."""

import os
from pathlib import Path

import pytest

from governance.detection.engine import Engine
from governance.detection.ruleset import DEFAULT_RULESET

KEY = b"a key made for the tests, 32 by."


@pytest.fixture(scope="session")
def models():
    """The folder of the unpacked model; `./dev test` sets REMIT_MODELS, a bare pytest finds it beside the project."""
    return Path(os.environ["REMIT_MODELS"]) if "REMIT_MODELS" in os.environ else None


@pytest.fixture(scope="session")
def engine(models):
    return Engine.load(DEFAULT_RULESET, key=KEY, models=models)
