"""A connection that a client keeps for its next call is still there when the client would use it: it is the client who closes first."""

import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from governance.gateway.routes import Own

pytestmark = pytest.mark.services
UNUSED_S = 6  # longer than uvicorn's own five seconds, at which httpx and a gateway would both let go


def test_a_connection_that_was_not_used_for_some_seconds_takes_the_next_call(gateway):
    at = urlsplit(gateway.gateway)
    connection = HTTPConnection(at.hostname, at.port, timeout=10)
    ports = []
    for pause_s in (0, UNUSED_S):
        time.sleep(pause_s)
        connection.auto_open = not ports  # a lost connection is an error, and not a new one
        connection.request("GET", Own.ALIVE)
        reply = connection.getresponse()
        assert (reply.status, bool(reply.read())) == (200, True)
        ports.append(connection.sock.getsockname())
    assert len(set(ports)) == 1
    connection.close()
