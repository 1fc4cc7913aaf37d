"""The door of the interactive scan worker. Early ack and no redelivery: a prompt that kills its worker must not come back."""

import logging
import os
from typing import Any

from celery import current_app, shared_task
from celery.signals import worker_process_init
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from governance.core.actors import WORKER
from governance.core.clock import now
from governance.core.sealing import KeyRing
from governance.detection.ruleset import Ruleset
from governance.scanning.channel import QUEUE
from governance.scanning.selectors import detectors_wanted
from governance.scanning.serving import ScanServer, connect
from governance.work.services import beat

log = logging.getLogger(__name__)
_here: dict[str, ScanServer] = {}


@shared_task(name="scan.interactive")
def scan_interactive(*, request_id: str, **_later: object) -> None:
    """Scan the text sealed under `request_id` and answer whoever asked."""
    _server().answer(request_id)


@worker_process_init.connect
def _load_early(**_of_celery: object) -> None:
    """Load the models before the first prompt, in the processes that serve prompts and in no other."""
    if QUEUE in current_app.amqp.queues.consume_from:
        _server()


def _server() -> ScanServer:
    if QUEUE not in _here:
        findings = KeyRing.load(settings.FINDINGS_KEY_FILE)
        _here[QUEUE] = ScanServer(
            client=connect(settings.REDIS_URL),
            ring=KeyRing.load(settings.PAYLOAD_KEY_FILE),
            findings_key=findings.key(findings.current),
            find_rulesets=_find_rulesets,
            beat=_beat,
        )
        _here[QUEUE].start()
    return _here[QUEUE]


def _find_rulesets() -> list[Ruleset]:
    close_old_connections()
    return detectors_wanted()


def _beat(detail: dict[str, Any]) -> None:
    try:
        close_old_connections()
        beat(process=f"{os.uname().nodename}:{os.getpid()}", kind=QUEUE, detail=detail, by=WORKER, at=now())
    except DatabaseError as fault:
        log.warning("no heartbeat written: %s", type(fault).__name__)
