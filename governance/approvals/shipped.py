"""The workflows that come with Remit, as data beside the code."""

from functools import cache
from typing import Any

from governance.approvals.document import FOLDER, read_document
from governance.approvals.drafting import DEFAULT


def shipped_source(name: str = DEFAULT) -> str:
    """Return the text of a shipped document: the default, or that of a kind of subject with rules of its own."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def own_kinds() -> frozenset[str]:
    """Return the kinds of subjects that Remit comes with rules of their own for, which no default stands in for."""
    return frozenset(path.stem for path in FOLDER.glob("*.yaml")) - {DEFAULT}


def has_own(kind: str) -> bool:
    return kind in own_kinds()


def shipped_definition() -> dict[str, Any]:
    """Return the default workflow as its document says it."""
    return read_document(shipped_source())
