"""Faults of the database, where permission, rules and log are kept. When the log is the fault, nobody writes it and nothing leaves."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

import sending
from faulting.fault import Fault, Hold, frozen, killed
from faulting.worlds import World
from governance.gateway.known import LIFE_S

DOWN = ("database_down",)
FULL = """
CREATE FUNCTION synthetic_full() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER synthetic_full BEFORE INSERT ON audit_outbox EXECUTE FUNCTION synthetic_full()
"""
NO_MORE_FULL = "DROP FUNCTION synthetic_full CASCADE"


def _as_owner(world: World, *statements: str) -> None:
    with psycopg.connect(sending.owner_address(world.running)) as owner:
        owner.execute("SELECT set_config('audit.event_id', 'a planted fault', true)")
        for each in statements:
            owner.execute(each)


def _changed(statement: str, back: str) -> Hold:
    @contextmanager
    def hold(world: World) -> Iterator[None]:
        _as_owner(world, statement)
        time.sleep(LIFE_S)  # what a key may do is remembered for so long, with the rules in force
        try:
            yield
        finally:
            _as_owner(world, back)

    return hold


@contextmanager
def _locked(world: World) -> Iterator[None]:
    """Let a statement wait for a lock for longer than anybody waits for it."""
    with psycopg.connect(sending.owner_address(world.running)) as owner:
        owner.execute("LOCK TABLE gateway_exchange IN ACCESS EXCLUSIVE MODE")
        yield
        owner.rollback()


@contextmanager
def _read_only(world: World) -> Iterator[None]:
    sending.set_read_only(world.running, on=True)
    try:
        yield
    finally:
        sending.set_read_only(world.running, on=False)


@contextmanager
def _without_connections(world: World) -> Iterator[None]:
    _as_owner(world, "ALTER ROLE remit_gateway CONNECTION LIMIT 0")
    sending.end_gateway_connections(world.running)
    try:
        yield
    finally:
        _as_owner(world, "ALTER ROLE remit_gateway CONNECTION LIMIT -1")


FAULTS = (
    Fault("database: killed", killed("postgres"), codes=DOWN, recorded=False, quick=True),
    Fault("database: frozen", frozen("postgres"), codes=DOWN, recorded=False, quick=True),
    Fault("database: read-only", _read_only, codes=DOWN, recorded=False, quick=True),
    Fault("database: slow", _locked, codes=DOWN, recorded=False, quick=True),
    Fault("database: full", _changed(FULL, NO_MORE_FULL), codes=DOWN, recorded=False, quick=True),
    Fault("database: no connection left", _without_connections, codes=DOWN, recorded=False),
    Fault(
        "database: the log is refused",
        _changed("REVOKE INSERT ON audit_outbox FROM remit_gateway", "GRANT INSERT ON audit_outbox TO remit_gateway"),
        codes=DOWN,
        recorded=False,
    ),
    Fault(
        "database: no ruleset in force",
        _changed(
            "UPDATE scanning_ruleset SET mode = 'retired' WHERE mode = 'enforce'",
            "UPDATE scanning_ruleset SET mode = 'enforce' WHERE version = (SELECT max(version) FROM scanning_ruleset)",
        ),
        codes=("ruleset_missing",),
        quick=True,
    ),
)
