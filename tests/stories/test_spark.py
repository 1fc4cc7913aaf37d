"""The same corpus by the command line, by Spark and by the workers: `./dev test -m long tests/stories/test_spark.py`.

PySpark comes from the Python index, from a lock of its own, once; it needs Java. The ten thousand records are synthetic.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sysconfig
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

import builders
import corpus
import evasions
import sending
import strangers
from governance.catalogue import indexing, services
from governance.core.actors import INSTALLER
from governance.core.clock import now
from governance.core.errors import Unavailable
from governance.core.sealing import KeyRing
from governance.detection.__main__ import INCOMPLETE, main
from governance.detection.batch import told
from governance.detection.document import Document
from governance.detection.incoming import record_of
from governance.detection.report import Report
from governance.detection.ruleset import Ruleset
from governance.scanning.remote import Scanner
from governance.scanning.selectors import enforced_ruleset
from governance.stack.places import ROOT
from harness.databases import connected_to

pytestmark = [pytest.mark.services, pytest.mark.long]
RECORDS = 10_000
AT_ONCE, SECONDS = 4, 60.0  # scans that wait at the workers; the longest a record may take, the same for all three
TRIES = 60
PROGRAM = ROOT / "tests" / "spark_program.py"


@dataclass(frozen=True)
class Corpus:
    """`lines` is what the command line says of each record of `source`, in its order."""

    source: Path
    ruleset: Path
    key_file: Path
    lines: list[dict]

    @property
    def named(self) -> dict[str, dict]:
        return {line["id"]: line for line in self.lines if "error" not in line}


@pytest.fixture(scope="module")
def stack(start_remit):
    return start_remit(only=("interactive",))


@pytest.fixture(scope="module")
def scanned(stack, tmp_path_factory, django_db_setup, django_db_blocker):
    folder = tmp_path_factory.mktemp("corpus")
    ring = KeyRing.load(settings.FINDINGS_KEY_FILE)
    (folder / "findings.key").write_bytes(ring.key(ring.current))
    with django_db_blocker.unblock(), connected_to(stack.database):
        ruleset = ruleset_with_a_register(folder)
    (folder / "ruleset.json").write_text(json.dumps(ruleset.document))
    source, out = folder / "corpus.jsonl", folder / "lines.jsonl"
    with source.open("wb") as file:
        file.writelines(corpus.lines(RECORDS))
    options = ["--ruleset", str(folder / "ruleset.json"), "--key-file", str(folder / "findings.key")]
    assert main(["scan", str(source), "--out", str(out), "--seconds", str(SECONDS), *options]) == INCOMPLETE
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(lines) == RECORDS
    return Corpus(source, folder / "ruleset.json", folder / "findings.key", lines)


def ruleset_with_a_register(folder: Path) -> Ruleset:
    (folder / "own").mkdir()
    (folder / "own" / "settle.py").write_text(evasions.SOURCE + "\n")
    unit = builders.organisation(at=now())
    row = services.add_register(title="Ledger", kind="code", unit_id=unit.pk, by=INSTALLER, at=now())
    indexing.index_register(register_id=row.pk, roots=[folder / "own"], by=INSTALLER, at=now())
    return enforced_ruleset().detectors


def test_the_corpus_has_something_for_every_detector(scanned):
    found = {finding["detector"] for line in scanned.lines for finding in line["findings"]}
    missing = Counter(line.get("error") or "".join(line.get("missing", {}).values()) for line in scanned.lines)
    assert found >= {"secrets", "source", "patterns", "names"}
    assert {"json_encoding", "json_syntax", "field_missing", "json_surrogate"} <= set(missing)
    assert any("ViewsTooLarge" in reason for reason in missing)


def test_spark_says_what_the_command_line_says(scanned, tmp_path):
    assert shutil.which("java"), "Spark needs Java. Install it: apt-get install openjdk-17-jre-headless"
    out = tmp_path / "found"
    python = strangers.spark() / "bin" / "python"
    program = [python, PROGRAM, scanned.source, scanned.ruleset, scanned.key_file, out]
    packages = os.pathsep.join([str(ROOT), sysconfig.get_path("purelib")])
    subprocess.run(program, check=True, env=os.environ | {"PYTHONPATH": packages, "PYSPARK_PYTHON": str(python)})
    rows = [json.loads(line) for part in out.glob("part-*") for line in part.read_text().splitlines()]
    assert {row["id"]: row for row in rows if "error" not in row} == scanned.named
    # What could not be read has no name, and its number only where lines are counted.
    assert errors(rows) == errors(scanned.lines)


async def test_the_workers_say_what_the_command_line_says(scanned, stack):
    """What cannot be read, or not without doubt, never comes to a worker: the rest must be all that is named."""
    with scanned.source.open("rb") as source:
        records = [record_of(line, field="text") for line in source]
    texts = {name: text for name, text in records if isinstance(text, str)}
    digest = Ruleset.of(json.loads(scanned.ruleset.read_text())).digest
    scanner = Scanner(
        sending.environment_of(stack, "interactive")["REDIS_URL"], KeyRing.load(settings.PAYLOAD_KEY_FILE)
    )
    turns = asyncio.Semaphore(AT_ONCE)

    async def line_of(name: str, text: str) -> dict:
        async with turns:
            return {"id": name, **told(await scanned_by_a_worker(scanner, text, digest))}

    await scanner.start()
    try:
        lines = await asyncio.gather(*(line_of(name, text) for name, text in texts.items()))
    finally:
        await scanner.stop()
    assert {line["id"]: line for line in lines} == scanned.named


async def scanned_by_a_worker(scanner: Scanner, text: str, ruleset: str) -> Report:
    """Ask until a worker answers: on a busy machine its signs of life are late, and then nothing was checked."""
    for _ in range(TRIES):
        try:
            return await scanner.scan(Document.of({"": text}), ruleset=ruleset, deadline_s=SECONDS)
        except Unavailable:
            await asyncio.sleep(1)
    return await scanner.scan(Document.of({"": text}), ruleset=ruleset, deadline_s=SECONDS)


def errors(lines: list[dict]) -> Counter:
    return Counter(line["error"] for line in lines if "error" in line)
