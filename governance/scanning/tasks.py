"""The processes that scan prompts: those of the worker's pool that has the queue of that name, and no others."""

import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from celery import current_app
from celery.signals import worker_process_init, worker_process_shutdown
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections

from governance.core.actors import WORKER
from governance.core.clock import now
from governance.core.sealing import KeyRing
from governance.detection.ruleset import Ruleset
from governance.scanning.channel import QUEUE
from governance.scanning.selectors import detectors_wanted
from governance.scanning.serving import ScanServer, connect
from governance.scanning.taking import Taker
from governance.work.services import beat

BEGIN_AGAIN_S = 1.0  # a hundred that fail within a second would end the worker
log = logging.getLogger(__name__)
_here: dict[str, Taker] = {}


@worker_process_init.connect
def _begin(**_of_celery: object) -> None:
    """Load the models before the first prompt, then take prompts. A process that cannot ends, and another tries."""
    if QUEUE not in current_app.amqp.queues.consume_from:
        return
    try:
        # Aside: when this is done Celery closes the database connection of its own thread, and closes its number a second time. By then
        # that could be the number of a connection which the threads that begin here have opened.
        with ThreadPoolExecutor(1) as aside:
            aside.submit(_serve).result()
    except Exception as fault:  # noqa: BLE001 - Celery would keep a process that takes nothing
        log.error("scan process cannot begin: %s", type(fault).__name__)  # noqa: TRY400 - a message may name a secret
        time.sleep(BEGIN_AGAIN_S)
        os._exit(os.EX_SOFTWARE)


def _serve() -> None:
    findings = KeyRing.load(settings.FINDINGS_KEY_FILE)
    server = ScanServer(
        client=connect(settings.REDIS_URL),
        ring=KeyRing.load(settings.PAYLOAD_KEY_FILE),
        findings_key=findings.key(findings.current),
        find_rulesets=_find_rulesets,
        beat=_beat,
    )
    try:
        server.start()
    finally:
        connections.close_all()  # of this thread, which ends
    taker = Taker(connect(settings.REDIS_URL), server.answer, most_kib=current_app.conf.worker_max_memory_per_child)
    _here[QUEUE] = taker
    taker.start()


@worker_process_shutdown.connect
def _end(**_of_celery: object) -> None:
    """What was taken is answered before the process ends."""
    if taker := _here.get(QUEUE):
        taker.end()


def _find_rulesets() -> list[Ruleset]:
    close_old_connections()
    return detectors_wanted()


def _beat(detail: dict[str, Any]) -> None:
    try:
        close_old_connections()
        beat(process=f"{os.uname().nodename}:{os.getpid()}", kind=QUEUE, detail=detail, by=WORKER, at=now())
    except DatabaseError as fault:
        log.warning("no heartbeat written: %s", type(fault).__name__)
