"""Every page states who may open it; a guard test finds the ones that do not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Access:
    """What a view states: a permission, or the reason why it needs none."""

    permission: str = ""
    step_up: bool = False
    public: str = ""


def public(reason: str) -> Callable[[View], View]:
    """Open a page to everybody, signed in or not. `reason` says why that gives nothing away."""

    def opened(view: View) -> View:
        stated: Any = view
        stated.access = Access(public=reason)
        return view

    return opened


def request_id_of(request: HttpRequest) -> str:
    """Return the id that ties this request's events, log lines and pages together; "" before the middleware ran."""
    return getattr(request, "request_id", "")
