"""An initiative with a key and a grant toward a recording provider, for tests with the real gateway and the real worker.

Everything here is synthetic.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openai
import psutil
import psycopg
from django.db import connections, transaction
from redis import Redis

import builders
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.catalogue.models import Dataset
from governance.catalogue.services import add_dataset
from governance.core.clock import now
from governance.core.vocabulary import Classification, Hosting, Mode, Purpose, WeightsOwner
from governance.destinations import services as destinations
from governance.destinations.models import Destination
from governance.destinations.rules import Dialect, ReplyCheck
from governance.gateway.models import Exchange
from governance.initiatives import services as initiatives
from governance.initiatives.models import Initiative
from governance.initiatives.rules import InitiativeState
from governance.organisation.roles import Role
from governance.organisation.services import make_key, revoke_key
from governance.remits import services as remits
from governance.remits.models import Grant, Remit
from governance.remits.rules import GrantState, RemitState
from governance.remits.runs import USUAL_CAPS, RunCaps
from governance.remits.tools import ToolRule
from governance.scanning.channel import REQUESTS
from governance.stack.keys import passwords
from harness.processes import wait_until

_numbers = count(1)
INSTALLER = builders.INSTALLER
# Machines that run tests are busy; how long a scan may take is measured elsewhere.
PATIENT = {"GATEWAY_LOOPBACK_ALLOWED": "on", "SCAN_BASE_DEADLINE_S": "8", "GATEWAY_LONGEST_WAIT_S": "8"}
BASES = {
    Dialect.OPENAI: "/v1",
    Dialect.ANTHROPIC: "/anthropic",
    Dialect.GEMINI: "/gemini/v1beta",
    Dialect.DATABRICKS: "/databricks/serving-endpoints",
    Dialect.OLLAMA: "/ollama",
}
PROVIDER_SECRET = "synthetic-provider-key-0001"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int) -> None:
    """Wait until something listens on the port of this machine."""
    for _ in range(2400):  # a process may start slowly where much else runs
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nothing listens")


@dataclass
class Recording:
    """The recording provider, a process of its own; what it was sent lies in `folder`."""

    folder: Path
    port: int
    process: subprocess.Popen = field(repr=False)

    @classmethod
    def start(cls, folder: Path) -> "Recording":
        port = free_port()
        script = Path(__file__).with_name("recorder.py")
        process = subprocess.Popen([sys.executable, str(script), str(port), str(folder)])
        wait_for(port)
        return cls(folder, port, process)

    @property
    def url(self) -> str:
        return self.speaking(Dialect.OPENAI)

    def speaking(self, dialect: Dialect) -> str:
        """Return the base URL of a destination that speaks the dialect and is this recorder."""
        return f"http://127.0.0.1:{self.port}{BASES[dialect]}"

    def count(self) -> int:
        return len(list(self.folder.glob("*.body")))

    def bodies(self, *, since: int = 0) -> list[bytes]:
        """Return every body so far, in order, but for the first `since`."""
        return [path.read_bytes() for path in sorted(self.folder.glob("*.body"))[since:]]

    def heads(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in sorted(self.folder.glob("*.head"))]

    def stop(self) -> None:
        self.process.kill()  # it has nothing to finish
        self.process.wait(timeout=5)


def destination(
    url: str,
    *,
    dialect=Dialect.OPENAI,
    models=("recorder-1", "slow-1", "broken-1", "short-1", "bytes-1", "busy-1"),
    check=ReplyCheck.WINDOW,
    hosting=Hosting.PUBLIC_API,
    cleared_for=Classification.CONFIDENTIAL,
    secret="",
) -> Destination:
    number, at = next(_numbers), now()
    provider = destinations.add_provider(name=f"Recorder {number}", by=INSTALLER, at=at)
    made = destinations.propose_destination(
        provider_id=provider.pk,
        ref=f"recorder-{number}",
        title=f"Recorder {number}",
        model_names=list(models),
        dialect=dialect,
        base_url=url,
        region="Here",
        hosting=hosting,
        stand_in=True,
        reply_check=check,
        by=INSTALLER,
        at=at,
    )
    destinations.set_terms(
        destination_id=made.pk,
        retention_days=0,
        trains_on_inputs=False,
        weights_owner=WeightsOwner.NONE_RESULT,
        cleared_for=cleared_for,
        price_in=1_000_000,
        price_out=2_000_000,
        by=INSTALLER,
        at=at,
    )
    if secret:
        destinations.set_provider_key(destination_id=made.pk, secret=secret, by=INSTALLER, at=at)
    destinations.open_destination(destination_id=made.pk, by=INSTALLER, at=at)
    return Destination.objects.get(pk=made.pk)


def dataset(classification=Classification.INTERNAL) -> Dataset:
    number = next(_numbers)
    unit = builders.organisation(at=now())
    return add_dataset(
        title=f"Dataset {number}", steward_unit_id=unit.pk, classification=classification, by=INSTALLER, at=now()
    )


@dataclass
class Builder:
    """A builder of one initiative with a key."""

    initiative: Initiative
    person: Any
    key_id: Any
    key: str


def builder(*, key_days: int = 30) -> Builder:
    number, at = next(_numbers), now()
    unit = builders.unit(f"Gateway unit {number}", at=at)
    lead = builders.person(Role.REQUESTER, unit, roles=[Role.BUILDER], name=f"Lea Lead {number}", at=at)
    by = builders.actor(lead)
    made = initiatives.propose_initiative(
        title=f"Letters {number}", purpose_text="Draft answers to letters.", unit_id=unit.pk, by=by, at=at
    )
    initiatives.move_initiative(initiative_id=made.pk, to=InitiativeState.PROPOSED, by=INSTALLER, at=at)
    initiatives.move_initiative(initiative_id=made.pk, to=InitiativeState.ACTIVE, by=INSTALLER, at=at)
    key, text = make_key(
        title="Tests", scope=f"initiative:{made.pk}", expires_at=at + timedelta(days=key_days), by=by, at=at
    )
    return Builder(made, lead, key.pk, text)


def grant(
    who: Builder,
    where: Destination,
    *,
    data: Dataset | None = None,
    sandbox: bool = False,
    mode: Mode = Mode.PROMPT,
    ends_at: datetime | None = None,
    state: str = GrantState.ACTIVE,
    tools: tuple[ToolRule, ...] = (),
    runs: RunCaps = USUAL_CAPS,
    **conditions: Any,
) -> Grant:
    """Return a grant laid straight into the tables: the way there, through a request and its approvals, is told in tests/stories."""
    at = now()
    with transaction.atomic():
        remit = Remit.objects.filter(initiative=who.initiative, sandbox=sandbox).first() or Remit.objects.create(
            initiative=who.initiative,
            version=next(_numbers),
            body={"tools": [rule.to_json() for rule in tools], "runs": runs.to_json()},
            state=RemitState.APPROVED,
            sandbox=sandbox,
            drafted_by=who.person,
            drafted_at=at,
        )
        made = Grant.objects.create(
            remit=remit,
            initiative=who.initiative,
            dataset=data or dataset(),
            purpose=Purpose.ASSIST_STAFF,
            mode=mode,
            destination=where,
            terms=where.terms.first(),
            conditions=conditions,
            state=state,
            starts_at=at - timedelta(minutes=5),
            ends_at=ends_at or at + timedelta(days=30),
        )
        record(EventKind.GRANT_ACTIVATED, subject=f"grant:{made.pk}", by=INSTALLER, at=at)
    return made


def granted_everywhere(recording: Recording, *, tools: tuple[ToolRule, ...] = ()) -> Builder:
    """Return the builder of an initiative that may use a recorder of each dialect."""
    who = builder()
    for dialect in BASES:
        grant(who, destination(recording.speaking(dialect), dialect=dialect, secret=PROVIDER_SECRET), tools=tools)
    return who


def client(gateway, key: str, *, kind=openai.OpenAI):
    return kind(base_url=f"{gateway.gateway}/openai/v1", api_key=key, max_retries=2)


def post(gateway, key, raw, *, path="/openai/v1/chat/completions", method="POST", headers=None, patience_s=10):
    """Return (status, headers, body) of one plain request."""
    reply = _asked(gateway, raw, path, method, {"Authorization": f"Bearer {key}", **(headers or {})}, patience_s)
    return reply.status, reply.headers, json.loads(reply.read())


def status_of(gateway, raw, *, path, headers):
    """Return the status of one plain request, its answer read to the end, whatever it is."""
    reply = _asked(gateway, raw, path, "POST", headers)
    reply.read()
    return reply.status


def reply_to(gateway, raw, path, key):
    """Return the answer to one plain request, not yet read."""
    return _asked(gateway, raw, path, "POST", {"Authorization": f"Bearer {key}"})


def _asked(gateway, raw, path, method, headers, patience_s=10):
    at = urlsplit(gateway.gateway)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=patience_s)
    connection.request(method, path, body=raw, headers={"Content-Type": "application/json", **headers})
    return connection.getresponse()


def revoke(who: Builder) -> None:
    revoke_key(key_id=who.key_id, by=builders.actor(who.person), at=now())


def revoke_grants(who: Builder) -> datetime:
    """Revoke every grant of the initiative and return when that was committed."""
    for each in Grant.objects.filter(initiative=who.initiative, state=GrantState.ACTIVE):
        remits.revoke_grant(grant_id=each.pk, reason="A synthetic reason.", by=INSTALLER, at=now())
    return now()


def until_closed(exchange_id) -> Exchange:
    """Return the exchange once its outcome is written, which is a moment after its last byte."""
    return wait_until(
        lambda: Exchange.objects.filter(pk=exchange_id, closed_at__isnull=False).first(), what="an outcome"
    )


@contextmanager
def connected_to_stack(running):
    """Let Django's connection be to the embedded database of `running`."""
    settings = connections.settings["default"]
    before = dict(settings)
    url = urlsplit(environment_of(running, "gateway")["DATABASE_URL"])
    secret = passwords(running.state / "keys")["app"]
    changed = {
        "NAME": url.path[1:],
        "USER": "remit_app",
        "PASSWORD": secret,
        "HOST": url.hostname,
        "PORT": str(url.port),
    }
    _switch(settings, changed)
    try:
        yield
    finally:
        _switch(settings, before)


