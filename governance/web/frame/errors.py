"""Refusals become pages: what happened, why, what to do next, and the id to quote. Parts of a page get a part."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from governance.core.clock import now
from governance.core.errors import DomainError, NotAllowed, NotFound
from governance.organisation.services import refuse_attempt
from governance.web.frame.access import actor_of, request_id_of
from governance.web.frame.htmx import page_or_part, wants_part

STATUS = {
    "not_signed_in": 401,
    "not_allowed": 403,
    "not_found": 404,
    "conflict": 409,
    "too_large": 413,
    "invalid": 422,
    "too_many": 429,
    "slow_down": 429,
    "unavailable": 503,
}
TITLES = {
    "not_signed_in": "Please sign in",
    "not_allowed": "You may not do this",
    "not_found": "This is not here",
    "conflict": "Somebody was here before you",
    "too_large": "This is too large",
    "invalid": "This cannot be taken as it is",
    "too_many": "Too many at once",
    "slow_down": "Too many at once",
    "unavailable": "This cannot be done right now",
}
NOT_FOUND = NotFound(
    "no_such_page",
    "There is no such page, or it is not yours to see.",
    remedy="Check the address, or start again from the first page.",
)


def page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the page of a refusal; for htmx its part, put where every page has room for notices.

    What a signed-in person was not allowed to do is written down first, in a transaction of its own.
    """
    if isinstance(error, NotAllowed) and request.user.is_authenticated:
        refuse_attempt(error=error, door="web", subject=request.path, by=actor_of(request), at=now())
    context = {"error": error, "title": TITLES[error.kind], "request_id": request_id_of(request)}
    response = page_or_part(request, "errors/refusal.html", "refusal", context, status=STATUS[error.kind])
    if wants_part(request):
        response["HX-Retarget"] = "#notice"
        response["HX-Reswap"] = "innerHTML show:window:top"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it
    return page(request, NOT_FOUND)


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Django found no valid token in a form: an old tab, a lost cookie, or another site. `reason` is for the log only."""
    error = DomainError(
        "form_expired", "This form is too old to be sent.", remedy="Go back, reload the page and send it again."
    )
    return render(
        request,
        "errors/bare.html",
        {"error": error, "title": "Please send this again", "request_id": request_id_of(request)},
        status=403,
    )


def fault(request: HttpRequest) -> HttpResponse:
    """Something broke. Rendered without context processors: they may need what just broke."""
    text = render_to_string("errors/fault.html", {"request_id": request_id_of(request)})
    return HttpResponse(text, status=500)
