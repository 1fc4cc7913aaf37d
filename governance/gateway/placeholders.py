"""A second scan also sees what was put in the place of values; what it says about nothing else but that is no finding. Pure."""

from collections.abc import Collection
from dataclasses import replace

from governance.detection.document import Document
from governance.detection.report import Report
from governance.detection.spans import Finding


def outside_placeholders(report: Report, document: Document, placeholders: Collection[str]) -> Report:
    """Return the report without findings in whose place nothing readable stands but our own `placeholders`, masks, hashes and stand-ins.

    Only those of this very redaction count: a look-alike in the text was escaped and is not among them.
    """
    texts = {segment.path: segment.text for segment in document.segments}
    kept = tuple(each for each in report.findings if _says_more(each, texts[each.path], placeholders))
    return replace(report, findings=kept)


def _says_more(finding: Finding, text: str, placeholders: Collection[str]) -> bool:
    # Spans may begin or end inside a placeholder, so every place of one is blanked out, not only whole ones in the span.
    rest = list(text[finding.start : finding.end])
    for placeholder in placeholders:
        # Only around the finding: a text may hold a thousand of each.
        first, last = max(0, finding.start - len(placeholder) + 1), finding.end + len(placeholder) - 1
        at = text.find(placeholder, first, last)
        while at >= 0:
            for index in range(max(at, finding.start), min(at + len(placeholder), finding.end)):
                rest[index - finding.start] = " "
            at = text.find(placeholder, at + len(placeholder), last)
    return any(character.isalnum() for character in rest)