def _switch(settings: dict, values: dict) -> None:
    connections["default"].close()
    settings.update(values)
    connections["default"].settings_dict.update(values)


def owner_address(running) -> str:
    """Return the address of the embedded database for its owner."""
    settings = connections.settings["default"]
    secret = passwords(running.state / "keys")["owner"]
    return f"postgresql://remit_owner:{secret}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


def set_read_only(running, *, on: bool) -> None:
    with psycopg.connect(owner_address(running), autocommit=True) as owner:
        owner.execute(f"ALTER ROLE remit_gateway SET default_transaction_read_only = {'on' if on else 'off'}")
    end_gateway_connections(running)


def end_gateway_connections(running) -> None:
    """End what the gateway has open: connections keep what they began with, and new ones see a change."""
    for pid in children_of(running.pid("postgres")):
        with suppress(FileNotFoundError, ProcessLookupError):  # it may have ended by itself
            if "remit_gateway" in Path(f"/proc/{pid}/cmdline").read_text():
                os.kill(pid, signal.SIGTERM)


def environment_of(running, name: str) -> dict[str, str]:
    """Return the environment a process of the stack was started with."""
    lines = Path(f"/proc/{running.pid(name)}/environ").read_bytes().decode().split("\0")
    return dict(line.split("=", 1) for line in lines if line)


def children_of(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def signal_all(pids: list[int], *, stop: bool) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP if stop else signal.SIGCONT)


def queue_length(running) -> int:
    url = environment_of(running, "gateway")["REDIS_URL"]
    return Redis.from_url(url).llen(REQUESTS)
