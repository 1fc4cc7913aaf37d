"""Every public write says who and when, and leaves an event."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2] / "governance"
SILENT = {  # function -> why it needs no event
    "audit/services.py:record": "it is the event",
}


def public_functions():
    paths = {*ROOT.rglob("services.py"), *ROOT.glob("*/services/*.py")}
    for path in sorted(paths):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                yield f"{path.relative_to(ROOT)}:{node.name}", node


def calls(node) -> set[str]:
    return {n.func.id for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}


def test_every_write_names_actor_and_time():
    missing = [name for name, node in public_functions() if not {"by", "at"} <= {a.arg for a in node.args.kwonlyargs}]
    assert not missing, missing


def test_every_write_records_an_event():
    missing = [
        name for name, node in public_functions() if name not in SILENT and not {"record", "record_async"} & calls(node)
    ]
    assert not missing, missing


def test_exceptions_are_still_needed():
    assert set(SILENT) <= {name for name, _ in public_functions()}
