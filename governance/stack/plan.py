"""Remit's own processes and the commands that start them (architecture: Processes)."""

import os
import sys
from urllib.parse import urlsplit

from governance.stack.environment import Setting, environment_of
from governance.stack.processes import Program

CELERY = ("-m", "celery", "--quiet", "-A", "governance.celery")
# A worker without gossip, mingle and heartbeat is back 1.1 s after the broker was killed.
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--prefetch-multiplier", "1")
# Longer than clients and proxies keep a connection they do not use (60 s is usual): whoever closes first must be the one who asks.
KEEPING = ("--timeout-keep-alive", "75")
SERVE = (
    "--no-access-log",
    "--no-server-header",
    "--timeout-graceful-shutdown",
    "1",
    "--log-level",
    "warning",
    *KEEPING,
)
SHEDDING = ("--http", "governance.gateway.shedding:Shedding")  # what there is no room for is refused at its headers
LISTENING = ("--loop", "governance.gateway.listening:Loop")  # several new connections at a time
NAMES = ("web", "gateway", "stand_in", "sequencer", "clock", "interactive", "bulk", "outbound")


def programs(setting: Setting) -> dict[str, Program]:
    """Return Remit's programs by name, in the order they are started."""
    found = {
        "web": _program("web", "web", setting, *_server("governance.asgi:application", setting.web)),
        "gateway": _program(
            "gateway",
            "gateway",
            setting,
            *_server("governance.gateway.asgi:application", setting.gateway),
            *SHEDDING,
            *LISTENING,
        ),
        "sequencer": _program("sequencer", "sequencer", setting, "manage.py", "sequence"),
        "clock": _program("clock", "clock", setting, "manage.py", "clock"),
        "interactive": _worker("interactive", "scan.interactive", scanning_processes(), setting),
        "bulk": _worker("bulk", "scan.bulk,jobs", 1, setting),
        "outbound": _worker("outbound", "outbound", 1, setting, kind="outbound"),
    }
    if setting.demo:
        port = str(urlsplit(setting.stand_in).port)
        # It plays a stranger: no database, no broker, no key.
        stranger = {"REMIT_DEMO": "on", "PATH": os.environ.get("PATH", "")}
        command = (sys.executable, "-m", "governance.stack.stand_in", "--port", port)
        found["stand_in"] = Program("stand_in", command, stranger)
    return found


def scanning_processes() -> int:
    """Return how many prompts are scanned at once: one core is left to the gateway and the database."""
    return max(1, (os.cpu_count() or 1) - 1)


def _program(name: str, kind: str, setting: Setting, *arguments: str) -> Program:
    return Program(name, (sys.executable, *arguments), environment_of(kind, setting, name=name))


def _server(application: str, address: str) -> tuple[str, ...]:
    at = urlsplit(address)
    return ("-m", "uvicorn", application, "--host", at.hostname or "127.0.0.1", "--port", str(at.port), *SERVE)


def _worker(name: str, queues: str, processes: int, setting: Setting, *, kind: str = "worker") -> Program:
    flags = ("-Q", queues, "-n", f"{name}@%h", "--concurrency", str(processes), *QUIET)
    return _program(name, kind, setting, *CELERY, "worker", *flags)
