"""A page works without script; with htmx only the named part of the same template goes back."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_part(request: HttpRequest) -> bool:
    """Return whether htmx asked for a part. Going back in history asks with the same header, but for the whole page."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def page_or_part(
    request: HttpRequest, template: str, part: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render `template`, or only its partial `part` when htmx asked. Caches keep the two apart by `Vary`."""
    wanted = f"{template}#{part}" if wants_part(request) else template
    response = render(request, wanted, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the reader to `url`: by the browser, or by htmx when it asked."""
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponse(status=303, headers={"Location": url})
