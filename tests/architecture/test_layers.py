"""The import contracts of pyproject.toml hold."""

import subprocess
import sys
from pathlib import Path


def test_imports_respect_the_layers():
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
