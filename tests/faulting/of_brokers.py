"""Faults of the broker, through which every scan goes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from redis import Redis, RedisError

import sending
from faulting.fault import LATE, Fault, frozen, killed
from faulting.worlds import World
from governance.scanning.channel import QUEUE, REQUESTS

DOWN = ("broker_down", *LATE)
PASSWORD = "a synthetic other password"


def _client(world: World) -> Redis:
    return Redis.from_url(sending.environment_of(world.running, "gateway")["REDIS_URL"], socket_timeout=5)


@contextmanager
def _full(world: World) -> Iterator[None]:
    with _client(world) as client:
        client.config_set("maxmemory", "1")
        try:
            yield
        finally:
            client.config_set("maxmemory", "0")


@contextmanager
def _read_only(world: World) -> Iterator[None]:
    with _client(world) as client:
        client.execute_command("REPLICAOF", "127.0.0.1", "1")
        try:
            yield
        finally:
            client.execute_command("REPLICAOF", "NO", "ONE")


@contextmanager
def _slow(world: World) -> Iterator[None]:
    with _client(world) as client:
        client.execute_command("CLIENT", "PAUSE", "4000", "ALL")
    yield


@contextmanager
def _changed_password(world: World) -> Iterator[None]:
    with _client(world) as client:
        before = client.config_get("requirepass")["requirepass"]
        client.config_set("requirepass", PASSWORD)
        client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        try:
            yield
        finally:
            client.config_set("requirepass", before)


def _wipe(world: World) -> None:
    with _client(world) as client:
        client.flushall()


def _swap_texts(world: World) -> None:
    """Give every scan that waits the text of another."""
    with _client(world) as client:
        keys = client.keys("remit:scan:payload:*")
        texts = client.mget(keys)
        for key, text in zip(keys, [*texts[1:], *texts[:1]], strict=True):
            if text is not None:
                client.set(key, text, keepttl=True)


def _litter(world: World) -> None:
    """Put what is no answer into every list of answers."""
    with _client(world) as client, suppress(RedisError):
        for _ in range(20):
            for key in client.keys("remit:scan:replies:*"):
                client.rpush(key, b"no answer at all")
            time.sleep(0.02)


@contextmanager
def _littered(world: World) -> Iterator[None]:
    """Put what is no scan where scans wait, and what is no message where Celery's do, which ends the worker."""
    with _client(world) as client:
        client.lpush(REQUESTS, b"no request at all", b"\xff\x00")
        client.lpush(QUEUE, b"no message at all")
    yield


FAULTS = (
    Fault("broker: killed", killed("valkey"), codes=DOWN, quick=True),
    Fault("broker: frozen", frozen("valkey"), codes=DOWN, quick=True),
    Fault("broker: wiped in the middle", frozen("interactive"), _wipe, codes=DOWN, quick=True),
    Fault("broker: full", _full, codes=DOWN, quick=True),
    Fault("broker: read-only", _read_only, codes=DOWN),
    Fault("broker: slow", _slow, codes=DOWN),
    Fault("broker: another password", _changed_password, codes=DOWN),
    Fault("broker: texts swapped", frozen("interactive"), _swap_texts, codes=DOWN),
    # The worker goes on while its prompts still wait: what it answers then counts, and what is no answer does not.
    Fault("broker: rubbish among answers", frozen("interactive"), _litter, statuses=frozenset({200, 503})),
    Fault("broker: rubbish in the queue", _littered, statuses=frozenset({200, 503})),
)
