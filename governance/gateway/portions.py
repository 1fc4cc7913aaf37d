"""Scan what is too long to be scanned at once, portion by portion, so that nobody's prompt waits for more than one of them."""

from dataclasses import replace
from functools import reduce

from governance.detection.document import Document, Segment, size_of
from governance.detection.report import Report
from governance.detection.spans import without_overlaps
from governance.gateway.judge import Ask
from governance.gateway.replies.seen import receipts_together

PORTION = 32 * 1024  # bytes of text
SEAM = 512  # code points of what came before, and more than one text: a value split over two records is seen


async def ask_in_portions(document: Document, ask: Ask) -> Report:
    """Return one report on all of the document.

    Raises:
        TooLarge, Unavailable: as `ask`, of the first portion that could not be scanned.
    """
    portions = portions_of(document)
    reports = [await ask(Document(portion)) for portion in portions]
    return reports[0] if len(reports) == 1 else _together(document, portions, reports)


def portions_of(document: Document) -> list[tuple[Segment, ...]]:
    """Return the segments in runs of about PORTION bytes, each begun by the end of the one before."""
    portions: list[tuple[Segment, ...]] = []
    run: list[Segment] = []
    size = 0
    for segment in document.segments:
        if size >= PORTION:
            portions.append(tuple(run))
            run, size = _seam(run), 0
        run.append(segment)
        size += size_of(segment.text)
    return [*portions, tuple(run)]


def _seam(run: list[Segment]) -> list[Segment]:
    kept: list[Segment] = []
    for segment in reversed(run):
        kept.append(segment)
        if sum(len(each.text) for each in kept) >= SEAM:
            break
    return kept[::-1]


def _together(document: Document, portions: list[tuple[Segment, ...]], reports: list[Report]) -> Report:
    """Return the report of all. Where one does not cover its portion wholly, neither does the whole."""
    findings = without_overlaps([found for report in reports for found in report.findings])
    languages = sorted({language for report in reports for language in report.languages})
    missing = sum(map(_missing, portions, reports))
    receipt = replace(
        reduce(receipts_together, [report.receipt for report in reports]),
        segments=len(document.segments),
        bytes_given=document.size,
        bytes_seen=max(document.size - missing, 0),
    )
    return Report(tuple(findings), receipt, tuple(languages))


def _missing(portion: tuple[Segment, ...], report: Report) -> int:
    """Return how many bytes of a portion its receipt does not vouch for: all of them unless it is a complete one of exactly these."""
    size, receipt = Document(portion).size, report.receipt
    vouched = report.complete and receipt.segments == len(portion) and receipt.bytes_given == size
    return 0 if vouched else max(size, 1)
