"""Bring a database to this code: roles, migrations, rights. One at a time, and only when something changed."""

import hashlib
import os
import subprocess
import sys

import psycopg
from psycopg import sql

from governance.audit.net import lay_net
from governance.stack.databases import DATABASE, OWNER, Databases
from governance.stack.places import ROOT, StackError
from governance.stack.roles import grant_rights, make_roles

LOCK = 0x72656D6974  # "remit": any fixed number will do, as long as every migrating process takes the same
MARK = "remit schema"


def schema_digest() -> str:
    """Return a digest of everything that decides what the schema and its rights are."""
    paths = [*sorted((ROOT / "governance").glob("*/migrations/*.py")), ROOT / "requirements.lock"]
    paths += [ROOT / "governance" / "stack" / "roles.py", ROOT / "governance" / "audit" / "net.py"]
    # What `install` puts into a new database.
    paths += [ROOT / "governance" / "detection" / name for name in ("ruleset.py", "default_policy.py")]
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:32]


def make_database(superuser: str, password: str) -> None:
    """Make the owner, who is no superuser, and the database. Only for the embedded server, at its first start."""
    with psycopg.connect(superuser, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            return
        owner = sql.Identifier(OWNER)
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone():
            make = sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB PASSWORD {}")
            connection.execute(make.format(owner, sql.Literal(password)))
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), owner))


def migrate(databases: Databases) -> bool:
    """Return True when something had to be changed."""
    wanted = f"{MARK} {schema_digest()}"
    with psycopg.connect(databases.owner, autocommit=True) as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        make_roles(owner, databases)
        if _mark(owner) == wanted:
            return False
        _run_migrations(databases.owner)
        grant_rights(owner)
        lay_net(owner)
        owner.execute(sql.SQL("COMMENT ON SCHEMA public IS {}").format(sql.Literal(wanted)))
    return True


def _mark(owner: psycopg.Connection) -> str | None:
    row = owner.execute("SELECT obj_description('public'::regnamespace)").fetchone()
    return row[0] if row else None


def _run_migrations(owner_url: str) -> None:
    # REDIS_URL and the secret are never used by a migration, but the settings want to know them.
    needed = {"REMIT_SECRET_KEY": "not used by migrations", "REDIS_URL": "redis://127.0.0.1:1/0"}
    environment = needed | os.environ | {"DATABASE_URL": owner_url, "REMIT_PROCESS": "migrate"}
    for command in (["migrate", "--no-input", "-v", "0"], ["install"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            check=False,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise StackError(f"The database could not be prepared ({command[0]}):\n{done.stderr.strip()}")
