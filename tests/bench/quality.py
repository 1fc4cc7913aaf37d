"""Score the scanner on labelled data: `python tests/bench/quality.py FILE... [--misses N]`, files as JSON lines, plain or gzipped.

Rows with `spans` are personal data: a gold span is hit when at least half of its characters are covered by findings of its group
(PLACE is location and address, ID every other identifier); a finding is right when at least half of it is gold of its group.
Rows with `is_secret` are secrets: recall per source, the mean of those, and the negatives that were flagged.
"""

import argparse
import gzip
import json
import time
from collections import Counter, defaultdict
from pathlib import Path

from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.ruleset import DEFAULT_RULESET, Ruleset

KEY = b"a key for the benchmark, no secret"
GROUPS = {
    "PERSON": "PERSON",
    "LOCATION": "PLACE",
    "ADDRESS": "PLACE",
    "EMAIL_ADDRESS": "EMAIL",
    "CREDIT_CARD": "CARD",
    "IBAN_CODE": "IBAN",
    "IP_ADDRESS": "IP",
    "US_SSN": "SSN",
}
GROUPS |= {
    "PHONE_NUMBER": "PHONE",
    "PH_MOBILE_NUMBER": "PHONE",
    "TR_PHONE_NUMBER": "PHONE",
    "SECRET": "SECRET",
    "PASSWORD": "SECRET",
}
NOT_CORE = {
    "ORGANIZATION",
    "HANDLE",
    "DATE_TIME",
    "TITLE",
    "URL",
    "AGE",
    "NRP",
    "SYSTEM",
    "MARKING",
    "SOURCE",
    "USER_ID",
}


def group_of(kind):
    return None if kind in NOT_CORE else GROUPS.get(kind, "ID")


def rows_of(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def characters(spans):
    return {place for span in spans for place in range(span[0], span[1])}


def score_personal(rows, found):
    counts, missed, wrong = defaultdict(Counter), [], []
    total = Counter()
    for row, findings in zip(rows, found, strict=True):
        labelled = {group_of(kind) for kind in row["eval_types"] if kind != "*"}
        labelled = None if "*" in row["eval_types"] else labelled
        gold = [(s["start"], s["end"], group_of(s["type"])) for s in row["spans"] if group_of(s["type"])]
        mine = [(f.start, f.end, group_of(f.type)) for f in findings if group_of(f.type)]
        mine = [m for m in mine if labelled is None or m[2] in labelled]
        anything = characters(mine)
        for start, end, group in gold:
            covered = characters(m for m in mine if m[2] == group)
            hit = sum(place in covered for place in range(start, end)) * 2 >= end - start
            counts[group]["hit" if hit else "miss"] += 1
            total["characters"] += end - start
            total["covered"] += sum(place in anything for place in range(start, end))
            total["free"] += sum(place in anything for place in range(start, end)) * 2 >= end - start
            if not hit:
                missed.append(
                    (row["source"], group, row["text"][start:end], row["text"][max(0, start - 30) : end + 20])
                )
        for start, end, group in mine:
            true = characters(g for g in gold if g[2] == group)
            right = sum(place in true for place in range(start, end)) * 2 >= end - start
            counts[group]["right" if right else "wrong"] += 1
            if not right:
                wrong.append((row["source"], group, row["text"][start:end], row["text"][max(0, start - 30) : end + 20]))
    return counts, total, missed, wrong


def figures(count):
    precision = count["right"] / max(1, count["right"] + count["wrong"])
    recall = count["hit"] / max(1, count["hit"] + count["miss"])
    f2 = 5 * precision * recall / max(1e-9, 4 * precision + recall)
    return f"P {precision:.3f}  R {recall:.3f}  F2 {f2:.3f}  n {count['hit'] + count['miss']}"


def report_personal(rows, found, misses):
    counts, total, missed, wrong = score_personal(rows, found)
    core = sum(counts.values(), Counter())
    for group, count in sorted(counts.items()):
        print(f"{group:8} {figures(count)}")
    print(f"core     {figures(core)}")
    gold = max(1, core["hit"] + core["miss"])
    print(
        f"recall whatever the type {total['free'] / gold:.3f}, of characters {total['covered'] / max(1, total['characters']):.3f}"
    )
    for title, cases in (("missed", missed), ("wrong", wrong)):
        for case in cases[:: max(1, len(cases) // misses)][:misses] if misses else ():
            print(title, *(repr(part) for part in case))


def report_secrets(rows, found, misses):
    hits, sizes, examples = Counter(), Counter(), []
    for row, findings in zip(rows, found, strict=True):
        flagged = any(f.type == "SECRET" for f in findings)
        kind = (row["source"], row["is_secret"])
        hits[kind] += flagged
        sizes[kind] += 1
        if flagged != row["is_secret"]:
            examples.append((row["is_secret"], row["source"], row["text"][:200]))
    for kind in sorted(sizes):
        print(f"{kind[0]:16} {'secret' if kind[1] else 'clean':7} flagged {hits[kind]} of {sizes[kind]}")
    recalls = [hits[kind] / sizes[kind] for kind in sizes if kind[1]]
    print(
        f"macro recall {sum(recalls) / len(recalls):.3f}, clean rows flagged {sum(hits[k] for k in hits if not k[1])}"
    )
    for example in examples[:: max(1, len(examples) // misses)][:misses] if misses else ():
        print(*(repr(part) for part in example))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--misses", type=int, default=0, help="print so many misses and false findings")
    parser.add_argument("--only", default="", help="one source alone")
    options = parser.parse_args()
    for path in options.files:
        rows = [row for row in rows_of(path) if not options.only or row["source"] == options.only]
        secrets = "is_secret" in rows[0]
        ruleset = Ruleset.of({"version": 1, "detectors": {"secrets": {}}}) if secrets else DEFAULT_RULESET
        engine = Engine.load(ruleset, key=KEY)
        began = time.perf_counter()
        reports = [engine.scan(Document.of({"text": row["text"]}), deadline=60) for row in rows]
        took = time.perf_counter() - began
        print(
            f"{path.name}: {len(rows)} rows, {sum(len(r['text']) for r in rows) / took / 1000:.1f} KB/s, incomplete {sum(not r.complete for r in reports)}"
        )
        (report_secrets if secrets else report_personal)(rows, [r.findings for r in reports], options.misses)


if __name__ == "__main__":
    main()
