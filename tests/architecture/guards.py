"""What import-linter cannot see, as functions over a source tree, so that each can be tried against a mistake."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2] / "governance"
MODULE_LINES, FUNCTION_LINES = 400, 50

PLAIN = {"save", "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "delete"}
WRITES = PLAIN | {f"a{name}" for name in PLAIN}
UPDATES = {"update", "aupdate", "add", "aadd", "set", "aset", "remove", "aremove", "clear", "aclear"}
RAW = re.compile(
    r"^\s*(INSERT\s+INTO\b|UPDATE\s+[\w.\"]+\s+(AS\s+\w+\s+)?SET\b|DELETE\s+FROM\b|TRUNCATE\s+\w)", re.IGNORECASE
)

HTTP_CLIENTS = {"aiohttp", "httpx", "requests", "urllib3", "http.client", "urllib.request"}
HTTP_ALLOWED = {
    "gateway/upstream.py",
    "gateway/key_sets.py",
    "gateway/resolving.py",
    "web/building/gateway_client.py",
    "client/",
    "stack/",
    "notices/channels/",
    "training/publish/",
    "catalogue/connectors/",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(root: Path = ROOT) -> list[Path]:
    return [path for path in sorted(root.rglob("*.py")) if "migrations" not in path.parts]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def is_service(path: Path) -> bool:
    return path.name == "services.py" or "services" in path.parts


def large_modules(root: Path = ROOT) -> list[str]:
    sizes = ((path, len(path.read_text().splitlines())) for path in modules(root))
    return [f"{path.relative_to(root)}: {lines}" for path, lines in sizes if lines > MODULE_LINES]


def long_functions(root: Path = ROOT) -> list[str]:
    return [
        f"{path.relative_to(root)}:{node.lineno} {node.name}"
        for path in modules(root)
        for node in ast.walk(tree(path))
        if isinstance(node, Function) and node.end_lineno - node.lineno >= FUNCTION_LINES
    ]


def shares_said_otherwise(root: Path = ROOT) -> list[str]:
    """Return where a share is put into words by other means than core.percent: two spellings on one page is one too many."""
    own = re.compile(r"\{[^{}]*%\}|\} ?%(?![}(\w])")
    return [
        f"{path.relative_to(root)}:{number}"
        for path in modules(root)
        if path.name != "percent.py"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if own.search(line) and 'f"' in line
    ]


def names_of_two_shapes(root: Path = ROOT) -> list[str]:
    """Classes of the REST area that go by one name: the OpenAPI document would describe one with the fields of the other."""
    found: dict[str, list[str]] = {}
    for path in modules(root / "api"):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and node.name.endswith(("In", "Out", "Ask")):
                found.setdefault(node.name, []).append(path.name)
    return [f"{name}: {', '.join(files)}" for name, files in sorted(found.items()) if len(files) > 1]


def _is_write(call: ast.Call) -> bool:
    """A row changes: a model's or manager's write, a queryset's update, or a many-to-many relation's."""
    if not isinstance(call.func, ast.Attribute):
        return False
    name, source = call.func.attr, call.func.value
    if name in {"delete", "adelete"}:
        return not call.args  # a row's delete() takes none; a file store's names the file
    if name in WRITES:
        return True
    return name in UPDATES and _mentions_objects(source)


def _mentions_objects(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Attribute) and inner.attr == "objects" for inner in ast.walk(node))


def writes(root: Path = ROOT) -> list[str]:
    """Return the places outside services that change rows, by the ORM or by SQL."""
    found = []
    for path in modules(root):
        if is_service(path.relative_to(root)):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and RAW.match(node.value):
                found.append(f"{path.relative_to(root)}:{node.lineno} raw SQL")
            elif isinstance(node, ast.Call) and _is_write(node):
                found.append(f"{path.relative_to(root)}:{node.lineno} .{node.func.attr}()")
    return found


def public_services(root: Path = ROOT) -> Iterator[tuple[str, Function, ast.Module]]:
    for path in modules(root):
        if is_service(path.relative_to(root)):
            module = tree(path)
            for node in module.body:
                if isinstance(node, Function) and not node.name.startswith("_"):
                    yield f"{path.relative_to(root)}:{node.name}", node, module


def calls(node: ast.AST) -> set[str]:
    return {n.func.id for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}


def reached(function: Function, module: ast.Module) -> set[str]:
    """Return every name `function` calls, itself or through functions of its own module."""
    local = {node.name: node for node in module.body if isinstance(node, Function)}
    found: set[str] = set()
    fresh = calls(function)
    while fresh:
        found |= fresh
        fresh = {name for called in fresh & local.keys() for name in calls(local[called])} - found
    return found


def without_actor_or_time(root: Path = ROOT) -> list[str]:
    services = public_services(root)
    return [name for name, node, _ in services if not {"by", "at"} <= {arg.arg for arg in node.args.kwonlyargs}]


def without_event(root: Path = ROOT) -> list[str]:
    services = public_services(root)
    return [
        name for name, node, module in services if not {"record", "record_async", "named_event"} & reached(node, module)
    ]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def http_clients(root: Path = ROOT) -> list[str]:
    """Return the modules that import an HTTP client without being one of the doors to the outside."""
    found = []
    for path in modules(root):
        place = str(path.relative_to(root))
        if any(place.startswith(allowed) for allowed in HTTP_ALLOWED):
            continue
        names = {name for node in ast.walk(tree(path)) for name in _imported(node)}
        found += [
            f"{place}: {name}" for name in sorted(names) if name in HTTP_CLIENTS or name.split(".")[0] in HTTP_CLIENTS
        ]
    return found


def unfinished(root: Path = ROOT) -> list[str]:
    """Return comments that put work off without naming an issue or a person, e.g. TODO(#12) or TODO(ana) are fine."""
    mark = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b(?!\([#\w]+\))")
    return [
        f"{path.relative_to(root)}:{number}"
        for path in modules(root)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if mark.search(line)
    ]
