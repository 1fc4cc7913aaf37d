"""Secrets on labelled rows: recall per source, the mean of those, and the clean rows that were flagged."""

from collections import Counter
from pathlib import Path

from detecting._rows import KEY, findings_of, rows_of

from governance.detection.engine import Engine
from governance.detection.ruleset import Ruleset

SECTION = "secrets"


def arguments(parser) -> None:
    parser.add_argument("--secrets", type=Path, metavar="FILE", help="labelled rows, JSON lines")
    parser.add_argument("--secrets-misses", type=int, default=0, help="print so many misses and false findings")


def run(options) -> None:
    if not options.secrets:
        print("not run: it needs --secrets FILE")
        return
    engine = Engine.load(Ruleset.of({"version": 1, "detectors": {"secrets": {}}}), key=KEY)
    flagged, sizes, examples = Counter(), Counter(), []
    for row in rows_of(options.secrets):
        hit = any(finding.type == "SECRET" for finding in findings_of(engine, row["text"]))
        kind = (row["source"], row["is_secret"])
        flagged[kind] += hit
        sizes[kind] += 1
        if hit != row["is_secret"]:
            examples.append((row["is_secret"], row["source"], repr(row["text"][:200])))
    for source, secret in sorted(sizes):
        print(
            f"{source:16} {'secret' if secret else 'clean':7} flagged {flagged[source, secret]} of {sizes[source, secret]}"
        )
    recalls = [flagged[kind] / sizes[kind] for kind in sizes if kind[1]]
    clean = sum(flagged[kind] for kind in flagged if not kind[1])
    print(f"macro recall {sum(recalls) / len(recalls):.3f}, clean rows flagged {clean}")
    misses = options.secrets_misses
    for example in examples[:: max(1, len(examples) // misses)][:misses] if misses else ():
        print(*example)
