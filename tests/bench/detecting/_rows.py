"""What the sections share: labelled rows, the engine of a mode, and a scan of many texts."""

import gzip
import json
from pathlib import Path

from governance.detection.batch import ruleset_of_mode
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.pii.training.recipe import is_left_out
from governance.detection.ruleset import DEFAULT_RULESET

KEY = b"a key for the benchmark, no secret"


def rows_of(path: Path, *, unseen: bool = False) -> list[dict]:
    """Return the rows of a file of JSON lines, plain or gzipped; `unseen`: those that the names model was not trained on."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [row for row in rows if not unseen or is_left_out(row)]


def engine_of(mode: str) -> Engine:
    return Engine.load(ruleset_of_mode(DEFAULT_RULESET, mode), key=KEY)


def findings_of(engine: Engine, text: str) -> tuple:
    report = engine.scan(Document.of({"text": text}), deadline=60)
    if not report.complete:
        raise SystemExit(f"A scan is incomplete: {report.receipt.missing}. Figures would flatter.")
    return report.findings
