"""Whatever people are told of is described: with its group, by which they choose, and its meaning, which pages show."""

import ast
from collections.abc import Iterator

from governance.notices.kinds import KINDS
from tests.architecture import guards

HOW = """
Nobody has described this kind of notice: {kind}. Add its line to KINDS in governance/notices/kinds.py:
    "{kind}": Kind(_G.GROUP, "WHAT COMPLETES: told when ..."),
"""


def told_kinds() -> Iterator[str]:
    """Return the kinds that calls of notify() and rows of notices spell out."""
    for path in guards.modules():
        for node in ast.walk(guards.tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"notify", "Notice"}:
                for keyword in node.keywords:
                    if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant):
                        yield keyword.value.value


def test_every_kind_of_notice_is_described():
    missing = sorted(set(told_kinds()) - set(KINDS))
    assert not missing, "".join(HOW.format(kind=kind) for kind in missing)


def test_the_guard_sees_kinds():
    assert "approvals.decision_wanted" in set(told_kinds())
