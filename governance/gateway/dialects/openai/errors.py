"""Our refusals and faults in OpenAI's error shape.

The official clients send a request again on 408, 409, 429 and 5xx unless `x-should-retry: false` stands in the reply; a refused
prompt that is sent again is a second leak attempt, so no refusal has such a status and every error carries the header.
"""

import json
from typing import Any

from governance.core.errors import DomainError

STATUS = {
    "invalid": 400,
    "conflict": 400,
    "not_signed_in": 401,
    "not_allowed": 403,
    "too_many": 403,
    "not_found": 404,
    "too_large": 413,
    "unavailable": 503,
}
TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "invalid_request_error",
    413: "invalid_request_error",
    502: "provider_error",
    503: "service_unavailable_error",
}
PROVIDER_FAULTS = frozenset({"provider_unreachable", "provider_refused_key", "provider_redirects", "provider_address"})


def status_of(error: DomainError) -> int:
    return 502 if error.code in PROVIDER_FAULTS else STATUS[error.kind]


def body_of(error: DomainError, *, request_id: str, link: str = "") -> dict[str, Any]:
    """Return the body: OpenAI's four fields, and the request id, the remedy and the link to the exchange beside them."""
    sentences = [error.reason, error.remedy, f"See {link}" if link else ""]
    return {
        "error": {
            "message": " ".join(filter(None, sentences)),
            "type": TYPES[status_of(error)],
            "param": error.field or None,
            "code": error.code,
            "request_id": request_id,
            "remedy": error.remedy,
            "link": link or None,
        }
    }


def reply_of(error: DomainError, *, request_id: str, link: str = "") -> bytes:
    return json.dumps(body_of(error, request_id=request_id, link=link), ensure_ascii=False).encode()


def event_of(error: DomainError, *, request_id: str, link: str = "") -> bytes:
    """Return the event that ends a stream early; no [DONE] follows, so a client cannot take the answer for whole."""
    return b"data: " + reply_of(error, request_id=request_id, link=link) + b"\n\n"
