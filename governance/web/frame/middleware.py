"""What surrounds every page: an id for the request, the reader's time zone, and one place where errors become pages."""

import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from governance.core.errors import DomainError, Invalid
from governance.core.ids import uuid7
from governance.core.log import REQUEST_ID as REQUEST_ID_OF_LOG
from governance.web.frame import errors

Answer = Callable[[HttpRequest], HttpResponse]

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
ZONE = re.compile(r"[A-Za-z0-9_+/-]{1,64}")


class RequestId:
    """Give each request an id, kept from a proxy that set one, and send it back."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        name = given if REQUEST_ID.fullmatch(given) else str(uuid7())
        request.request_id = name  # type: ignore[attr-defined]
        token = REQUEST_ID_OF_LOG.set(name)
        try:
            response = self.get_response(request)
        finally:
            REQUEST_ID_OF_LOG.reset(token)
        response["X-Request-Id"] = name
        return response


class ReadersZone:
    """Show times in the reader's zone: what their browser told us, else UTC."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(known_zone(request.COOKIES.get("zone", ""))):
            return self.get_response(request)


class ErrorPages:
    """Answer the domain's refusals with a page. Everything else is a fault and goes to handler500."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return errors.wrong_method(request, self.get_response(request))

    def process_view(self, request: HttpRequest, *_of_view: object) -> HttpResponse | None:
        """Refuse what no browser sends and no row can hold, before a page meets it. REST has its own readers."""
        if request.path.startswith("/api/"):
            return None
        wrong = next((name for name, values in request.POST.lists() if any("\0" in value for value in values)), None)
        if wrong is None:
            return None
        said = Invalid(
            "nul_character", f"{wrong} holds a NUL character.", field=wrong, remedy="Take it out and send it again."
        )
        return errors.page(request, said)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return errors.page(request, error) if isinstance(error, DomainError) else None


def known_zone(name: str) -> ZoneInfo:
    """Return the zone called `name`, or UTC when this machine knows no such zone (`name` comes from a cookie)."""
    if ZONE.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            pass
    return ZoneInfo("UTC")
