"""Our refusals and faults in Anthropic's error shape."""

from typing import Any

from governance.core.errors import DomainError
from governance.gateway.dialects.next_steps import next_step
from governance.gateway.dialects.refusals import message_of, status_of

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    502: "api_error",
    503: "api_error",
}
EVENT = "error"


def body_of(error: DomainError, *, request_id: str, link: str = "") -> dict[str, Any]:
    """Return the body, which is also that of the event that ends a stream; our own fields stand beside Anthropic's two."""
    told = {"type": TYPES[status_of(error)], "message": message_of(error, link=link)}
    ours = {"code": error.code, "param": error.field or None, "remedy": next_step(error), "link": link or None}
    # Where the official client looks for a code to branch on.
    details = {"error_code": error.code}
    return {"type": "error", "error": {**told, **ours, "details": details}, "request_id": request_id}
