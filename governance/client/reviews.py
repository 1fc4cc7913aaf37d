"""Tells Remit what a person did with a model's answer. One file; nothing but Python.

    from governance.client.reviews import report_review

    report_review("https://gateway.example.com", key, exchange=answer_headers["x-remit-exchange"], outcome="edited",
                  shown_at=shown_at, decided_at=decided_at, reviewer="m.okafor")

The same report may be sent again, and another report of the same answer amends it: what was said before stays readable.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

PATIENCE_S, LARGEST_ANSWER_BYTES = 10, 64 * 1024
OUTCOMES = ("accepted", "edited", "rejected")


class ReportRefused(Exception):
    """The report was not written down. `status` is that of HTTP, 0 when nobody answered: then it may be sent again."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def report_review(
    gateway: str,
    key: str,
    *,
    exchange: str,
    outcome: str,
    shown_at: datetime,
    decided_at: datetime,
    reviewer: str,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Report one look at one answer and return what was written down.

    `exchange` is the header `x-remit-exchange` of the answer; the times carry their zone. `headers` are sent beside: where the
    initiative has an issuer, the token that proves who looked.

    Raises:
        ValueError: a time without its zone, an outcome that is none, a reviewer that no header can hold. ReportRefused: it was not written down.
    """
    wrong = outcome not in OUTCOMES or shown_at.tzinfo is None or decided_at.tzinfo is None
    if wrong or not reviewer.isascii():  # headers of HTTP hold no other letters
        message = f"outcome is one of {', '.join(OUTCOMES)}, both times carry their zone, and reviewer is plain ASCII, as an id is."
        raise ValueError(message)
    body = {"exchange": exchange, "outcome": outcome}
    body |= {"shown_at": shown_at.isoformat(), "decided_at": decided_at.isoformat()}
    told = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "X-Remit-Actor": reviewer}
    request = Request(f"{gateway.rstrip('/')}/remit/v1/reviews", json.dumps(body).encode(), {**told, **(headers or {})})  # noqa: S310 - the caller's own gateway
    try:
        with urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - as above
            return dict(json.loads(answer.read(LARGEST_ANSWER_BYTES)))
    except HTTPError as refused:
        raise ReportRefused(refused.code, _reason(refused.read(LARGEST_ANSWER_BYTES))) from None
    except (URLError, OSError, ValueError) as broken:
        raise ReportRefused(0, f"The gateway gave no readable answer: {type(broken).__name__}.") from None


def _reason(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return "The gateway refused the report."
