"""What a scan gives back: findings and the receipt, together, because neither means anything alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from .receipt import Receipt
from .spans import LANGUAGE, Finding


@dataclass(frozen=True, slots=True)
class Report:
    """`languages` are BCP 47 tags of what the document is written in besides English: no place to replace, but less was seen there."""

    findings: tuple[Finding, ...]
    receipt: Receipt
    languages: tuple[str, ...] = ()

    @classmethod
    def of_places(cls, places: Sequence[Finding], receipt: Receipt) -> Self:
        """Return the report of everything the detectors said of the document."""
        languages = {place.subtype for place in places if place.type == LANGUAGE}
        findings = tuple(place for place in places if place.type != LANGUAGE)
        return cls(findings, receipt, tuple(sorted(languages)))

    @property
    def complete(self) -> bool:
        return self.receipt.complete

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready form: places and digests, no text."""
        return {
            "findings": [finding.to_dict() for finding in self.findings],
            "languages": list(self.languages),
            "receipt": self.receipt.to_dict(),
        }

    @classmethod
    def of_dict(cls, values: dict[str, Any]) -> "Report":
        """Return the report of `to_dict`; one of a worker that tells no languages yet has none."""
        findings = tuple(Finding.of_dict(finding) for finding in values["findings"])
        return cls(findings, Receipt.of_dict(values["receipt"]), tuple(values.get("languages", ())))
