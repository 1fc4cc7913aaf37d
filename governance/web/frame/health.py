"""Whether this process lives, and whether it can do its work. Says nothing about the organisation."""

from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from governance.web.frame.access import public

SOON_S = 1.0


@public("Says that the process lives, nothing else.")
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django passes it
    return HttpResponse("ok\n", content_type="text/plain")


@public("Says what the process can reach, nothing about the organisation.")
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Answer 200 when all that a page needs answers, else 503; the body names each part and whether it did."""
    parts = {"database": _answers(_ask_database), "broker": _answers(_ask_broker)}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _answers(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except (DatabaseError, redis.RedisError, OSError):
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_broker() -> None:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=SOON_S, socket_connect_timeout=SOON_S) as broker:
        broker.ping()
