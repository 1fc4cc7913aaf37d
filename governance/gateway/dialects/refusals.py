"""What all dialects share when something is refused or fails: the status and the sentences. Pure.

The official clients send a request again on 408, 409, 429 and 5xx unless `x-should-retry: false` stands in the reply; a refused
prompt that is sent again is a second leak attempt, so no refusal has such a status and every error carries the header. What was
turned away before it was read, because too much came at once, may be sent again, and the reply says when.
"""

import math

from governance.core.errors import Busy, DomainError, SlowDown
from governance.gateway.dialects.next_steps import next_step

STATUS = {
    "invalid": 400,
    "conflict": 400,
    "not_signed_in": 401,
    "not_allowed": 403,
    "too_many": 403,
    "slow_down": 429,
    "not_found": 404,
    "too_large": 413,
    "unavailable": 503,
}
PROVIDER_FAULTS = frozenset(
    {"provider_unreachable", "provider_refused_key", "provider_refused_file", "provider_redirects", "provider_address"}
)


def status_of(error: DomainError) -> int:
    return 502 if error.code in PROVIDER_FAULTS else STATUS[error.kind]


def retry_headers(error: DomainError) -> dict[str, str]:
    """Return what tells a client whether to send the same again, and after how many seconds."""
    if isinstance(error, SlowDown | Busy):
        return {"x-should-retry": "true", "retry-after": str(max(1, math.ceil(error.retry_after_s)))}
    return {"x-should-retry": "false"}


def message_of(error: DomainError, *, link: str = "") -> str:
    """Return the reason, what to do next and where to read more, as one text for people."""
    return " ".join(filter(None, [error.reason, next_step(error), f"See {link}" if link else ""]))
