import os
import signal
import subprocess
import sys

import pytest
from redis import Redis

from governance.stack.places import ROOT
from harness.environment import prepare
from harness.job_table import JOBS, QUEUE

WORKER = ("-m", "celery", "-A", "governance.celery", "worker", "-Q", QUEUE, "--concurrency", "2", "-l", "warning")
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")


class Processes:
    """A real worker and a real clock on the test's own database and queue."""

    def __init__(self, url: str, log) -> None:
        self._environment = os.environ | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "harness.worker_settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
            "JOB_LEASE_S": "3",
            "TEST_QUEUE": QUEUE,
            "REMIT_PROCESS": "test",
        }
        self.log = log
        self._running: list[subprocess.Popen] = []

    def worker(self) -> subprocess.Popen:
        return self._start(*WORKER, *QUIET, "-n", f"w{len(self._running)}@test")

    def clock(self) -> subprocess.Popen:
        return self._start("manage.py", "clock")

    def end(self) -> None:
        for process in self._running:
            kill(process)

    def _start(self, *arguments: str) -> subprocess.Popen:
        with self.log.open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self._environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self._running.append(process)
        return process


def kill(process: subprocess.Popen) -> None:
    """End a process and its children as a crash of the machine would."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


@pytest.fixture
def broker(server):
    server.start()
    with Redis.from_url(prepare().redis_url()) as client:
        client.delete(QUEUE)
        yield client
        client.delete(QUEUE)


@pytest.fixture
def processes(server, committed_db, broker, settings, tmp_path):
    settings.JOBS, settings.JOB_LEASE_S = JOBS, 3
    made = Processes(server.environment.databases(committed_db).app, tmp_path / "processes.log")
    yield made
    made.end()
    print(made.log.read_text() if made.log.exists() else "no process was started")
