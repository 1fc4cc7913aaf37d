"""What a client sends beside its text turns nothing off, and of what a provider says beside its answer only when to come again comes back."""

import http.client
from urllib.parse import urlsplit

import openai
import pytest

import sending

pytestmark = pytest.mark.services
SECRET = "Why does this fail? aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzLq3kT9vWx"
UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
UPGRADE |= {"Sec-WebSocket-Key": "c3ludGhldGljIG5vbmNlIQ=="}


@pytest.fixture
def client(gateway, who):
    return sending.client(gateway, who.key)


def ask(client, text="Please be short.", *, model="recorder-1", **more):
    return client.chat.completions.create(model=model, messages=[{"role": "user", "content": text}], **more)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"extra_body": {"metadata": {"guardrails": "[]", "scan": "off"}}}, id="metadata"),
        pytest.param({"extra_headers": {"X-Remit-Scan": "off", "X-Guardrails": "[]"}}, id="headers"),
        pytest.param({"extra_query": {"guardrails": "off", "scan": "0"}}, id="the query"),
    ],
)
def test_no_field_of_a_client_turns_the_scanner_off(client, sent, more):
    with pytest.raises(openai.PermissionDeniedError) as refused:
        ask(client, SECRET, **more)
    assert refused.value.code == "blocked"
    assert sent() == []


@pytest.mark.parametrize("field", ["guardrails", "disable_global_guardrails", "no_scan"])
def test_a_field_that_turns_a_scanner_off_elsewhere_is_not_known(client, sent, field):
    with pytest.raises(openai.BadRequestError) as refused:
        ask(client, extra_body={field: []})
    assert refused.value.code == "unknown_field"
    assert sent() == []


@pytest.mark.parametrize("path", ["/openai/v1/responses", "/openai/v1/realtime", "/nowhere"])
def test_no_websocket_is_opened(gateway, who, recording, path):
    before = recording.count()
    connection = http.client.HTTPConnection(urlsplit(gateway.gateway).netloc, timeout=30)
    connection.request("GET", path, headers={"Authorization": f"Bearer {who.key}", **UPGRADE})
    assert connection.getresponse().status >= 400
    connection.close()
    assert recording.count() == before


def test_when_to_come_again_is_said_as_the_provider_said_it_and_nothing_else_of_its_headers(client):
    with pytest.raises(openai.RateLimitError) as busy:
        ask(client, model="busy-1")
    told = busy.value.response.headers
    assert (told["retry-after"], told["retry-after-ms"]) == ("7", "6500")
    assert "x-provider" not in told
    assert "Come again later." in str(busy.value)
