"""One Postgres for a run; one database for each test process, cloned from a migrated template.

`db` (pytest-django's) rolls back. `committed_db` is a database of its own for tests that commit. Nothing is ever flushed:
the application's role may not truncate, and neither may the tests.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count

import psycopg
import pytest
from psycopg import sql

from governance.stack.databases import OWNER, with_name
from governance.stack.migrate import migrate, schema_digest
from governance.stack.places import ROOT
from governance.stack.processes import dying_with_us
from harness.environment import TestEnvironment, prepare

ONE = "SELECT datname FROM pg_database WHERE datname = %s"
LEFT_OVER = "SELECT datname FROM pg_database WHERE datname LIKE 'test_%%' OR (datname LIKE 'template_%%' AND datname <> ALL(%s))"
DROP = "DROP DATABASE IF EXISTS {} WITH (FORCE)"
DROP_TRIES, DROP_PAUSE_S = 100, 0.1

SERVER = pytest.StashKey["Server"]()


class Server:
    """The servers of this run, started when the first test asks."""

    def __init__(self, environment: TestEnvironment, worker: str) -> None:
        self.environment = environment
        self._names = (f"test_{worker}_{number}" for number in count(1))
        self._process: subprocess.Popen | None = None
        self._started = environment.started_by_parent
        self._once = threading.Lock()

    def start(self) -> None:
        with self._once:
            if not self._started:
                self._launch()
                self._make_template()
                self._started = True

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(timeout=20)

    def clone(self) -> str:
        """Return the name of a new database with the schema and no rows but the migrations' own."""
        self.start()
        name = next(self._names)
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, self.template)
        return name

    def kept(self, name: str) -> tuple[str, bool]:
        """Return a database that outlives the run, migrated, and whether it was there before."""
        self.start()
        there = bool(self._query(ONE, [name]))
        if there:
            migrate(self.environment.databases(name))
        else:
            self._execute("CREATE DATABASE {} TEMPLATE {}", name, self.template)
        return name, there

    def drop(self, name: str) -> None:
        """Drop a database with whoever is connected to it; one that cannot be dropped in time is left to the next run."""
        for _ in range(DROP_TRIES):
            # A connection that is just coming or going has no role, and a worker that tidies up has the superuser's: only a
            # superuser may end it. It is gone in a moment.
            with suppress(psycopg.errors.InsufficientPrivilege):
                return self._execute(DROP, name)
            time.sleep(DROP_PAUSE_S)
        return None

    @property
    def template(self) -> str:
        return f"template_{schema_digest()}"

    def _launch(self) -> None:
        ports = self.environment.ports
        flags = ["--postgres-port", str(ports.postgres), "--valkey-port", str(ports.valkey)]
        state = ["--state", str(self.environment.server.folder)]
        command = [sys.executable, "-m", "governance.stack", "services", *state, *flags]
        command = dying_with_us(command, signal.SIGTERM)  # also when this run is killed
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
        if self._process.stdout.readline() != "ready\n":
            pytest.exit(f"The test servers did not start; see {self.environment.server.logs}", returncode=3)

    def _make_template(self) -> None:
        for name in self._query(LEFT_OVER, [["template0", "template1", self.template]]):
            self.drop(name)
        if not self._query(ONE, [self.template]):
            self._execute("CREATE DATABASE {} OWNER {}", "test_building", OWNER)
            migrate(self.environment.databases("test_building"))
            self._execute("ALTER DATABASE {} RENAME TO {}", "test_building", self.template)

    def _execute(self, statement: str, *names: str) -> None:
        with self._connection() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _query(self, statement: str, values: list) -> list[str]:
        with self._connection() as connection:
            return [row[0] for row in connection.execute(statement, values)]

    def _connection(self) -> psycopg.Connection:
        return psycopg.connect(with_name(self.environment.databases().owner, "postgres"), autocommit=True)


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Let Django's connection be to the database `name` for a while."""
    from django.db import connections

    settings = connections.settings["default"]
    before = settings["NAME"]
    try:
        _switch(connections["default"], settings, name)
        yield
    finally:
        _switch(connections["default"], settings, before)


def _switch(connection, settings, name: str) -> None:
    connection.close()
    # New threads make their connections from the settings, this one has a copy of its own.
    settings["NAME"] = connection.settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def server(request) -> Server:
    return request.config.stash[SERVER]


@pytest.fixture(scope="session")
def django_db_setup(server, django_db_blocker):
    name = server.clone()
    with django_db_blocker.unblock(), connected_to(name):
        yield
    server.drop(name)


@pytest.fixture
def committed_db(server, django_db_setup, django_db_blocker):
    """A database of the test's own, where commits are real; its name."""
    name = server.clone()
    with django_db_blocker.unblock(), connected_to(name):
        yield name
    server.drop(name)


@pytest.fixture
def transactional_db():
    pytest.fail("Tests never flush a database. Ask for committed_db, or for start_remit when processes take part.")


def pytest_configure(config):
    config.stash[SERVER] = Server(prepare(), os.environ.get("PYTEST_XDIST_WORKER", "main"))
    if getattr(config.option, "dist", "no") != "no":
        # Worker processes come and go; the servers are their parent's.
        config.stash[SERVER].start()


def pytest_unconfigure(config):
    config.stash[SERVER].stop()
