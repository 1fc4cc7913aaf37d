"""The workflow that comes with Remit, as data beside the code."""

from pathlib import Path

from governance.approvals.document import read_document

FOLDER = Path(__file__).parent / "workflows"


def shipped_definition() -> dict[str, object]:
    """Return the default workflow as its document says it."""
    return read_document((FOLDER / "default.yaml").read_text(encoding="utf-8"))
