"""The table of settings in deploy/SETTINGS.md, read from governance/settings/base.py: name, kind, default and the remark beside it."""

import ast
import io
import tokenize

from governance.stack.places import ROOT

SOURCE, DOCUMENT = ROOT / "governance" / "settings" / "base.py", ROOT / "deploy" / "SETTINGS.md"
BEGIN, END = "<!-- table: made by `python -m governance.stack document` -->", "<!-- end of table -->"
KINDS = {
    "text": "text",
    "words": "words, with commas",
    "switch": "on or off",
    "number": "number",
    "count": "whole number",
    "size": "size, such as 4MiB",
    "folder": "path",
    "networks": "networks, with commas",
    "mail_server": "address of a mail server",
    "database": "address of a Postgres database",
}


def document() -> str:
    """Return deploy/SETTINGS.md as it should be: its own words around a table made anew."""
    written = DOCUMENT.read_text()
    before, rest = written.split(BEGIN)
    return f"{before}{BEGIN}\n{table(SOURCE.read_text())}\n{END}{rest.split(END)[1]}"


def table(source: str) -> str:
    remarks = _remarks(source)
    rows = [_row(call, remarks.get(call.end_lineno or call.lineno, "")) for call in _readings(source)]
    return "\n".join(["| variable | kind | default | meaning |", "|---|---|---|---|", *rows])


def _readings(source: str) -> list[ast.Call]:
    """Return every call that reads a named variable, in the order of the file."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in KINDS and call.args]
    return sorted(named, key=lambda call: call.lineno)


def _remarks(source: str) -> dict[int, str]:
    """Return the comment of each line that has code before it."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}


def _row(call: ast.Call, remark: str) -> str:
    name = ast.literal_eval(call.args[0])
    given = [*call.args[1:], *[keyword.value for keyword in call.keywords]]
    default = f"`{ast.unparse(given[0])}`" if given else "none: must be set"
    kind = KINDS[call.func.id]  # type: ignore[attr-defined]  # _readings returns only calls by name
    return f"| `{name}` | {kind} | {default} | {remark} |"
