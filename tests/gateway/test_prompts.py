"""A builder's unchanged OpenAI SDK against the gateway: what passes, what is changed, what is refused, and what left."""

import hashlib
import json

import openai
import pytest

from governance.gateway.models import Exchange

pytestmark = pytest.mark.services

CLEAN = "Please make this sentence shorter: we would be glad to be of service to you at any time."
PERSONAL = "Write to Maria Keller, maria.keller@example.org, that her order is late."
SECRET = "Why does this fail? aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzLq3kT9vWx"


@pytest.fixture
def client(gateway, who):
    return openai.OpenAI(base_url=f"{gateway.gateway}/openai/v1", api_key=who.key, max_retries=2)


def ask(client, text, **more):
    return client.chat.completions.create(model="recorder-1", messages=[{"role": "user", "content": text}], **more)


def test_a_clean_prompt_is_answered_and_what_left_is_what_was_scanned(client, recording):
    before = len(recording.bodies())
    answer = ask(client, CLEAN)
    assert answer.choices[0].message.content.startswith("The order")
    (sent,) = recording.bodies()[before:]
    assert json.loads(sent)["messages"][0]["content"] == CLEAN
    exchange = Exchange.objects.order_by("-at").first()
    assert exchange.request_digest == hashlib.sha256(sent).hexdigest() == exchange.scan.digest
    assert (exchange.state, exchange.verdict) == ("completed", "allow")
    assert (exchange.tokens_in, exchange.tokens_out, exchange.cost) == (11, 9, 29)


def test_personal_data_leaves_as_placeholders(client, recording):
    before = len(recording.bodies())
    ask(client, PERSONAL)
    (sent,) = recording.bodies()[before:]
    text = json.loads(sent)["messages"][0]["content"]
    assert "Keller" not in text
    assert "example.org" not in text
    assert "<EMAIL_ADDRESS_" in text


def test_a_secret_is_refused_and_nothing_leaves(client, recording):
    before = len(recording.bodies())
    with pytest.raises(openai.PermissionDeniedError) as refused:
        ask(client, SECRET)
    assert refused.value.code == "blocked"
    assert "wJalr" not in str(refused.value)
    assert recording.bodies()[before:] == []
