"""Start a worker: `celery -A governance.celery worker`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings.base")

from governance.work.queue import app

__all__ = ["app"]
