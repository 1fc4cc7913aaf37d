"""Refusals become pages: what happened, why, what to do next, and the id to quote. Parts of a page get a part."""

from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string

from governance.core.clock import now
from governance.core.errors import DomainError, NotAllowed, NotFound, TooLarge
from governance.organisation.services import refuse_attempt
from governance.web.frame.access import actor_of, request_id_of
from governance.web.frame.htmx import go, page_or_part, wants_part
from governance.web.frame.kept import move
from governance.web.frame.landing import is_guarded, page_above
from governance.web.frame.style import style_url

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

WRONG_METHOD = DomainError(
    "wrong_method",
    "This address does not take what was sent to it. Nothing was done.",
    remedy="Open the page above it, and use the form or the link there.",
)
UNREADABLE = DomainError(
    "unreadable",
    "What the browser sent cannot be read. Nothing was done.",
    remedy="Check the address, reload the page and send it again. If it stays, tell your platform team the number below.",
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


def wrong_method(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return `response` unless it is Django's bare 405.

    Who opens the address of an act, by reloading or after saying who they are, lands on the page where it can be done,
    with the words that were kept; anything else gets a page that says so. REST has its own answer.
    """
    if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.path.startswith("/api/"):
        return response
    above = page_above(request.path)
    if request.method in ("GET", "HEAD") and is_guarded(request.path):
        move(request, above)
        return go(request, above)
    said = bare(request, WRONG_METHOD, title="Not in this way", status=HTTPStatus.METHOD_NOT_ALLOWED, back=above)
    said["Allow"] = response["Allow"]
    return said


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django itself would not read: too large a form, too many fields, an address with another host's name."""
    if isinstance(exception, RequestDataTooBig):
        most = f"A form has at most {filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)}."
        remedy = "Go back, shorten what you wrote, and send it again. Training sets have a page of their own for large files."
        too_large = TooLarge("form_too_large", f"{most} Nothing was kept.", remedy=remedy)
        return bare(request, too_large, title=TITLES["too_large"], status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        most = f"A form has at most {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields and {settings.DATA_UPLOAD_MAX_NUMBER_FILES:,} files."
        many = TooLarge(
            "too_many_fields", f"{most} Nothing was kept.", remedy="Go back, choose fewer, and send it again."
        )
        return bare(request, many, title=TITLES["too_large"], status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return bare(request, UNREADABLE, title=TITLES["invalid"], status=HTTPStatus.BAD_REQUEST)


def bare(request: HttpRequest, error: DomainError, *, title: str, status: int, back: str = "/") -> HttpResponse:
    """Return a page without the reader's hats and counts: for what is answered before anybody asked who they are."""
    context = {"error": error, "title": title, "request_id": request_id_of(request), "back": back}
    return render(request, "errors/bare.html", context, status=status)


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Django found no valid token in a form: an old tab, a lost cookie, or another site. `reason` is for the log only."""
    error = DomainError(
        "form_expired", "This form is too old to be sent.", remedy="Go back, reload the page and send it again."
    )
    return bare(request, error, title="Please send this again", status=HTTPStatus.FORBIDDEN)


def fault(request: HttpRequest) -> HttpResponse:
    """Something broke. Rendered without context processors: they may need what just broke."""
    text = render_to_string("errors/fault.html", {"request_id": request_id_of(request), "style_url": style_url()})
    return HttpResponse(text, status=500)
