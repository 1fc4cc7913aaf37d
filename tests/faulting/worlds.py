"""A gateway with everything behind it that can fail, beside it one that leaks, and the providers that count what reaches them."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

import sending
from faulting.clients import waits
from faulting.surfaces import SURFACES
from governance.destinations.models import Destination, ProviderKey
from governance.stack.places import ROOT
from harness.processes import RunningRemit, wait_until

BAD_MODELS = ("stall-1", "drip-1", "truncate-1", "malformed-1", "busy-1", "quoting-1", "reset-1", "away-1")
TESTS = Path(__file__).parents[1]
READY_S = 60


@dataclass
class Misbehaving:
    """The provider of misbehaving.py, a process of its own."""

    folder: Path
    port: int
    process: subprocess.Popen = field(repr=False)

    @classmethod
    def start(cls, *certificate: str) -> "Misbehaving":
        port, folder = sending.free_port(), Path(tempfile.mkdtemp(prefix="remit-misbehaving-"))
        command = [sys.executable, str(TESTS / "misbehaving.py"), str(port), str(folder), *certificate]
        process = subprocess.Popen(command)
        sending.wait_for(port)
        return cls(folder, port, process)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(timeout=5)


@dataclass
class Beside:
    """A gateway of planted_gateway.py on the stack of another; it is told what is wrong with it by `environment`.

    `served` may name another application, and how it is served.
    """

    environment: dict[str, str]
    served: tuple[str, ...] = ("planted_gateway:application",)
    port: int = field(default_factory=sending.free_port)
    process: subprocess.Popen | None = field(default=None, repr=False)

    @property
    def gateway(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Beside":
        flags = ["--port", str(self.port), "--log-level", "critical", "--timeout-graceful-shutdown", "1"]
        command = [sys.executable, "-m", "uvicorn", *self.served, *flags]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stderr=subprocess.DEVNULL)
        return self

    def until_up(self) -> "Beside":
        """Wait until it serves, or has ended because it would not start."""
        wait_until(
            lambda: self.process.poll() is not None or _answers(self.gateway), within_s=READY_S, what="a gateway"
        )
        return self

    def pid(self) -> int:
        return self.process.pid

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=5)


def _answers(gateway: str) -> bool:
    return waits(gateway, "", "/healthz", b"", "")[0] is not None


@dataclass
class World:
    """`doors`: name -> whatever has the address of a gateway. "ours" is the product's, "leaky" has a hole.

    Without a worker of its own it is as well as it can be when both gateways are up.
    """

    running: RunningRemit
    recording: sending.Recording
    misbehaving: Misbehaving
    key: str
    leaky: Beside
    has_worker: bool

    @property
    def doors(self) -> dict[str, Any]:
        return {"ours": self.running, "leaky": self.leaky}

    def pids(self) -> list[int]:
        return [self.running.pid("gateway"), self.leaky.pid()]

    def environment(self, **changed: str) -> dict[str, str]:
        """Return the environment for another gateway on this stack."""
        folders = os.pathsep.join([str(ROOT), str(TESTS), *sys.path])
        return sending.environment_of(self.running, "gateway") | {"PYTHONPATH": folders} | changed

    @contextmanager
    def doors_with(self, **changed: str) -> Iterator[Mapping[str, Any]]:
        """Let two more gateways run, both with `changed` in their environment and one of them with the hole."""
        leak = {"LEAK_TO": str(self.misbehaving.port)}
        pair = {"ours": Beside(self.environment(**changed)), "leaky": Beside(self.environment(**changed, **leak))}
        try:
            for each in pair.values():
                each.start()
            for each in pair.values():
                each.until_up()
            yield pair
        finally:
            for each in pair.values():
                each.stop()

    def works(self) -> bool:
        """Say whether both gateways send what they are asked to, and so has what failed come back."""
        path, body = SURFACES[0].request("recorder-1", f"Is it well? {time.monotonic_ns()}")
        answers = [waits(door.gateway, self.key, path, body, "") for door in self.doors.values()]
        return all(status == 200 for status, _ in answers)

    def until_well(self, *, within_s: float = READY_S) -> None:
        """Wait for both gateways without a restart of either, but start the leaky one again when it was killed."""
        connection.close()  # it may be to a server that was killed

        def well() -> bool:
            if self.leaky.process.poll() is not None:  # a moment after it was killed it may not be known yet
                self.leaky.start().until_up()
            return not self.has_worker or self.works()

        wait_until(well, within_s=within_s, what="recovery without a restart of the gateway")

    def signal_doors(self, number: signal.Signals) -> None:
        for each in self.pids():
            os.kill(each, number)

    def bodies(self, *, since: float = 0.0) -> Iterator[bytes]:
        """Yield what reached a provider, `since` a time of the clock, in seconds."""
        for folder in (self.recording.folder, self.misbehaving.folder):
            for path in folder.glob("*.body"):
                if path.stat().st_mtime >= since:
                    yield path.read_bytes()


@contextmanager
def world_of(running: RunningRemit, recording: sending.Recording, *, has_worker: bool = True) -> Iterator[World]:
    """Let a stack, to whose database Django is connected, have a leaky gateway beside it and providers that fail."""
    misbehaving = Misbehaving.start()
    with tempfile.TemporaryDirectory() as folder:
        secure = Misbehaving.start(*self_signed(Path(folder)))
    world = World(running, recording, misbehaving, "", None, has_worker)
    world.leaky = Beside(world.environment(LEAK_TO=str(misbehaving.port))).start()
    try:
        world.key = _granted(recording, misbehaving, secure).key
        world.leaky.until_up()
        yield world
    finally:
        for each in (world.leaky, misbehaving, secure):
            each.stop()


def _granted(recording: sending.Recording, misbehaving: Misbehaving, secure: Misbehaving) -> sending.Builder:
    """Return a builder who may use, in each interface, providers that work and providers that fail in each way."""
    who, nobody = sending.builder(), sending.free_port()
    for dialect, base in sending.BASES.items():
        places = {
            recording.speaking(dialect): ("recorder-1",),
            f"http://127.0.0.1:{misbehaving.port}{base}": BAD_MODELS,
            f"http://127.0.0.1:{nobody}{base}": ("down-1",),
            f"https://127.0.0.1:{misbehaving.port}{base}": ("plain-1",),
            f"https://127.0.0.1:{secure.port}{base}": ("stranger-1",),
            f"https://nowhere.invalid{base}": ("nameless-1",),
        }
        for url, models in places.items():
            sending.grant(who, sending.destination(url, dialect=dialect, models=models))
        url = recording.speaking(dialect)
        locked = sending.destination(url, dialect=dialect, models=("locked-1",), secret=sending.PROVIDER_SECRET)
        _damage_key(locked)
        sending.grant(who, locked)
    return who


def _damage_key(of: Destination) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('audit.event_id', 'a planted fault', true)")
        ProviderKey.objects.filter(destination=of).update(sealed=b"\x00" * 96)


def self_signed(folder: Path) -> tuple[str, str]:
    """Return the files of a certificate that nobody vouches for, and of its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    today = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = made.not_valid_before(today).not_valid_after(today + timedelta(days=1)).sign(key, hashes.SHA256())
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    form, unsealed = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, unsealed))
    return str(certificate), str(secret)
