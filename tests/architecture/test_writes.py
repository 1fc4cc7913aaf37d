"""Rows change only in services.py. Anything else is a write nobody recorded."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2] / "governance"
PLAIN = {"save", "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "delete"}
WRITES = PLAIN | {f"a{name}" for name in PLAIN}
RAW = re.compile(r"^\s*(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|TRUNCATE)\b", re.IGNORECASE)


def is_service(path: Path) -> bool:
    return path.name == "services.py" or path.parent.name == "services"


def writes_in(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and RAW.match(node.value):
            found.append(f"{path.relative_to(ROOT)}:{node.lineno} raw SQL")
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        source = node.func.value
        from_query = isinstance(source, ast.Call) or getattr(source, "attr", "") == "objects"
        queryset_update = node.func.attr in {"update", "aupdate"} and from_query
        if node.func.attr in WRITES or queryset_update:
            found.append(f"{path.relative_to(ROOT)}:{node.lineno} .{node.func.attr}()")
    return found


def test_rows_change_only_in_services():
    outside = [
        hit
        for path in ROOT.rglob("*.py")
        if not is_service(path) and "migrations" not in path.parts
        for hit in writes_in(path)
    ]
    assert not outside, "\n".join(outside)
