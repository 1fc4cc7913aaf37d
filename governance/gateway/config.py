"""The gateway's settings, typed and complete: what it needs and does not find stops the start."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from psycopg.conninfo import make_conninfo

from governance.core.errors import Invalid
from governance.core.shares import ALONE
from governance.gateway.admitting.admission import Bounds
from governance.scanning.rules import Deadlines


@dataclass(frozen=True, slots=True)
class Config:
    """`database` is a conninfo string; sizes are bytes. `loopback_allowed` holds in demo mode and tests only."""

    database: str
    redis_url: str
    web_url: str
    gateway_url: str
    largest_body: int
    largest_set: int
    largest_uploads: int
    largest_reply_held: int
    deadlines: Deadlines
    upstream_timeout_s: float
    bounds: Bounds
    loopback_allowed: bool
    payload_key: Path
    findings_key: Path
    placeholder_key: Path
    private_key: Path
    permit_key: Path
    storage_key: Path
    holds: Path


def config() -> Config:
    return Config(
        database=_conninfo(),
        redis_url=settings.REDIS_URL,
        web_url=settings.WEB_URL.rstrip("/"),
        gateway_url=settings.GATEWAY_URL.rstrip("/"),
        largest_body=settings.GATEWAY_LARGEST_BODY,
        largest_set=settings.TRAINING_LARGEST_SET,
        largest_uploads=settings.GATEWAY_LARGEST_UPLOADS,
        largest_reply_held=settings.GATEWAY_LARGEST_REPLY_HELD,
        deadlines=Deadlines(
            settings.SCAN_BASE_DEADLINE_S,
            settings.SCAN_DEADLINE_S_PER_KIB,
            settings.SCAN_LONGEST_DEADLINE_S,
            settings.GATEWAY_LARGEST_UNCACHED_TEXT,
        ),
        upstream_timeout_s=settings.GATEWAY_UPSTREAM_TIMEOUT_S,
        bounds=_bounds(),
        loopback_allowed=settings.GATEWAY_LOOPBACK_ALLOWED,
        payload_key=settings.PAYLOAD_KEY_FILE,
        findings_key=settings.FINDINGS_KEY_FILE,
        placeholder_key=settings.PLACEHOLDER_KEY_FILE,
        private_key=settings.GATEWAY_PRIVATE_KEY_FILE,
        permit_key=settings.PERMIT_PUBLIC_KEY_FILE,
        storage_key=settings.STORAGE_KEY_FILE,
        holds=settings.STATE_DIR / "holds",
    )


def _bounds() -> Bounds:
    """Return how much may be under way at once. Raises Invalid where the largest body would have no room, even alone."""
    if settings.GATEWAY_LARGEST_BODIES_HELD * ALONE < settings.GATEWAY_LARGEST_BODY:
        raise Invalid("room_for_no_body", "GATEWAY_LARGEST_BODIES_HELD is less than twice GATEWAY_LARGEST_BODY.")
    return Bounds(
        settings.GATEWAY_MOST_IN_FLIGHT,
        settings.GATEWAY_MOST_IN_FLIGHT_PER_UNIT,
        settings.GATEWAY_MOST_IN_FLIGHT_PER_KEY,
        settings.GATEWAY_LARGEST_BODIES_HELD,
        settings.GATEWAY_LONGEST_WAIT_S,
    )


def _conninfo() -> str:
    found = settings.DATABASES["default"]
    return make_conninfo(
        dbname=found["NAME"],
        user=found["USER"],
        password=found["PASSWORD"],
        host=found["HOST"],
        port=found["PORT"],
        **{**found["OPTIONS"], "connect_timeout": 2, "application_name": "remit gateway"},
    )
