"""The dry run behind Try it: what would become of a prompt, with nothing sent and nothing written."""

import json

import pytest

import sending
from governance.gateway.models import Exchange

pytestmark = pytest.mark.services


def check(gateway, key, text, model="recorder-1"):
    body = json.dumps({"model": model, "messages": [{"role": "user", "content": text}]}).encode()
    status, _, told = sending.post(gateway, key, body, path="/remit/v1/check")
    return told if status == 200 else status


def test_it_tells_what_would_be_replaced_and_sends_nothing(gateway, who, where, recording):
    before = len(recording.bodies()), Exchange.objects.count()
    told = check(gateway, who.key, "Write to maria.keller@example.org today.")
    assert told["verdict"] == "redact"
    assert told["findings"] == [{"type": "EMAIL_ADDRESS", "action": "redact", "rule": "contact_data", "count": 1}]
    plain, changed, rest = told["segments"]
    assert (plain["text"], plain["kind"], rest["text"]) == ("Write to ", "plain", " today.")
    assert (changed["kind"], changed["action"]) == ("EMAIL_ADDRESS", "redact")
    assert changed["text"].startswith("<EMAIL_ADDRESS_")
    assert told["destinations"] == [{"destination": where.ref, "verdict": "redact"}]
    assert (len(recording.bodies()), Exchange.objects.count()) == before


def test_it_shows_the_placeholder_that_would_be_sent(gateway, who, recording):
    text = "Write to maria.keller@example.org today."
    told = check(gateway, who.key, text)
    sending.client(gateway, who.key).chat.completions.create(
        model="recorder-1", messages=[{"role": "user", "content": text}]
    )
    assert "".join(piece["text"] for piece in told["segments"]) in recording.bodies()[-1].decode()


def test_it_needs_a_key_too(gateway):
    assert check(gateway, "rmt_aaaaaaaaaa_" + "b" * 43, "Hello") == 401
