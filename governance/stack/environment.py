"""What each process is told: its own database login and only the keys it needs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from governance.stack import keys
from governance.stack.databases import Databases
from governance.stack.places import MODELS, State

KEY_FILES = {
    "REMIT_STORAGE_KEY_FILE": keys.STORAGE,
    "REMIT_PAYLOAD_KEY_FILE": keys.PAYLOAD,
    "REMIT_FINDINGS_KEY_FILE": keys.FINDINGS,
    "REMIT_PLACEHOLDER_KEY_FILE": keys.PLACEHOLDER,
    "REMIT_GATEWAY_PRIVATE_KEY_FILE": keys.GATEWAY_PRIVATE,
    "REMIT_GATEWAY_PUBLIC_KEY_FILE": keys.GATEWAY_PUBLIC,
    "REMIT_PERMIT_PRIVATE_KEY_FILE": keys.PERMIT_PRIVATE,
    "REMIT_PERMIT_PUBLIC_KEY_FILE": keys.PERMIT_PUBLIC,
    "REMIT_WEBHOOK_KEY_FILE": keys.WEBHOOK,
}
(
    STORAGE,
    PAYLOAD,
    FINDINGS,
    PLACEHOLDER,
    GATEWAY_PRIVATE,
    GATEWAY_PUBLIC,
    PERMIT_PRIVATE,
    PERMIT_PUBLIC,
    WEBHOOK,
) = KEY_FILES
NEEDS = {
    "web": (STORAGE, PAYLOAD, FINDINGS, GATEWAY_PUBLIC, PERMIT_PRIVATE, PERMIT_PUBLIC, WEBHOOK),
    "gateway": (STORAGE, PAYLOAD, FINDINGS, PLACEHOLDER, GATEWAY_PRIVATE, GATEWAY_PUBLIC, PERMIT_PUBLIC),
    "worker": (STORAGE, PAYLOAD, FINDINGS, GATEWAY_PUBLIC, PERMIT_PRIVATE, PERMIT_PUBLIC),
    "outbound": (STORAGE, PAYLOAD, FINDINGS, GATEWAY_PUBLIC, PERMIT_PRIVATE, PERMIT_PUBLIC, WEBHOOK),
    "clock": (),
    "sequencer": (),
}
LOGIN = {
    "web": "app",
    "gateway": "gateway",
    "worker": "app",
    "outbound": "app",
    "clock": "app",
    "sequencer": "sequencer",
}
# Never handed on: every other login's address.
WITHHELD = {"DATABASE_OWNER_URL", "DATABASE_GATEWAY_URL", "DATABASE_SEQUENCER_URL", *KEY_FILES}
MAIL = "REMIT_MAIL_URL"  # it holds the mail server's password
MAILS = {"outbound"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One stack: where it keeps things and what its processes connect to."""

    state: State
    databases: Databases
    redis_url: str
    web: str
    gateway: str
    demo: bool
    stand_in: str = ""  # where the demo's stand-in provider answers


def environment_of(kind: str, setting: Setting, *, name: str, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the whole environment of a process of `kind` (web, gateway, worker, outbound, clock, sequencer) called `name`."""
    files = {variable: str(setting.state.keys / KEY_FILES[variable]) for variable in NEEDS[kind]}
    withheld = WITHHELD if kind in MAILS else WITHHELD | {MAIL}
    kept = {key: value for key, value in base.items() if key not in withheld}
    return (
        kept
        | files
        | _common(setting)
        | {"DATABASE_URL": getattr(setting.databases, LOGIN[kind]), "REMIT_PROCESS": name}
    )


def _common(setting: Setting) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "governance.settings.base",
        "REDIS_URL": setting.redis_url,
        "REMIT_SECRET_KEY": (setting.state.keys / keys.SESSION).read_text().strip(),
        "REMIT_STATE": str(setting.state.folder),
        "REMIT_DEMO": "on" if setting.demo else "off",
        "REMIT_WEB_URL": setting.web,
        "REMIT_GATEWAY_URL": setting.gateway,
        **({"REMIT_STAND_IN_URL": setting.stand_in} if setting.stand_in else {}),
        "REMIT_MODELS": str(MODELS),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(MODELS), os.environ.get("PYTHONPATH", "")])),
        "PYTHONUNBUFFERED": "1",
        # One thread each: the workers are many processes on few cores.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
