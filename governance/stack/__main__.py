"""The command line of the stack. No Django settings are read here: they need a database address that is only made below."""

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path

from governance.stack.databases import given_databases
from governance.stack.embedded import Ports, free_ports
from governance.stack.keys import make_keys, passwords
from governance.stack.migrate import migrate
from governance.stack.places import ROOT, StackError, open_state
from governance.stack.plan import NAMES
from governance.stack.settings_table import DOCUMENT, document
from governance.stack.up import Wishes, run_services, run_stack

USUAL_STATE = ROOT / ".state"


def main() -> None:
    options, rest = parser().parse_known_args()
    if rest and options.verb != "manage":
        parser().error(f"unknown: {' '.join(rest)}")
    try:
        VERBS[options.verb](options, rest)
    except StackError as refused:
        sys.exit(str(refused))


def parser() -> argparse.ArgumentParser:
    told = argparse.ArgumentParser(prog="governance.stack", description="Start and tend one Remit.")
    verbs = told.add_subparsers(dest="verb", required=True)
    up = _verb(verbs, "up", "start everything")
    up.add_argument("--web-port", type=int, help="0 takes any free one")
    up.add_argument("--gateway-port", type=int, help="0 takes any free one")
    up.add_argument("--no-demo", action="store_true", help="an empty organisation")
    up.add_argument("--only", default=",".join(NAMES), help="names of processes, comma-separated")
    services = _verb(verbs, "services", "only database and broker, for tests")
    services.add_argument("--postgres-port", type=int)
    services.add_argument("--valkey-port", type=int)
    _verb(verbs, "migrate", "bring the database of DATABASE_OWNER_URL to this code, with its roles")
    _verb(verbs, "manage", "a Django command on the running stack")
    _verb(verbs, "document", "write the table of deploy/SETTINGS.md anew")
    return told


def _verb(verbs, name: str, purpose: str) -> argparse.ArgumentParser:  # type: ignore[no-untyped-def]  # noqa: ANN001 - argparse's own private class
    verb: argparse.ArgumentParser = verbs.add_parser(name, help=purpose)
    verb.add_argument("--state", type=Path, default=USUAL_STATE, help="the folder of the data (default: .state)")
    return verb


def up(options: argparse.Namespace, _rest: list[str]) -> None:
    only = frozenset(options.only.split(","))
    if unknown := only - set(NAMES):
        raise StackError(f"No such process: {', '.join(sorted(unknown))}. There are: {', '.join(NAMES)}.")
    wishes = Wishes(options.state, options.web_port, options.gateway_port, not options.no_demo, only)
    asyncio.run(run_stack(wishes))


def services(options: argparse.Namespace, _rest: list[str]) -> None:
    free = free_ports()
    ports = Ports(options.postgres_port or free.postgres, options.valkey_port or free.valkey)
    asyncio.run(run_services(options.state, ports))


def migrate_given(options: argparse.Namespace, _rest: list[str]) -> None:
    state = open_state(options.state)
    make_keys(state.keys)
    databases = given_databases(os.environ, passwords(state.keys))
    if databases is None:
        raise StackError("Set DATABASE_OWNER_URL to the address of a role that may create tables and roles.")
    print("changed" if migrate(databases) else "nothing to change")


def manage(options: argparse.Namespace, rest: list[str]) -> None:
    remembered = options.state.resolve() / "keys" / "manage.json"
    if not remembered.exists():
        raise StackError(f"No Remit has run on {options.state}. Start it with ./dev run, then try again.")
    os.chdir(ROOT)
    environment = os.environ | json.loads(remembered.read_text())
    os.execve(sys.executable, [sys.executable, "manage.py", *rest], environment)  # noqa: S606 - there is no shell


def write_document(_options: argparse.Namespace, _rest: list[str]) -> None:
    DOCUMENT.write_text(document())


VERBS = {"document": write_document, "up": up, "services": services, "migrate": migrate_given, "manage": manage}

if __name__ == "__main__":
    main()
