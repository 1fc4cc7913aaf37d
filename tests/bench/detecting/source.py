"""How well registered source is recognised: half of the installed packages are "ours", the other half was never seen.

The split is by a digest of the package's name. The list of public text is that of `prepare`, without "ours"; the other half is on it only when
`--strangers-in` names packages on neither side, which is how the scanner is used. What strangers truly share with a registered file,
word for word, is told apart.
"""

import difflib
import hashlib
import json
import keyword
import math
import random
import re
import sys
import sysconfig
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from governance.detection.detector import Budget
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.fingerprints.folders import is_foreign, sources
from governance.detection.fingerprints.keyed import HashKey
from governance.detection.fingerprints.public import installed_sources, open_public, write_public
from governance.detection.fingerprints.register import index
from governance.detection.fingerprints.tokens import tokens_of
from governance.detection.ruleset import Ruleset

SECTION = "source"
KEY = b"a key for the benchmark, no secret"
LENGTHS = (10, 20, 40)
_COPIED = 40  # tokens in a row, some five lines: nobody writes those twice by chance
_WORD = re.compile(r"\b[A-Za-z_]\w*\b")
_QUIET = re.compile(r"(\"\"\"|''').*?\1|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*", re.DOTALL)
_ASK = ("Could you explain what this does?\n\n", "\n\nThank you.")


# Of one origin: what they share is a copy, not a mistake.
_RELATIVES = {
    "mypyc": "mypy",
    "grimp": "importlinter",
    "httpcore2": "httpcore",
    "httpx2": "httpx",
    "joserfc": "authlib",
}
_RELATIVES |= {"srsly": "yaml", "billiard": "celery", "rest_framework": "django", "allauth": "django"}
_RELATIVES |= {
    "kombu": "celery",
    "amqp": "celery",
    "vine": "celery",
    "setuptools": "numpy",
}  # numpy keeps a distutils of its own


def ours(name):
    name = _RELATIVES.get(name, name)
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 0


def packages():
    """Yield the folders of the installed packages that have at least ten Python files."""
    for folder in sorted(Path(sysconfig.get_path("purelib")).iterdir()):
        if folder.is_dir() and not folder.name.endswith(".dist-info") and len(list(folder.rglob("*.py"))) >= 10:
            yield folder


def renamed(text, pick):
    """Give every name another one, the same for the same; texts and remarks stay."""
    names = {}

    def other(match):
        word = match[0]
        if keyword.iskeyword(word):
            return word
        return names.setdefault(word, f"{pick.choice('abcdefghkmnprstvwz')}{pick.randrange(10**6):06d}")

    out, place = [], 0
    for quiet in _QUIET.finditer(text):
        out += [_WORD.sub(other, text[place : quiet.start()]), quiet[0]]
        place = quiet.end()
    return "".join([*out, _WORD.sub(other, text[place:])])


def edited(text, pick):
    """Change 15 % of the lines: one in three of those goes, one is doubled with a change, one gets another name."""
    lines = []
    for line in text.split("\n"):
        change = pick.random()
        if change < 0.05:
            continue
        if change < 0.10:
            lines.append(f"{line[: len(line) - len(line.lstrip())]}checked_{pick.randrange(99)} = True")
        swapped = 0.10 <= change < 0.15 and _WORD.findall(line)
        lines.append(line.replace(pick.choice(swapped), f"changed_{pick.randrange(999)}", 1) if swapped else line)
    return "\n".join(lines)


def excerpt_renamed(path, first, text, pick):
    """Rename the whole file, then cut: what stands in a text that began before the excerpt is then no name."""
    lines = renamed(path.read_text("utf-8", "replace"), pick).split("\n")
    return "\n".join(lines[first - 1 : first + text.count("\n")])


TRANSFORMATIONS = {
    "verbatim": lambda _path, _first, text, _pick: text,
    "JSON-escaped": lambda _path, _first, text, _pick: json.dumps({"code": text}),
    "renamed": lambda _path, _first, text, pick: renamed(text, pick),
    "renamed, then cut": excerpt_renamed,
    "edited 15 %": lambda _path, _first, text, pick: edited(text, pick),
}


def snippets(folders, length, count, pick):
    """Yield (file, first line, text) of `length` lines with at least half of them not empty."""
    files = [
        path
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        if not is_foreign(path.relative_to(folder).as_posix())
    ]
    while count:
        path = pick.choice(files)
        lines = path.read_text("utf-8", "replace").split("\n")
        if len(lines) <= length:
            continue
        first = pick.randrange(len(lines) - length)
        chosen = lines[first : first + length]
        if sum(bool(line.strip()) for line in chosen) * 2 >= length:
            count -= 1
            yield path, first + 1, "\n".join(chosen)


def arguments(group):
    group.add_argument("--snippets", type=int, default=120, help="of each length (default: 120)")
    group.add_argument("--strangers", type=int, default=2400, help="snippets that are not ours (default: 2400)")
    group.add_argument(
        "--strangers-in", type=Path, help="a folder of packages on neither side, instead of the other half"
    )
    group.add_argument(
        "--source-misses", action="store_true", help="show some of what was missed and all that was wrong"
    )


