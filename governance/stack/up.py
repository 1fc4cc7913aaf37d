"""Start a whole stack, keep it alive, stop it: `python -m governance.stack up`."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from governance.stack import first_start, summary
from governance.stack.databases import Databases, embedded_databases, given_databases
from governance.stack.embedded import Ports, free_ports, start_postgres, start_valkey, until
from governance.stack.environment import Setting, environment_of
from governance.stack.keys import make_keys, passwords
from governance.stack.migrate import migrate
from governance.stack.places import State, held, open_state, write_private
from governance.stack.plan import programs
from governance.stack.ports import kept_port, port_of, reserve
from governance.stack.processes import Supervisor
from governance.stack.ready import answers

WEB_PORT, GATEWAY_PORT = 8400, 8401
SERVING = ("web", "gateway", "stand_in", "sequencer", "clock")
ANSWERING = frozenset({"gateway", "stand_in", "interactive"})


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asked for."""

    state: Path
    web_port: int | None
    gateway_port: int | None
    demo: bool
    only: frozenset[str]


async def run_stack(wishes: Wishes) -> None:
    await _supervise(wishes.state, partial(_start_stack, wishes))


async def run_services(state: Path, ports: Ports) -> None:
    """Run only the embedded database and broker, quickly and carelessly: for tests."""
    await _supervise(state, partial(_start_services, ports))


async def _supervise(folder: Path, begin: Callable[[State, Supervisor], Awaitable[None]]) -> None:
    """Begin, then wait for Ctrl-C, SIGTERM or a closed terminal; whatever happens, stop what was started."""
    state = open_state(folder)
    with held(state):
        make_keys(state.keys)
        supervisor = Supervisor(state.logs, say)
        stopped = _when_told_to_stop()
        beginning = asyncio.ensure_future(begin(state, supervisor))
        try:
            await asyncio.wait({beginning, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if beginning.done():
                beginning.result()
            await stopped
            say("Stopping ...")
        finally:
            beginning.cancel()
            await supervisor.stop()
            state.running.unlink(missing_ok=True)


def _when_told_to_stop() -> asyncio.Future[None]:
    loop = asyncio.get_running_loop()
    told: asyncio.Future[None] = loop.create_future()

    def tell() -> None:
        if not told.done():
            told.set_result(None)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, tell)
    return told


async def _start_stack(wishes: Wishes, state: State, supervisor: Supervisor) -> None:
    began = asyncio.get_running_loop().time()
    doors = [reserve(wishes.web_port, WEB_PORT), reserve(wishes.gateway_port, GATEWAY_PORT)]
    web, gateway = (f"http://127.0.0.1:{port_of(door)}" for door in doors)
    databases, redis_url = await _connections(state, supervisor)
    stand_in = f"http://127.0.0.1:{kept_port(state.folder / 'stand_in.port')}/v1" if wishes.demo else ""
    setting = Setting(state, databases, redis_url, web, gateway, wishes.demo, stand_in)
    supervisor.changed = partial(_write_running, setting)
    if await asyncio.to_thread(migrate, databases):
        say("The database is up to date.")
    _remember_environment(setting)
    if wishes.demo:
        await asyncio.to_thread(first_start.prepare_demo, setting)
    for door in doors:
        door.close()
    await _start_processes(setting, supervisor, wishes.only)
    link = "" if wishes.demo else await asyncio.to_thread(first_start.first_admin_link, setting)
    summary.show(setting, took_s=asyncio.get_running_loop().time() - began, admin_link=link)
    if wishes.demo and wishes.only >= ANSWERING:
        first_start.send_prompts_soon(setting)


async def _connections(state: State, supervisor: Supervisor) -> tuple[Databases, str]:
    """Return where database and broker are: those given, or embedded ones started here."""
    ports, secrets = free_ports(), passwords(state.keys)
    databases = given_databases(os.environ, secrets)
    if databases is None:
        await start_postgres(supervisor, state, port=ports.postgres)
        databases = embedded_databases(ports.postgres, secrets)
    redis_url = os.environ.get("REDIS_URL") or await start_valkey(supervisor, state, port=ports.valkey)
    return databases, redis_url


async def _start_processes(setting: Setting, supervisor: Supervisor, only: frozenset[str]) -> None:
    """Start what people wait for first; the workers, which take seconds to load their models, after it answers."""
    wanted = {name: program for name, program in programs(setting).items() if name in only}
    supervisor.start(*[program for name, program in wanted.items() if name in SERVING])
    if "web" in wanted:
        await until(partial(answers, f"{setting.web}/healthz"), "web", setting.state)
        say(f"Web answers on {setting.web}")
    supervisor.start(*[program for name, program in wanted.items() if name not in SERVING])
    if {"gateway", "interactive"} <= set(wanted):
        await until(partial(answers, f"{setting.gateway}/readyz"), "gateway", setting.state)
    elif "gateway" in wanted:
        await until(partial(answers, f"{setting.gateway}/healthz"), "gateway", setting.state)


async def _start_services(ports: Ports, state: State, supervisor: Supervisor) -> None:
    await asyncio.gather(
        start_postgres(supervisor, state, port=ports.postgres, careless=True),
        start_valkey(supervisor, state, port=ports.valkey),
    )
    say("ready")


def _write_running(setting: Setting, alive: dict[str, int]) -> None:
    found = {"web": setting.web, "gateway": setting.gateway, "supervisor": os.getpid(), "processes": alive}
    write_private(setting.state.running, json.dumps(found, indent=1) + "\n")


def _remember_environment(setting: Setting) -> None:
    """For `./dev manage` and `./dev shell`, which act as the web process does."""
    mine = environment_of("web", setting, name="manage", base={})
    write_private(setting.state.keys / "manage.json", json.dumps(mine) + "\n")


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
