"""Each import contract bites: a copy of the tree with one wrong import breaks exactly the contract meant for it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]

MISTAKES = [
    pytest.param(
        "audit/selectors.py", "import governance.work.models", "Areas are layered", id="audit looks up to work"
    ),
    pytest.param(
        "web/frame/pages.py", "import governance.api.apps", "Areas are layered", id="pages import the REST area"
    ),
    pytest.param("catalogue/models.py", "import governance.initiatives.models", "Areas are layered", id="neighbours"),
    pytest.param("shed/__init__.py", "", "Areas are layered", id="a room without a place"),
    pytest.param("work/rules.py", "import governance.work.models", "Inside an area", id="rules read the tables"),
    pytest.param("approvals/rules.py", "import django.db", "Decisions are pure", id="a rule imports Django"),
    pytest.param("detection/engine.py", "import celery", "Decisions are pure", id="the scanner imports Celery"),
    pytest.param(
        "web/proving/audit.py",
        "import governance.audit.models",
        "Only the audit area",
        id="a page reads the log's table",
    ),
    pytest.param(
        "web/proving/audit.py", "import governance.work.tasks", "Tasks are called", id="a page imports a task"
    ),
    pytest.param(
        "web/proving/audit.py", "import rest_framework", "Only the REST area", id="a page imports the REST framework"
    ),
    pytest.param(
        "web/building/try_it.py",
        "import governance.gateway.upstream",
        "One module may open",
        id="a page opens a socket",
    ),
    pytest.param(
        "web/telling/notices.py",
        "import governance.web.proving.audit",
        "Pages stand in rooms",
        id="a page asks its neighbour",
    ),
]


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(
        PROJECT / "governance", tmp_path / "governance", ignore=shutil.ignore_patterns("__pycache__", "static")
    )
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    (tmp_path / "governance" / "work" / "tasks.py").touch()
    return tmp_path


@pytest.mark.parametrize(("place", "line", "contract"), MISTAKES)
def test_a_wrong_import_breaks_its_contract(copy, place, line, contract):
    path = copy / "governance" / place
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{line}\n" + (path.read_text() if path.exists() else ""))
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    run = subprocess.run(command, check=False, capture_output=True, text=True, cwd=copy)
    broken = run.stdout.split("Contracts: ")[-1] if "Contracts: " in run.stdout else run.stdout
    assert run.returncode != 0
    assert contract in broken or "exhaustive" in run.stdout, run.stdout
