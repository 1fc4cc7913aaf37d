"""Start a worker: `celery -A governance.celery worker`."""

import ctypes
import logging.config
import os
import signal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings.base")

from celery.signals import setup_logging, worker_process_init
from django.conf import settings

from governance.work.queue import app

__all__ = ["app"]
PR_SET_PDEATHSIG = 1


# Before Celery's first word, which is a warning when it runs as root.
logging.config.dictConfig(settings.LOGGING)
logging.captureWarnings(True)


@setup_logging.connect
def keep_our_lines(**_celery_wants: object) -> None:
    """Answering keeps Celery from setting up logging of its own: its lines would not be JSON and would show task arguments."""


@worker_process_init.connect
def die_with_the_worker(**_celery_tells: object) -> None:
    """A child would otherwise outlive a killed worker: until its task ends, or for ever where it takes prompts or hangs."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