def run(options):
    """Print the tables: recall by transformation and length, false positives, bytes per line, speed."""
    count, show = options.snippets, options.source_misses
    halves = {True: [], False: []}
    for folder in packages():
        halves[ours(folder.name)].append(folder)
    with tempfile.TemporaryDirectory() as out:
        ours_in, public_in = Path(out) / "ours", Path(out) / "public"
        listed = {"id": "public", "kind": "public", "digest": _listed(public_in, options), "folder": str(public_in)}
        began = time.process_time()
        made = index(sources(halves[True], key=HashKey.of(KEY)), key=KEY, out=ours_in, public=open_public(public_in))
        took = time.process_time() - began
        size = sum(path.stat().st_size for path in ours_in.iterdir())
        print(f"{len(halves[True])} packages ours, {len(halves[False])} not; {made.files} files, {made.lines} lines")
        print(
            f"build {made.bytes_read / took / 1e6:.1f} MB/s of processor time, {size / made.lines:.1f} bytes per line"
        )
        entry = {"id": "ours", "kind": "source", "digest": made.digest, "folder": str(ours_in)}
        rules = Ruleset.of({"version": 1, "detectors": {"source": {"registers": [entry, listed]}}})
        engine = Engine.load(rules, key=KEY)
        _recall(engine, halves[True], count, show)
        elsewhere = sorted(options.strangers_in.iterdir()) if options.strangers_in else halves[False]
        _strangers(engine, elsewhere, options.strangers, show)
        _speed(engine, halves[False])


def _listed(out, options):
    folder = Path(sysconfig.get_path("purelib"))
    theirs = [path.name for path in packages() if not ours(path.name)] if options.strangers_in else []
    wanted = tuple(str(folder / name) + "/" for name in theirs)
    paths = [path for path in installed_sources() if not path.is_relative_to(folder) or str(path).startswith(wanted)]
    return write_public((p.read_bytes() for p in paths), size=sum(p.stat().st_size for p in paths), out=out)


def _found(engine, text):
    report = engine.scan(Document.of({"": text}), deadline=60)
    if not report.complete:
        sys.exit("a scan was not complete")
    return report.findings


def _recall(engine, folders, count, show):
    hits, right = defaultdict(int), 0
    for length in LENGTHS:
        pick = random.Random(length)
        for path, first, text in list(snippets(folders, length, count, pick)):
            for name, change in TRANSFORMATIONS.items():
                found = _found(engine, change(path, first, text, pick).join(_ASK))
                hits[name, length] += bool(found)
                right += any(str(path).endswith(f.subtype.split(":")[1].partition("/")[2]) for f in found)
                if not found and show and pick.random() < 0.05:
                    print(f"--- missed: {name}, {length} lines, {path.name}:{first}\n{text}")
    print(f"\n{'recall at lines':18}" + "".join(f"{length:>8}" for length in LENGTHS) + f"   ({count} each)")
    for name in TRANSFORMATIONS:
        print(f"{name:18}" + "".join(f"{hits[name, length] / count:8.3f}" for length in LENGTHS))
    print(f"traced to the right file: {right / max(1, sum(hits.values())):.3f} of what was found")


def _strangers(engine, folders, count, show):
    pick, wrong, copied, total = random.Random(7), 0, 0, 0
    for length in LENGTHS:
        for path, first, text in snippets(folders, length, count // len(LENGTHS), pick):
            found = _found(engine, text.join(_ASK))
            real = any(_is_copy(text, finding) for finding in found)
            total, wrong, copied = total + 1, wrong + (bool(found) and not real), copied + real
            if found and show:
                verdict = "a copy" if real else "wrong"
                print(f"--- {verdict}: {path}:{first} {[(f.subtype, f.score) for f in found]}\n{text}")
    low, high = (1000 * bound for bound in _interval(wrong, total))
    print(
        f"false positives {wrong} of {total}: {1000 * wrong / total:.2f} per 1,000, 95 % between {low:.2f} and {high:.2f};"
        f" and {copied} that share {_COPIED} tokens in a row with the file they are traced to"
    )


def _is_copy(text, finding):
    file = Path(sysconfig.get_path("purelib")) / finding.subtype.split(":")[1]
    ours, theirs = ([int(token) for token in tokens_of(raw).hashes] for raw in (file.read_bytes(), text.encode()))
    return difflib.SequenceMatcher(None, ours, theirs, autojunk=False).find_longest_match().size >= _COPIED


def _interval(hits, total):
    """Return the bounds within which the share lies, 95 times in 100.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 1927.
    """
    square = 1.96**2
    middle = (hits + square / 2) / (total + square)
    spread = math.sqrt(square * (hits * (total - hits) / total + square / 4)) / (total + square)
    return max(0.0, middle - spread), middle + spread


def _speed(engine, folders):
    text = "\n".join(p.read_text("utf-8", "replace") for folder in folders[:9] for p in sorted(folder.rglob("*.py")))
    (detector,) = engine.detectors

    for size in (1_000, 10_000, 100_000):
        pieces = [text[low : low + size] for low in range(0, min(len(text), 20 * size), size)][:20]
        began = time.process_time()
        for piece in pieces:
            detector.find([piece], Budget.of(60))
        took = (time.process_time() - began) / len(pieces) * 1000
        print(f"lookup of {size // 1000} KB: {took:.1f} ms of processor time, {took / size * 1000:.2f} ms per KB")
