"""How well items of evaluation sets are recognised: `--exams FILE...`, `--no-exam FILE` of text that holds none (JSON lines, may be gzipped)."""

import gzip
import json
import random
import re
import tempfile
import time
from pathlib import Path

from governance.detection.detector import Budget
from governance.detection.evaluation import Evaluation
from governance.detection.fingerprints.exam import FILE_NAME, open_exam, write_exam
from governance.detection.tables import items_of

SECTION = "evaluation"
KEY = b"a key for the benchmark, no secret"
_SIGN = re.compile(r"[^\w\s]")


def arguments(group):
    group.add_argument("--exams", type=Path, nargs="+", default=[], help="rows with question and answer")
    group.add_argument("--no-exam", type=Path, help="rows of the same kind that are in none of them")


def rows_of(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def whole(row):
    return f"{row['question']}\n{row['answer']}"


def excerpt(text, pick):
    words = text.split()
    kept = int(len(words) * 0.6)
    first = pick.randrange(len(words) - kept + 1)
    return " ".join(words[first : first + kept])


def changes(rows, pick):
    answers = [row["answer"] for row in rows]
    pick.shuffle(answers)
    return {
        "verbatim": [whole(row) for row in rows],
        "re-cased": [whole(row).upper() for row in rows],
        "re-punctuated": [_SIGN.sub(lambda _: pick.choice([" ", "; ", " - ", ", "]), whole(row)) for row in rows],
        "answers shuffled": [f"{row['question']}\n{answer}" for row, answer in zip(rows, answers, strict=True)],
        "60 % excerpts": [excerpt(whole(row), pick) for row in rows],
    }


def run(options):
    """Print recall by set and change, false positives, bytes per item and speed."""
    if not options.exams:
        print("not run: name files with --exams")
        return
    with tempfile.TemporaryDirectory() as out:
        exams, rows = [], {}
        for path in options.exams:
            name, folder = path.name.partition(".")[0], Path(out) / path.name.partition(".")[0]
            rows[name] = rows_of(path)
            plain = Path(out) / f"{name}.jsonl"
            plain.write_text("".join(json.dumps(row) + "\n" for row in rows[name]))
            made = write_exam(items_of(plain), key=KEY, out=folder)
            print(f"{name}: {made.items} items, {(folder / FILE_NAME).stat().st_size / made.items:.0f} bytes an item")
            exams.append(open_exam(folder, name=name, key=KEY))
        detector, pick = Evaluation(exams), random.Random(1)
        for name, listed in rows.items():
            for change, texts in changes(listed, pick).items():
                found = detector.find(texts, Budget.of(600))
                hits = [
                    any(s.subtype == f"{name}:{row['id']}" for s in spans)
                    for row, spans in zip(listed, found, strict=True)
                ]
                print(f"{name:24}{change:18}{sum(hits) / len(hits):.4f}")
        if options.no_exam:
            _strangers(detector, [whole(row) for row in rows_of(options.no_exam)])


def _strangers(detector, texts):
    began = time.process_time()
    wrong = sum(map(bool, detector.find(texts, Budget.of(600))))
    speed = sum(map(len, texts)) / (time.process_time() - began) / 1e6
    print(
        f"false positives {wrong} of {len(texts)}: {1000 * wrong / len(texts):.2f} per 1,000; {speed:.1f} MB/s of processor time"
    )
