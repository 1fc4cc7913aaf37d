"""A ruleset with something in every detector: a register, an exam, rows of a dataset, words of the organisation."""

import sysconfig
from pathlib import Path
from typing import Any

from detecting._rows import KEY
from detecting._texts import prompts

from governance.detection.fingerprints.exam import Item, write_exam
from governance.detection.fingerprints.folders import sources
from governance.detection.fingerprints.keyed import HashKey
from governance.detection.fingerprints.register import index
from governance.detection.fingerprints.rows import write_rows
from governance.detection.recognisers import Recogniser
from governance.detection.ruleset import DEFAULT_RULESET

_OWN = Recogniser("case-number", "CASE_NUMBER", 0.8, ("Blue Heron",), (r"CL-\d{6}",), ("case",), "Case CL-204417.")


def ruleset_with_everything(folder: Path, *, strict: bool = False) -> dict[str, Any]:
    """Return the document of a ruleset; what it names lies in `folder`: the top of the standard library, 1,000 items, 20,000 rows."""
    library = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    register = index(sources(library, key=HashKey.of(KEY)), key=KEY, out=folder / "source").digest
    exam = write_exam(map(_item, range(1000), prompts(300, 1000, seed=5)), key=KEY, out=folder / "exam").digest
    rows = write_rows((_row(n) for n in range(20_000)), key=KEY, out=folder / "rows").digest
    ruleset = (
        DEFAULT_RULESET.with_options("source", registers=[_entry(folder / "source", "source", register)])
        .with_options("evaluation", sets=[_entry(folder / "exam", "exam", exam)])
        .with_options("datasets", rows=[_entry(folder / "rows", "rows", rows)])
        .with_options("recognisers", recognisers=[_OWN.to_dict()])
        .with_options("names", strict=strict)
    )
    return dict(ruleset.document)


def _entry(folder: Path, kind: str, digest: str) -> dict[str, str]:
    return {"id": folder.name, "kind": kind, "digest": digest, "folder": str(folder)}


def _item(number: int, prompt: str) -> Item:
    return Item(str(number), prompt)


def _row(number: int) -> list[str]:
    return [f"customer{number}@example.com", f"{number * 7919 % 10**8:08d}", f"Row of number {number} and no other"]
