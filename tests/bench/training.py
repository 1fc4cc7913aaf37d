"""Memory and speed of a large training set: `./dev bench training [--size MB] [--distinct MB] [--patience MINUTES]`.

Sent to the real web process over the wire, sealed, hashed and cut there, scanned by the real bulk worker: first the distinct text
once, then the same text again and again up to --size, so that most of it is known to the findings cache. Printed are the peak of
resident memory of the largest process of each program in both runs, how much it grew, and MB/s received and scanned. When the scan
of the large set takes longer than --patience, what was done until then is printed and the rest extrapolated. All text is synthetic.
"""

import argparse
import hashlib
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import _stack  # noqa: F401 - it sets up the tests' own folders

import builders
import scope
import sending
from governance.core.clock import now
from governance.organisation.roles import Role
from governance.organisation.services import make_key
from governance.training.models import Chunk, TrainingSet
from governance.training.rules import TrainingSetState
from harness.databases import Server
from harness.environment import prepare
from harness.processes import Launcher

MB = 1_000_000
MOST_MB = {"web": 300, "gateway": 300, "bulk": 700}
MOST_GROWTH_MB = 50
WORDS = (
    "claim letter window broken invoice paid storm roof answer clerk ticket order server error test review rule date amount "
    "customer contract office printer meeting minutes table column query index cache commit branch patch garden chair report"
)
OPEN = {TrainingSetState.RECEIVED, TrainingSetState.SCANNING}


@dataclass(frozen=True, slots=True)
class Run:
    """One set from the first byte to the last finding. Peaks are MB by program."""

    megabytes: float
    sent_s: float
    scanned_s: float
    scanned_share: float
    peaks: dict[str, float]


def distinct_text(size: int) -> bytes:
    """Return whole lines of chat, about `size` bytes, no two alike."""
    chance, words, lines, total = random.Random(7), WORDS.split(), [], 0
    while total < size:
        question, answer = (" ".join(chance.choices(words, k=60)) + "." for _ in range(2))
        talk = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
        lines.append(json.dumps({"messages": talk}).encode() + b"\n")
        total += len(lines[-1])
    return b"".join(lines)


def send(web: str, code: str, key: str, text: bytes, times: int) -> str:
    """Send `text` `times` times as one set; return its id. Raises when what arrived hashes to anything else."""

    def blocks() -> Iterator[bytes]:
        for _ in range(times):
            hashed.update(text)
            yield text

    hashed, at = hashlib.sha256(), urlsplit(web)
    connection = HTTPConnection(at.hostname, at.port, timeout=1200)
    headers = {"Authorization": f"Bearer {key}", "Content-Length": str(len(text) * times)}
    connection.request("PUT", f"/api/v1/initiatives/{code}/training-sets?title=Bench", blocks(), headers)
    answer = connection.getresponse()
    told = json.loads(answer.read())
    assert (answer.status, told.get("digest")) == (201, hashed.hexdigest()), told
    return told["id"]


def wait_scanned(set_id: str, *, patience_s: float) -> float:
    """Return the share of the bytes that were scanned when the scan ended, or when patience did."""
    ends = time.monotonic() + patience_s
    while time.monotonic() < ends and TrainingSet.objects.get(pk=set_id).state in OPEN:
        time.sleep(1)
    whole = TrainingSet.objects.get(pk=set_id)
    if whole.state not in OPEN:
        return 1.0
    done = Chunk.objects.filter(training_set=set_id).exclude(complete=None).values_list("first_byte", "end_byte")
    return sum(end - first for first, end in done) / whole.bytes


def processes(running, name: str) -> list[int]:
    return [running.pid(name), *sending.children_of(running.pid(name))]


def forget_peaks(running) -> None:
    """Let the kernel count the peaks from now on."""
    for name in MOST_MB:
        for pid in processes(running, name):
            Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak(running, name: str) -> float:
    """Return the peak of the largest process of the program, in MB."""
    lines = [Path(f"/proc/{pid}/status").read_text() for pid in processes(running, name)]
    return max(int(text.split("VmHWM:")[1].split()[0]) * 1024 / MB for text in lines)


def measured(running, code: str, key: str, text: bytes, times: int, *, patience_s: float) -> Run:
    forget_peaks(running)
    began = time.monotonic()
    made = send(running.web, code, key, text, times)
    sent = time.monotonic()
    share = wait_scanned(made, patience_s=patience_s)
    peaks = {name: peak(running, name) for name in MOST_MB}
    return Run(len(text) * times / MB, sent - began, time.monotonic() - sent, share, peaks)


def report(small: Run, large: Run) -> bool:
    """Print both runs; return whether every program stayed within its memory."""
    for run in (small, large):
        done = run.megabytes * run.scanned_share
        rest = f", {run.scanned_share:.0%} of it when patience ended" if run.scanned_share < 1 else ""
        print(
            f"{run.megabytes:7.0f} MB  received {run.megabytes / run.sent_s:6.1f} MB/s  scanned {done / run.scanned_s:6.3f} MB/s{rest}"
        )
    fine = True
    for name, most in MOST_MB.items():
        before, after = small.peaks[name], large.peaks[name]
        kept = after <= most and after - before <= MOST_GROWTH_MB
        fine = fine and kept
        goals = f"goals {most} and {MOST_GROWTH_MB} MB: {'reached' if kept else 'MISSED'}"
        print(f"{name:8} peak {before:6.0f} MB, then {after:6.0f} MB, grown by {after - before:6.1f} MB; {goals}")
    return fine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1000, help="MB of the large set")
    parser.add_argument("--distinct", type=int, default=10, help="MB of text of which no two lines are alike")
    parser.add_argument("--patience", type=float, default=8, help="minutes to wait for each scan")
    wanted = parser.parse_args()
    launcher = Launcher(Server(prepare(), "bench"), lambda: Path(tempfile.mkdtemp(prefix="remit-bench-")))
    try:
        running = launcher(only=("web", "gateway", "bulk", "clock", "sequencer"), embedded=True)
        with sending.connected_to_stack(running):
            lead = builders.person(Role.REQUESTER, builders.unit())
            by, at = builders.actor(lead), now()
            code = scope.initiative(lead.memberships.get().unit, by=by, title="Bench").code
            _, key = make_key(title="bench", scope="api:write", expires_at=at + timedelta(days=1), by=by, at=at)
            text, patience_s = distinct_text(wanted.distinct * MB), wanted.patience * 60
            small = measured(running, code, key, text, 1, patience_s=patience_s)
            times = max(1, wanted.size // wanted.distinct)
            large = measured(running, code, key, text, times, patience_s=patience_s)
        sys.exit(0 if report(small, large) else 1)
    finally:
        launcher.stop_all()


if __name__ == "__main__":
    main()
