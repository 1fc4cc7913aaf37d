"""Personal data on labelled rows: precision, recall, F2, per entity and per source.

A gold span is hit when at least half of its characters are covered by findings of its group (PLACE is location and address, ID every
other identifier); a finding is right when at least half of it is gold of its group. Core is every group but organisations, dates and
the like. A row that labels some types alone is scored on those alone.
"""

import time
from collections import Counter, defaultdict
from pathlib import Path

from detecting._rows import engine_of, findings_of, rows_of
from detecting._stock import stock

SECTION = "personal"
IDS = "presidio_unit_tests"  # identifiers alone, one a line: shown apart, no part of core
CURATED = ("presidio_synth_v2", "presidio_generated_large", "ambientmeta", "nannigalaxy")
GROUPS = {
    "PERSON": "PERSON",
    "LOCATION": "PLACE",
    "ADDRESS": "PLACE",
    "EMAIL_ADDRESS": "EMAIL",
    "CREDIT_CARD": "CARD",
    "IBAN_CODE": "IBAN",
    "IP_ADDRESS": "IP",
    "US_SSN": "SSN",
    "PHONE_NUMBER": "PHONE",
    "PH_MOBILE_NUMBER": "PHONE",
    "TR_PHONE_NUMBER": "PHONE",
    "SECRET": "SECRET",
    "PASSWORD": "SECRET",
}
NOT_CORE = {
    "ORGANIZATION", "HANDLE", "DATE_TIME", "TITLE", "URL", "AGE", "NRP", "SYSTEM", "MARKING", "SOURCE", "USER_ID", "LANGUAGE",
}  # fmt: skip


def arguments(parser) -> None:
    parser.add_argument("--pii", type=Path, metavar="FILE", help="labelled rows, JSON lines")
    parser.add_argument("--unseen", action="store_true", help="only rows that the names model was not trained on")
    parser.add_argument("--mode", choices=("standard", "strict", "patterns"), default="standard")
    parser.add_argument("--only", default="", help="one source alone")
    parser.add_argument("--misses", type=int, default=0, help="print so many misses and false findings of each source")
    parser.add_argument("--stock", action="store_true", help="score stock Presidio as well")


def run(options) -> None:
    if not options.pii:
        print("not run: it needs --pii FILE")
        return
    rows = [row for row in rows_of(options.pii, unseen=options.unseen) if row["source"].startswith(options.only)]
    engine = engine_of(options.mode)
    readers = {f"ours, {options.mode}": lambda text: findings_of(engine, text)}
    if options.stock:
        readers["stock Presidio"] = stock()
    for title, read in readers.items():
        began = time.perf_counter()
        found = [read(row["text"]) for row in rows]
        speed = sum(len(row["text"]) for row in rows) / (time.perf_counter() - began) / 1000
        print(f"\n{title}: {len(rows)} rows{', unseen' * options.unseen}, {speed:.1f} KB/s")
        _table(rows, found, options.misses)


def group_of(kind: str) -> str | None:
    return None if kind in NOT_CORE else GROUPS.get(kind, "ID")


def _table(rows, found, misses) -> None:
    by_source, examples = defaultdict(Counter), defaultdict(list)
    by_group = Counter()
    for row, findings in zip(rows, found, strict=True):
        counts, cases = score(row, findings)
        by_source[row["source"]] += counts
        examples[row["source"]] += cases
        if row["source"] != IDS:
            by_group += counts
    for group in sorted({group for group, _ in by_group if group}):
        print(f"{group:28} {figures(by_group, group)}")
    for source, counts in sorted(by_source.items()):
        print(f"{source:28} {figures(counts)}")
    curated = sum((counts for source, counts in by_source.items() if source.startswith(CURATED)), Counter())
    print(f"{'core, written rows':28} {figures(curated)}")
    print(f"{'core, all but identifiers':28} {figures(by_group)}")
    for source, cases in examples.items():
        for case in cases[:: max(1, len(cases) // misses)][:misses] if misses else ():
            print(source, *case)


def score(row, findings) -> tuple[Counter, list]:
    """Return counts keyed by (group, what) and by (None, what) for all, with the misses and false findings."""
    wanted = {group_of(kind) for kind in row["eval_types"]}
    everything = "*" in row["eval_types"]
    gold = [(s["start"], s["end"], group) for s in row["spans"] if (group := group_of(s["type"]))]
    mine = [(f.start, f.end, group) for f in findings if (group := group_of(_kind(f)))]
    mine = [span for span in mine if everything or span[2] in wanted]
    counts, cases, anything = Counter(), [], _characters(mine)
    for start, end, group in gold:
        places = range(start, end)
        covered = _characters(span for span in mine if span[2] == group)
        hit = 2 * sum(place in covered for place in places) >= len(places)
        seen = sum(place in anything for place in places)
        _count(counts, group, "hit" if hit else "missed")
        counts += Counter(
            {(None, "characters"): len(places), (None, "covered"): seen, (None, "free"): 2 * seen >= len(places)}
        )
        if not hit:
            cases.append(
                ("missed", group, repr(row["text"][start:end]), "in", repr(row["text"][max(0, start - 40) : end + 30]))
            )
    for start, end, group in mine:
        true = _characters(span for span in gold if span[2] == group)
        right = 2 * sum(place in true for place in range(start, end)) >= end - start
        _count(counts, group, "right" if right else "wrong")
        if not right:
            cases.append(
                ("wrong", group, repr(row["text"][start:end]), "in", repr(row["text"][max(0, start - 40) : end + 30]))
            )
    return counts, cases


def _kind(finding) -> str:
    return getattr(finding, "type", None) or finding.entity_type


def _characters(spans) -> set[int]:
    return {place for start, end, _ in spans for place in range(start, end)}


def _count(counts: Counter, group: str, what: str) -> None:
    counts[group, what] += 1
    counts[None, what] += 1


def figures(counts: Counter, group: str | None = None) -> str:
    right, wrong, hit, missed = (counts[group, what] for what in ("right", "wrong", "hit", "missed"))
    precision, recall = right / max(1, right + wrong), hit / max(1, hit + missed)
    f2 = 5 * precision * recall / max(1e-9, 4 * precision + recall)
    line = f"P {precision:.3f}  R {recall:.3f}  F2 {f2:.3f}  n {hit + missed:4}"
    if group is None:
        free, covered = counts[None, "free"], counts[None, "covered"]
        line += f"  R whatever type {free / max(1, hit + missed):.3f}  of characters {covered / max(1, counts[None, 'characters']):.3f}"
    return line
