"""The workflows that come with Remit, as data beside the code."""

from typing import Any

from governance.approvals.document import FOLDER, read_document


def shipped_source(name: str = "default") -> str:
    """Return the text of a shipped document: "default", or "activation" of new rules."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def shipped_definition() -> dict[str, Any]:
    """Return the default workflow as its document says it."""
    return read_document(shipped_source())
