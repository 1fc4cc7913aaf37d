"""One form for everything that is refused over REST: problem details.

Source: RFC 9457. `type` is a relative reference that ends in our stable code; `field` and `remedy` are extension members.
"""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from governance.core.actors import Actor
from governance.core.clock import now
from governance.core.errors import DomainError, NotAllowed
from governance.organisation.services import refuse_attempt

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
MEDIA_TYPE = "application/problem+json"


class ProblemResponse(Response):
    """Its body is rendered as JSON and labelled as what it is."""

    def __init__(self, problem: dict[str, Any], *, status: int, headers: dict[str, str] | None = None) -> None:
        super().__init__(problem, status=status, headers=headers, content_type=MEDIA_TYPE)


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    field: str = "",
    remedy: str = "",
    errors: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """Return the body of one refusal. `errors` lists every field at fault: {"field", "code", "detail"}."""
    body: dict[str, Any] = {
        "type": f"/errors/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    body |= {name: value for name, value in (("field", field), ("remedy", remedy)) if value}
    return body | ({"errors": errors} if errors else {})


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Map an exception of a view to its problem; None lets an unknown one become a 500 with nothing of it shown.

    A refusal rolled its transaction back, so that somebody was refused is written down in a transaction of its own.
    """
    answer = _answer(error)
    if answer is None:
        return None
    request = context["request"]
    answer.data["request_id"] = getattr(request._request, "request_id", "")  # noqa: SLF001 - DRF wraps it
    if isinstance(error, NotAllowed) and request.user.is_authenticated:
        by = Actor.of_person(request.user.pk, request.user.name, request_id=answer.data["request_id"])
        refuse_attempt(error=error, door="api", subject=request.path, by=by, at=now())
    return answer


def not_found(request: HttpRequest) -> JsonResponse:
    """Answer for an address under /api that does not exist, or whose ids are of the wrong form."""
    body = problem(404, "not_found", "There is no such thing, or it is not yours to see.")
    body["request_id"] = getattr(request, "request_id", "")
    return JsonResponse(body, status=404, content_type=MEDIA_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Answer for what Django would not read: too large a body, too many fields, an address with another host's name."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        remedy = "Send less at once; large files go by an upload ticket."
        body = problem(413, "body_too_large", "The body is too large, or has too many fields.", remedy=remedy)
    else:
        body = problem(400, "unreadable", "The request cannot be read.", remedy="Check its address and its headers.")
    body["request_id"] = getattr(request, "request_id", "")
    return JsonResponse(body, status=body["status"], content_type=MEDIA_TYPE)


def _answer(error: Exception) -> ProblemResponse | None:
    match error:
        case DomainError():
            status = STATUS[error.kind]
            body = problem(status, error.code, error.reason, field=error.field, remedy=error.remedy)
            headers = {"Retry-After": "1"} if status in {429, 503} else None
            return ProblemResponse(body, status=status, headers=headers)
        case exceptions.ValidationError():
            errors = list(_fields(error.get_full_details()))
            first = errors[0]
            body = problem(
                400, "wrong_input", f"{first['field']}: {first['detail']}", field=first["field"], errors=errors
            )
            return ProblemResponse(body, status=400)
        case Http404():
            return ProblemResponse(
                problem(404, "not_found", "There is no such thing, or it is not yours to see."), status=404
            )
        case PermissionDenied():
            return ProblemResponse(problem(403, "not_permitted", "You may not do this."), status=403)
        case exceptions.APIException():
            return _of_the_framework(error)
        case _:
            return None


def _of_the_framework(error: exceptions.APIException) -> ProblemResponse:
    code = error.get_codes()
    body = problem(error.status_code, str(code) if isinstance(code, str) else "wrong_input", str(error.detail))
    headers = {}
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="remit"'
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(int(getattr(error, "wait", None) or 0) + 1)
    return ProblemResponse(body, status=error.status_code, headers=headers)


def _fields(details: Any, path: str = "") -> list[dict[str, str]]:
    """Flatten DRF's nested details into one row per fault, each naming its field as `grants[2].ends`."""
    if isinstance(details, dict) and {"message", "code"} == set(details):
        return [{"field": path or "body", "code": str(details["code"]), "detail": str(details["message"])}]
    if isinstance(details, dict):
        return [row for key, inner in details.items() for row in _fields(inner, _joined(path, str(key)))]
    rows: list[dict[str, str]] = []
    for place, inner in enumerate(details):
        single = isinstance(inner, dict) and {"message", "code"} == set(inner)
        rows += _fields(inner, path if single else f"{path}[{place}]")
    return rows


def _joined(path: str, key: str) -> str:
    if key == "non_field_errors":
        return path
    return f"{path}.{key}" if path else key
