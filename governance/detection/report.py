"""What a scan gives back: findings and the receipt, together, because neither means anything alone."""

from dataclasses import dataclass
from typing import Any

from .receipt import Receipt
from .spans import Finding


@dataclass(frozen=True, slots=True)
class Report:
    findings: tuple[Finding, ...]
    receipt: Receipt

    @property
    def complete(self) -> bool:
        return self.receipt.complete

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready form: places and digests, no text."""
        return {"findings": [finding.to_dict() for finding in self.findings], "receipt": self.receipt.to_dict()}

    @classmethod
    def of_dict(cls, values: dict[str, Any]) -> "Report":
        return cls(tuple(Finding.of_dict(f) for f in values["findings"]), Receipt.of_dict(values["receipt"]))
