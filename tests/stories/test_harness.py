"""A run of the tests says what it did not do. Each case is a small run of its own, with this project's harness."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from governance.stack.places import ROOT

BROWSER = "import pytest\n\n@pytest.mark.browser\ndef test_page(page): pass\n\ndef test_other(): pass\n"
SKIPPED = "import pytest\n\ndef test_never(): pytest.skip('always')\n"
FLUSHING = "import pytest\n\n@pytest.mark.django_db(transaction=True)\ndef test_flush(): pass\n"
NOT_RUN = "not run: 1 browser tests"

CASES = [
    pytest.param(BROWSER, ["--require-browser"], 1, NOT_RUN, id="required browser tests fail the run"),
    pytest.param(BROWSER, ["--require-browser", "-n", "1"], 1, NOT_RUN, id="also when workers collect"),
    pytest.param(SKIPPED, [], 5, "1 skipped", id="a run that only skipped is no success"),
    pytest.param(FLUSHING, [], 4, "ask for committed_db instead", id="a flushing test is refused"),
]


@pytest.mark.parametrize(("code", "flags", "expected", "said"), CASES)
def test_a_run_that_proves_nothing_says_so(folder_of_tests, code, flags, expected, said):
    (folder_of_tests / "test_case.py").write_text(code)
    ended = run(folder_of_tests, *flags)
    assert said in ended.stdout + ended.stderr
    assert ended.returncode == expected


@pytest.fixture
def folder_of_tests(tmp_path):
    """A project with our harness and our configuration, and tests of its own."""
    (tmp_path / "tests").mkdir()
    for path in (ROOT / "tests" / "harness", *(ROOT / "tests").glob("*.py")):
        (tmp_path / "tests" / path.name).symlink_to(path)
    (tmp_path / "pyproject.toml").symlink_to(ROOT / "pyproject.toml")
    return tmp_path / "tests"


def run(folder: Path, *flags: str) -> subprocess.CompletedProcess:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("REMIT_", "PYTEST_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *flags, str(folder)],
        cwd=folder.parent,
        env=bare | {"CHROMIUM": "/nowhere/chromium", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
