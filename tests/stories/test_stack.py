"""What an operator does to a stack, and what must survive it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.parse
from pathlib import Path

import psycopg
import pytest

from governance.stack.keys import passwords
from governance.stack.places import ROOT
from harness.processes import wait_until

pytestmark = pytest.mark.services


def is_alive(number: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


def address_of(running) -> str:
    """The owner's address of an embedded database, as the stack handed it to its worker."""
    environment = Path(f"/proc/{running.pid('bulk')}/environ").read_bytes().decode().split("\0")
    url = urllib.parse.urlsplit(next(line for line in environment if line.startswith("DATABASE_URL=")).split("=", 1)[1])
    secret = passwords(running.state / "keys")["owner"]
    return f"postgresql://remit_owner:{secret}@{url.hostname}:{url.port}{url.path}"


def ask(running, *statements: str):
    """Return the rows of the last statement, or None while the database does not answer."""
    try:
        with psycopg.connect(address_of(running)) as owner:
            return [owner.execute(statement) for statement in statements][-1].fetchall()
    except (psycopg.OperationalError, KeyError, FileNotFoundError):
        return None


@pytest.fixture(scope="module")
def embedded(start_remit):
    running = start_remit(only=("bulk",), embedded=True)
    yield running
    running.stop()


@pytest.mark.parametrize("name", ["bulk", "valkey", "postgres"])
def test_a_killed_process_is_started_again(embedded, name):
    before = embedded.kill(name)
    wait_until(lambda: embedded.told()["processes"].get(name, before) != before, what=f"a new {name}")


def test_committed_rows_survive_a_killed_database(embedded):
    write = ("CREATE TABLE note (id int)", "INSERT INTO note SELECT generate_series(1, 100) RETURNING id")
    wait_until(lambda: ask(embedded, *write), what="a database to write to")
    embedded.kill("postgres")
    assert wait_until(lambda: ask(embedded, "SELECT count(*) FROM note"), what="an answer again") == [(100,)]


def test_ctrl_c_stops_everything(start_remit):
    running = start_remit(only=("bulk",), embedded=True)
    children = running.told()["processes"].values()
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=10) == 0
    assert not [number for number in children if is_alive(number)]
    assert not (running.state / "running.json").exists()


def test_nothing_outlives_a_killed_supervisor_and_the_next_start_works(start_remit):
    running = start_remit(only=("bulk",), embedded=True)
    children = list(running.told()["processes"].values())
    running.process.kill()
    running.process.wait()
    wait_until(lambda: not any(map(is_alive, children)), what="the end of the children")
    again = start_remit(only=("bulk",), embedded=True, state=running.state)
    assert is_alive(again.pid("postgres"))
    again.stop()


def test_a_second_stack_on_the_same_folder_is_refused(embedded):
    second = up(embedded.state)
    assert second.returncode == 1
    assert "Another Remit runs on" in second.stderr


def test_a_taken_port_is_named(embedded, tmp_path):
    taken = embedded_port(embedded)
    second = up(tmp_path / "state", "--web-port", str(taken))
    assert second.returncode == 1
    assert f"Port {taken} is taken" in second.stderr


def up(state, *flags):
    command = [sys.executable, "-m", "governance.stack", "up", "--no-demo", "--state", str(state), *flags]
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "REDIS_", "REMIT_"))}
    return subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, timeout=60, check=False)


def embedded_port(running) -> int:
    settings = (running.state / "keys" / "valkey.conf").read_text()
    return int(next(line for line in settings.splitlines() if line.startswith("port ")).split()[1])


# As people write it, and longer than a socket's name may be.
PLACE = "/".join(["with spaces, ümläuts and a % sign", *["a-rather-long-name-of-a-folder"] * 5])


def test_the_state_may_live_in_any_place(start_remit):
    running = start_remit(only=("bulk",), embedded=True, first=True, state=start_remit.folder() / PLACE)
    assert is_alive(running.pid("postgres"))
    running.stop()


def test_the_state_may_live_in_a_private_folder(start_remit):
    # Under root the database is another user, who cannot pass; its data then live elsewhere.
    private = start_remit.folder()
    private.chmod(0o700)
    running = start_remit(only=("bulk",), embedded=True, first=True, state=private / "state")
    assert is_alive(running.pid("postgres"))
    running.stop()
    elsewhere = running.state / "elsewhere"
    assert elsewhere.is_symlink() == (os.geteuid() == 0)
    shutil.rmtree(elsewhere.resolve(), ignore_errors=True)


def test_the_secrets_are_readable_by_their_owner_alone(embedded):
    private = [path for path in (embedded.state / "keys").iterdir() if path.stat().st_mode & 0o077]
    assert not private
    assert (embedded.state / "keys").stat().st_mode & 0o077 == 0


def test_every_line_a_worker_logs_is_json(embedded):
    # It has lost its broker once above, so it had something to say.
    lines = wait_until(lambda: embedded.log("bulk").splitlines(), what="a log line")
    assert {json.loads(line)["process"] for line in lines} == {"bulk"}
