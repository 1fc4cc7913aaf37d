"""Small requests that would grow in whoever opens them: they are refused early, take little memory, and the process lives on."""

import gzip
import io
import json
import zipfile
from base64 import b64encode
from pathlib import Path

import pytest

import sending

pytestmark = pytest.mark.services
MIB = 2**20
MOST_RISE = 64 * MIB
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ONE_CHARACTER_OF_18 = "\ufdfa"
PATIENCE_S = 30  # the gateway answers by its own longest deadline, 20 s


def said(content) -> bytes:
    return json.dumps({"model": "recorder-1", "messages": [{"role": "user", "content": content}]}).encode()


def zipped_zeros() -> bytes:
    """Return a document of about 100 KiB, whose one part is 100 MiB."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as part:
        for _ in range(100):
            part.write(b"\0" * MIB)
    return held.getvalue()


def document() -> bytes:
    data = f"data:{DOCX};base64,{b64encode(zipped_zeros()).decode()}"
    return said([{"type": "file", "file": {"filename": "a.docx", "file_data": data}}])


def most_of(pids, *, anew: bool) -> int:
    """Return the most bytes of memory any of the processes has had; `anew`: since now."""
    most = 0
    for pid in pids:
        if anew:
            Path(f"/proc/{pid}/clear_refs").write_text("5")
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        most = max(most, *(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")))
    return most


@pytest.mark.parametrize(
    ("bomb", "headers", "statuses"),
    [
        pytest.param(
            lambda: gzip.compress(b" " * 100 * MIB), {"Content-Encoding": "gzip"}, {400}, id="gzip of 100 MiB"
        ),
        pytest.param(lambda: gzip.compress(gzip.compress(b" " * 100 * MIB)), {}, {400}, id="gzip of gzip, unsaid"),
        pytest.param(lambda: said("x" * 5 * MIB), {}, {413}, id="too large"),
        pytest.param(lambda: b"[" * 4_000_000, {}, {400}, id="four million levels"),
        pytest.param(
            lambda: said(ONE_CHARACTER_OF_18 * 30_000), {}, {200, 403, 413, 503}, id="a character of eighteen"
        ),
        pytest.param(lambda: said(ONE_CHARACTER_OF_18 * 700_000), {}, {413}, id="two MiB of them"),
        pytest.param(document, {}, {400, 403, 413, 503}, id="a document that unpacks to 100 MiB"),
    ],
)
def test_a_bomb_takes_little_memory(gateway, who, recording, bomb, headers, statuses):
    pids = {name: [gateway.pid(name), *sending.children_of(gateway.pid(name))] for name in ("gateway", "interactive")}
    before = {name: most_of(each, anew=True) for name, each in pids.items()}
    status, *_ = sending.post(gateway, who.key, bomb(), headers=headers, patience_s=PATIENCE_S)
    assert status in statuses
    rise = {name: most_of(each, anew=False) - before[name] for name, each in pids.items()}
    assert max(rise.values()) <= MOST_RISE, rise
    assert sending.post(gateway, who.key, said("Hello."))[0] == 200
