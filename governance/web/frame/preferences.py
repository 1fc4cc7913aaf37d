"""How a reader wants to see Remit. Kept in their browser, not with us."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from governance.web.frame.access import public

THEMES = {"auto": "Auto", "light": "Light", "dark": "Dark"}
YEAR_S = 31_536_000


def local_url(request: HttpRequest, url: str, otherwise: str = "/") -> str:
    """Return `url` when it leads to this site, so that no link can send a reader elsewhere."""
    own = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if own else otherwise


@public("A colour scheme tells nothing about anybody.")
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    response = redirect(local_url(request, request.POST.get("next", "")))
    chosen = request.POST.get("theme", "auto")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR_S, samesite="Lax", secure=request.is_secure())
    return response
