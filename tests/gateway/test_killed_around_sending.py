"""Killed around a send, in the long form: `./dev test -m long tests/gateway/test_killed_around_sending.py` prints what was sent and what is known of it.

Ten steps of a send, at once and a moment later, are twenty points; at each, something is killed ten times while four calls are under
way: mostly the gateway, once its workers, once the database server and all that it had open. Whatever reached the provider has its
intent, and an intent without an outcome is shown as possibly sent. That the count could have told is shown by two planted holes.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, cycle, islice
from pathlib import Path
from signal import SIGKILL

import psycopg
import pytest
from django.db import connection

import sending
from faulting.clients import GONE, Answer, waits
from faulting.surfaces import SURFACES
from governance.core.clock import now
from governance.gateway.models import Exchange
from governance.gateway.rules import OUTCOME_DUE_AFTER, POSSIBLY_SENT, UNSENT, shown_state
from governance.stack.places import ROOT
from governance.stack.processes import dying_with_us
from harness.processes import RunningRemit, wait_until

pytestmark = [pytest.mark.services, pytest.mark.long]
TESTS = Path(sending.__file__).parent
# Where dying_gateway.py looks at its plan, in the order in which a call comes there.
STEPS = (
    "judged",
    "intent asked",
    "intent kept",
    "sending",
    "head sent",
    "body sent",
    "answered",
    "passing on",
    "outcome asked",
    "outcome kept",
)
MOMENTS_MS = (0, 4)
POINTS = [(step, after_ms) for step in STEPS for after_ms in MOMENTS_MS]
# Who is killed the ten times; a server is left alone for a while in between, or its supervisor waits longer each time.
VICTIMS = ("gateway", "gateway", "worker", "gateway", "gateway", "gateway", "gateway", "database", "gateway", "gateway")
AT_ONCE, WELL_S = 4, 60
SURELY_SENT = STEPS[STEPS.index("answered") :]
_numbers, _kills = count(1), count(1)
_surfaces = cycle(SURFACES)


@dataclass
class Asked:
    """One call under way when something was killed. `sent`: what reached the provider of it; `rows`: what is known of it."""

    point: tuple[str, int]
    victim: str
    kill: int
    mark: str = field(default_factory=lambda: f"Note {next(_numbers):05}")
    answer: Answer = GONE
    sent: list[bytes] = field(default_factory=list, repr=False)
    rows: list[Exchange] = field(default_factory=list)

    @property
    def intents(self) -> list[Exchange]:
        return [row for row in self.rows if row.state not in UNSENT]

    @property
    def open(self) -> list[Exchange]:
        return [row for row in self.intents if row.closed_at is None]

    @property
    def unaccounted(self) -> int:
        """How many requests reached the provider for which there is no intent to send exactly them."""
        known = [row.request_digest for row in self.intents]
        unknown = 0
        for body in self.sent:
            digest = hashlib.sha256(body).hexdigest()
            if digest in known:
                known.remove(digest)
            else:
                unknown += 1
        return unknown

    def faulty(self) -> Iterator[str]:
        if self.unaccounted:
            yield "it was sent without an intent"
        if self.sent and any(row.closed_at and not row.bytes_out for row in self.intents):
            yield "it was sent, and said not to have been"
        later = now() + OUTCOME_DUE_AFTER
        if any(shown_state(row.state, opened_at=row.at, at=later) != POSSIBLY_SENT for row in self.open):
            yield "it has no outcome, and is not shown as possibly sent"
        if self.answer[0] == 200 and not self.sent:
            yield "it was answered by nobody"


@dataclass
class Dying:
    """A gateway that kills on demand, on the stack of another."""

    running: RunningRemit
    recording: sending.Recording
    folder: Path
    key: str
    port: int = field(default_factory=sending.free_port)

    @property
    def gateway(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def served(self, *holes: str) -> Iterator["Dying"]:
        paths = os.pathsep.join([str(ROOT), str(TESTS), *sys.path])
        environment = sending.environment_of(self.running, "gateway") | {"PYTHONPATH": paths}
        command = [sys.executable, str(TESTS / "dying_gateway.py"), str(self.port), str(self.folder), *holes]
        process = subprocess.Popen(dying_with_us(command, SIGKILL), cwd=ROOT, env=environment)
        try:
            yield self
        finally:
            process.kill()
            process.wait()

    def kill(self, point: tuple[str, int], victim: str) -> list[Asked]:
        """Ask four times at once, and kill when the first of them comes to the point; all works again before that.

        On a busy machine all four may be refused on the way; then four others are asked.
        """
        self.until_well()
        plan, (step, after_ms), kill = self.folder / "plan.json", point, next(_kills)
        draft = plan.with_suffix(".draft")
        draft.write_text(json.dumps({"step": step, "after_ms": after_ms, "pids": self._pids_of(victim)}))
        draft.rename(plan)
        asked: list[Asked] = []

        def taken() -> bool:
            asked.extend(four := [Asked(point, victim, kill) for _ in range(AT_ONCE)])
            with ThreadPoolExecutor(AT_ONCE) as pool:
                list(pool.map(self._ask, four, islice(_surfaces, AT_ONCE)))
            return not plan.exists()

        wait_until(taken, within_s=WELL_S, what=f"a call at the point {point}")
        return asked

    def _pids_of(self, victim: str) -> list[int]:
        if victim == "gateway":
            return []  # itself
        parent = self.running.pid({"worker": "interactive", "database": "postgres"}[victim])
        return [parent, *sending.children_of(parent)]

    def _ask(self, asked: Asked, surface) -> None:
        text = f"{asked.mark} is plain and synthetic. Please shorten this plain sentence for me."
        path, body = surface.request("recorder-1", text)
        asked.answer = waits(self.gateway, self.key, path, body, asked.mark)

    def until_well(self) -> None:
        """Wait until a text is sent that nobody has scanned before, so that the workers are there again too."""

        def works() -> bool:
            path, body = SURFACES[0].request("recorder-1", f"Is it well? {time.monotonic_ns()}")
            return waits(self.gateway, self.key, path, body, "")[0] == 200

        wait_until(works, within_s=WELL_S, what="recovery")

    def counted(self, asked: list[Asked]) -> list[Asked]:
        """Return the calls with what reached the provider of each and what is known of it."""
        self.until_well()
        time.sleep(1)  # what was on its way has arrived
        connection.close()  # its server was killed
        bodies = self.recording.bodies()
        for each in asked:
            each.sent = [body for body in bodies if each.mark.encode() in body]
            each.rows = list(Exchange.objects.filter(end_user=each.mark))
        return asked


@pytest.fixture(scope="module")
def dying(start_remit, recording, tmp_path_factory, django_db_setup, django_db_blocker):
    running = start_remit(only=("gateway", "interactive"), embedded=True, extra=sending.PATIENT)
    with django_db_blocker.unblock(), sending.connected_to_stack(running):
        who = sending.builder()
        for dialect in sending.BASES:
            sending.grant(who, sending.destination(recording.speaking(dialect), dialect=dialect))
        yield Dying(running, recording, tmp_path_factory.mktemp("dying"), who.key)
    running.stop()


def lines(asked: list[Asked]) -> Iterator[str]:
    yield f"{'killed at':28}{'kills':>7}{'calls':>7}{'reached it':>12}{'intents':>9}{'no outcome':>12}{'unaccounted':>13}"
    for step, after_ms in POINTS:
        yield _line(f"{step} + {after_ms} ms", [each for each in asked if each.point == (step, after_ms)])
    for victim in sorted(set(VICTIMS)):
        yield _line(f"of these the {victim}", [each for each in asked if each.victim == victim])
    yield _line("all", asked)


def _line(name: str, asked: list[Asked]) -> str:
    kills, sent = len({each.kill for each in asked}), sum(len(each.sent) for each in asked)
    intents, unended = (
        sum(len(kind) for kind in kinds) for kinds in ([c.intents for c in asked], [c.open for c in asked])
    )
    unaccounted = sum(each.unaccounted for each in asked)
    return f"{name:28}{kills:7}{len(asked):7}{sent:12}{intents:9}{unended:12}{unaccounted:13}"


def test_whatever_reached_the_provider_has_an_intent(dying, capsys):
    with dying.served():
        asked = [call for victim in VICTIMS for point in POINTS for call in dying.kill(point, victim)]
        asked = dying.counted(asked)
    with capsys.disabled():
        print("", *lines(asked), sep="\n")
    assert len({each.kill for each in asked}) == len(POINTS) * len(VICTIMS)
    assert [f"{each.point}, {each.victim}: {why}" for each in asked for why in each.faulty()] == []
    assert any(each.open for each in asked)


def test_a_gateway_that_intends_afterwards_is_seen_at_each_point_after_the_send(dying):
    with dying.served("late"):
        asked = [call for step in SURELY_SENT for call in dying.kill((step, 0), "gateway")]
    with dying.served():
        asked = dying.counted(asked)
    assert {each.point[0] for each in asked if each.unaccounted} == set(SURELY_SENT)


def test_a_database_that_says_it_keeps_and_does_not_is_seen(dying):
    """The intent is said to be kept before it is on the disk; where the server dies just then, it is not."""
    with psycopg.connect(sending.owner_address(dying.running), autocommit=True) as owner:
        owner.execute("ALTER ROLE remit_gateway SET synchronous_commit = off")
        try:
            with dying.served():
                asked = [call for _ in range(4) for call in dying.kill(("answered", 0), "database")]
                asked = dying.counted(asked)
        finally:
            with psycopg.connect(sending.owner_address(dying.running), autocommit=True) as again:
                again.execute("ALTER ROLE remit_gateway RESET synchronous_commit")
    assert any(each.unaccounted for each in asked)
