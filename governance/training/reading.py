"""Scan a run of lines: what was found and where, which lines could not be read, and whether everything was checked."""

import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from governance.core.canonical import digest
from governance.detection.document import Document, Segment
from governance.detection.formats.jsonl import BrokenLine, Record, records, shown_path
from governance.detection.report import Report
from governance.detection.spans import LANGUAGE, Finding
from governance.detection.stand_ins import is_nobodys
from governance.detection.views import Kind

BATCH_BYTES = 64 * 1024  # enough texts for the models to work on at once, little enough to hold
SECONDS_PER_KIB = 0.5  # a bulk scan is given time; a slow chunk is still not clean
SHORTEST_SECONDS = 20.0
MOST_PLACES = 20  # of each type, in each chunk: people read a few, the counts are exact
MOST_BROKEN = 20
EXAM_TYPES = frozenset({"EVALUATION", "PUBLIC_EVALUATION"})
LINE = re.compile(r"line (\d+): (.*)", re.DOTALL)


class Scanner(Protocol):
    """What this module needs of an engine: see detection.engine.Engine.scan."""

    def __call__(self, document: Document, *, deadline: float) -> Report: ...


@dataclass(slots=True)
class ItemSeen:
    """One item of an exam: the most of it that stood in one record (0 to 1), the line of that, and in how many records it was seen."""

    coverage: float
    line: int
    records: int = 1

    def add(self, other: "ItemSeen") -> None:
        if other.coverage > self.coverage:
            self.coverage, self.line = other.coverage, other.line
        self.records += other.records


@dataclass
class ChunkResult:
    """`places` are {"type","line","path","start","end","score"}, `broken` {"line","code","reason"}; never text.

    `exams` holds the items seen of each exam: {name of the exam: {item: what was seen of it}}.
    """

    complete: bool = True
    records: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    places: list[dict[str, Any]] = field(default_factory=list)
    broken: list[dict[str, Any]] = field(default_factory=list)
    broken_lines: int = 0
    receipts: list[str] = field(default_factory=list)
    exams: dict[str, dict[str, ItemSeen]] = field(default_factory=dict)

    @property
    def receipt(self) -> dict[str, Any]:
        """One digest over the receipts of all batches: it changes when any of them does."""
        return {"batches": len(self.receipts), "digest": digest(self.receipts)}


def scan_lines(data: bytes, *, first_line: int, scan: Scanner, replaced: bool = False) -> ChunkResult:
    """Return what a run of whole lines holds. `first_line` is the number of its first line in the set, from 1.

    `replaced` says that this is a redacted copy: the stand-ins in it are nobody's, and no findings.
    """
    result = ChunkResult()
    for batch in _batches(_readable(data, first_line, result)):
        document = Document(tuple(batch))
        report = scan(document, deadline=max(SHORTEST_SECONDS, document.size / 1024 * SECONDS_PER_KIB))
        _add(without_stand_ins(report, document) if replaced else report, result)
    return result


def without_stand_ins(report: Report, document: Document) -> Report:
    """Return the report without findings of values that nobody can have."""
    texts = {segment.path: segment.text for segment in document.segments}
    kept = [each for each in report.findings if not is_nobodys(each.type, texts[each.path][each.start : each.end])]
    return replace(report, findings=tuple(kept))


def _readable(data: bytes, first_line: int, result: ChunkResult) -> Iterator[Record]:
    """Yield the records and count the lines that are none."""
    for found in records(io.BytesIO(data)):
        match found:
            case Record():
                result.records += 1
                yield Record(first_line + found.line - 1, found.kind, found.segments)
            case BrokenLine():
                result.broken_lines += 1
                if len(result.broken) < MOST_BROKEN:
                    line = first_line + found.line - 1
                    result.broken.append({"line": line, "code": found.code, "reason": found.reason})


def _batches(found: Iterable[Record]) -> Iterator[list[Segment]]:
    """Yield the texts of whole records, about BATCH_BYTES at a time, each path led by its line."""
    batch: list[Segment] = []
    size = 0
    for record in found:
        batch += [Segment(f"line {record.line}: {segment.path}", segment.text) for segment in record.segments]
        size += sum(len(segment.text) for segment in record.segments)
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _add(report: Report, result: ChunkResult) -> None:
    result.complete &= report.complete
    result.receipts.append(digest(report.receipt.to_dict()))
    for exam, item, seen in _seen_in(report.findings):
        merge_seen(result.exams, {exam: {item: seen}})
    # Once for each batch: a language has no place, but a set in it was read less surely, and those who decide must know.
    result.counts.update(f"{LANGUAGE}:{tag}" for tag in report.languages)
    kept = Counter(place["type"] for place in result.places)
    for finding in report.findings:
        result.counts[finding.type] += 1
        kept[finding.type] += 1
        if kept[finding.type] <= MOST_PLACES:
            line, path = LINE.fullmatch(finding.path).groups()  # type: ignore[union-attr]  # we wrote it above
            place = {"type": finding.type, "line": int(line), "path": shown_path(path)}
            result.places.append(place | {"start": finding.start, "end": finding.end, "score": finding.score})


def _seen_in(findings: Iterable[Finding]) -> Iterator[tuple[str, str, ItemSeen]]:
    """Yield (exam, item, what was seen) for each record: an item's question and answer stand in fields of their own, and add up."""
    parts: defaultdict[tuple[str, int], dict[str, float]] = defaultdict(dict)
    for finding in findings:
        if finding.type in EXAM_TYPES:
            line, path = LINE.fullmatch(finding.path).groups()  # type: ignore[union-attr]  # as above
            shares = parts[finding.subtype, int(line)]
            # Seen across several fields at once, its share is already of them all.
            of = Kind.LINED.value if finding.view == Kind.LINED else path
            shares[of] = max(shares.get(of, 0.0), finding.score)
    for (subtype, line), shares in parts.items():
        exam, _, item = subtype.partition(":")
        yield exam, item, ItemSeen(min(1.0, sum(shares.values())), line)


def merge_seen(exams: dict[str, dict[str, ItemSeen]], more: Mapping[str, Mapping[str, ItemSeen]]) -> None:
    """Add to `exams` what another part of the same set holds of each."""
    for exam, items in more.items():
        known = exams.setdefault(exam, {})
        for item, seen in items.items():
            if item in known:
                known[item].add(seen)
            else:
                known[item] = seen
