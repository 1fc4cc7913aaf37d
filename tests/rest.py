"""Calls of the REST API in tests: by key as programs make them, or by session as pages do."""

import json
from datetime import timedelta

from django.test import Client

from governance.core.clock import now
from governance.organisation.backend import BACKEND
from governance.organisation.rules import STEPPED_UP
from governance.organisation.services import make_key

PLACE = "/api/v1/"
HOUR_S = 3600


def by_key(client, actor, scope="api:write"):
    """Return call(method, path, body=None, **headers) of a program with a key of `actor`."""
    at = now()  # the door reads the clock, so the key must be alive now
    _, text = make_key(title="for tests", scope=scope, expires_at=at + timedelta(days=1), by=actor, at=at)

    def call(method, path, body=None, **headers):
        return _send(client, method, path, body, {"Authorization": f"Bearer {text}", **headers})

    return call


def by_session(person, *, proved=True):
    """Return the same of a browser in which `person` is signed in; `proved`: they have entered their secret just now."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    if proved:
        session = client.session
        session[STEPPED_UP] = now().timestamp() + HOUR_S  # however long the run takes
        session.save()

    def call(method, path, body=None, **headers):
        return _send(client, method, path, body, headers)

    return call


def _send(client, method, path, body, headers):
    sent = {} if method == "get" else {"content_type": "application/json"}
    if body is not None:
        sent["data"] = json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return getattr(client, method)(f"{PLACE}{path}", headers=named, **sent)
