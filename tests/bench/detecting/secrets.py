"""Secrets on labelled rows: recall per source, the mean of those, and the clean rows that were flagged. On installed packages, which hold
none: speed with views (and that of Betterleaks alone), false findings per MB, and a digest of all findings, by which two versions are compared.
"""

import hashlib
import sysconfig
import time
from collections import Counter
from pathlib import Path

from detecting._rows import KEY, findings_of, rows_of

from governance.detection.engine import Engine
from governance.detection.ruleset import Ruleset

SECTION = "secrets"


def arguments(parser) -> None:
    parser.add_argument("--secrets", type=Path, metavar="FILE", help="labelled rows, JSON lines")
    parser.add_argument("--secrets-misses", type=int, default=0, help="print so many misses and false findings")
    parser.add_argument("--secrets-files", type=int, default=600, help="files of installed packages (default: 600)")


def run(options) -> None:
    engine = Engine.load(Ruleset.of({"version": 1, "detectors": {"secrets": {}}}), key=KEY)
    _installed(engine, options.secrets_files)
    if options.secrets:
        _labelled(engine, options)
    else:
        print("labelled rows not run: they need --secrets FILE")


def _installed(engine, count) -> None:
    everything = sorted(Path(sysconfig.get_path("purelib")).rglob("*.py"))
    files = everything[:: max(1, len(everything) // count)][:count]
    texts = [path.read_text("utf-8", "replace") for path in files]
    megabytes, told, seen = sum(map(len, texts)) / 1e6, 0, hashlib.sha256()
    began = time.process_time()
    for text in texts:
        for finding in findings_of(engine, text):
            told += 1
            seen.update(repr((finding.subtype, finding.start, finding.end, finding.score, finding.view)).encode())
    took = time.process_time() - began
    alone = _alone(texts)
    print(
        f"{len(files)} files, {megabytes:.1f} MB: {megabytes / took:.1f} MB/s of processor time, {told / megabytes:.2f} findings per MB"
        f", all of them {seen.hexdigest()[:12]}"
    )
    print(f"Betterleaks alone, without views: {megabytes / alone:.1f} MB/s, {took / alone:.1f} times as fast")


def _alone(texts):
    """Return the seconds of the processor that Betterleaks takes for the same texts, read once as they are."""
    import betterleaks

    betterleaks.scan_string("")
    began = time.process_time()
    for text in texts:
        betterleaks.scan_string(text.encode("utf-8", "replace").decode())
    return time.process_time() - began


def _labelled(engine, options) -> None:
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
