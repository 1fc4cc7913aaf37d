"""Our refusals and faults in OpenAI's error shape."""

from typing import Any

from governance.core.errors import DomainError
from governance.gateway.dialects.next_steps import next_step
from governance.gateway.dialects.refusals import message_of, status_of

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "invalid_request_error",
    413: "invalid_request_error",
    429: "rate_limit_error",
    502: "provider_error",
    503: "service_unavailable_error",
}


def body_of(error: DomainError, *, request_id: str, link: str = "") -> dict[str, Any]:
    """Return the body: OpenAI's four fields, and the request id, the remedy and the link to the exchange beside them.

    As the last event of a stream it has the same form; no [DONE] follows, so a client cannot take the answer for whole.
    """
    return {
        "error": {
            "message": message_of(error, link=link),
            "type": TYPES[status_of(error)],
            "param": error.field or None,
            "code": error.code,
            "request_id": request_id,
            "remedy": next_step(error),
            "link": link or None,
        }
    }
