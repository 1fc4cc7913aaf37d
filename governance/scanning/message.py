"""The Celery message that asks for a scan, written straight to the broker's list.

The gateway publishes with the async client it already has: no second thread, no queue of its own, one round trip together with the
sealed text (DECISIONS.md, Scans are published without Celery's client).
Source: Celery's message protocol version 2 and the list form of kombu's Redis transport; a test lets a real worker take it.
"""

import json
from base64 import b64encode

from governance.scanning.channel import QUEUE, TASK

_EMBEDDED = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}


def message_of(request_id: str) -> bytes:
    """Return the message: it holds the id and nothing of the text."""
    body = b64encode(json.dumps([[], {"request_id": request_id}, _EMBEDDED]).encode()).decode()
    return json.dumps(
        {
            "body": body,
            "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": {
                "lang": "py",
                "task": TASK,
                "id": request_id,
                "root_id": request_id,
                "parent_id": None,
                "group": None,
                "retries": 0,
                "eta": None,
                "expires": None,
                "timelimit": [None, None],
                "argsrepr": "()",
                "kwargsrepr": "{}",
                "origin": "gateway",
                "ignore_result": True,
            },
            "properties": {
                "correlation_id": request_id,
                "reply_to": "",
                "delivery_mode": 1,
                "delivery_info": {"exchange": "", "routing_key": QUEUE},
                "priority": 0,
                "body_encoding": "base64",
                "delivery_tag": request_id,
            },
        },
        separators=(",", ":"),
    ).encode()
