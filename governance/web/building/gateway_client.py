"""Asks the gateway as any program does: with a key, over HTTP. The pages that do are Try it and Connect."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from django.conf import settings

from governance.core.errors import Unavailable

CHECK = "/remit/v1/check"  # before the path of a call: what would become of it
LONGEST_WAIT_S = 90
PATH = "/:@?="  # what stands in our own paths as it is
LARGEST_ANSWER_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What the gateway said. `exchange` is the id of the exchange and `verdict` what was decided, "" when there is none."""

    status: int
    body: Mapping[str, Any]
    exchange: str
    verdict: str = ""


def ask(path: str, body: Mapping[str, Any], *, key: str) -> Reply:
    """Call the gateway as the bearer of `key` and return the answer, refusals included.

    Raises:
        Unavailable: `gateway_down`, when nothing readable comes back. Then nothing is known of what was sent.
    """
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = Request(settings.GATEWAY_URL + quote(path, safe=PATH), json.dumps(body).encode(), headers)  # noqa: S310 - our own address, from the settings
    try:
        with urlopen(request, timeout=LONGEST_WAIT_S) as answer:  # noqa: S310 - as above
            return _reply(answer.status, answer.read(LARGEST_ANSWER_BYTES), answer.headers)
    except HTTPError as refused:
        return _reply(refused.code, refused.read(LARGEST_ANSWER_BYTES), refused.headers)
    except (URLError, OSError, HTTPException) as broken:
        raise _down() from broken


def _reply(status: int, body: bytes, headers: Any) -> Reply:
    try:
        read = json.loads(body)
    except ValueError as unreadable:
        raise _down() from unreadable
    exchange, verdict = headers.get("x-remit-exchange", ""), headers.get("x-remit-verdict", "")
    return Reply(status, read if isinstance(read, dict) else {}, exchange, verdict)


def _down() -> Unavailable:
    return Unavailable("gateway_down", "The gateway did not answer.", remedy="Try again in a minute.")
