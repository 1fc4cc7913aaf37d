"""How a reader wants to see Remit. Kept in their browser, not with us."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from governance.web.frame.access import public

THEMES = {"auto": "Auto", "light": "Light", "dark": "Dark"}
SHORTCUTS = ("on", "off")
YEAR_S = 31_536_000


def local_url(request: HttpRequest, url: str, otherwise: str = "/") -> str:
    """Return `url` when it leads to this site, so that no link can send a reader elsewhere."""
    own = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if own else otherwise


def shortcuts_on(request: HttpRequest) -> bool:
    """Return whether single keys do something for this reader: unless they turned them off (WCAG 2.2, 2.1.4)."""
    return request.COOKIES.get("shortcuts") != "off"


@public("A colour scheme tells nothing about anybody.")
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    return _kept(request, "theme", request.POST.get("theme", "auto"), tuple(THEMES))


@public("Whether keys do something tells nothing about anybody.")
@require_POST
def shortcuts(request: HttpRequest) -> HttpResponse:
    return _kept(request, "shortcuts", request.POST.get("shortcuts", ""), SHORTCUTS)


def _kept(request: HttpRequest, name: str, chosen: str, known: tuple[str, ...]) -> HttpResponse:
    """Keep a choice in the browser for a year, unless it is none of `known`, and go back to where it was made."""
    response = redirect(local_url(request, request.POST.get("next", "")))
    if chosen in known:
        response.set_cookie(name, chosen, max_age=YEAR_S, samesite="Lax", secure=request.is_secure())
    return response
