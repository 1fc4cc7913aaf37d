"""One JSON object a line, for every process. Nothing is redacted here because nothing secret is ever passed to a logger."""

import json
import logging
import os
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""Set at the door (web, gateway, task); the same id stands in the event, the error page and the reply."""


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Return one line: at (UTC), level, process, logger, text, and request_id and fault where there are any."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": os.environ.get("REMIT_PROCESS", "manage"),
            "logger": record.name,
            "text": record.getMessage(),
        }
        if request_id := REQUEST_ID.get():
            line["request_id"] = request_id
        if record.exc_info:
            line["fault"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def log_settings(level: str = "INFO") -> dict[str, Any]:
    """Return the dictConfig of every process: all loggers to stderr, uvicorn's own handlers off, no access log."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's default handlers would print a second, unstructured line.
            "django": {"handlers": [], "propagate": True},
            # An access line would hold the query string.
            "django.server": {"handlers": [], "propagate": False},
            "uvicorn": {"handlers": [], "propagate": True},
            "uvicorn.error": {"handlers": [], "propagate": True},
            "uvicorn.access": {"handlers": [], "propagate": False},
        },
    }
