"""What a key may do is remembered for half a second; that opens nothing that was taken back, and hides nothing that was given."""

import openai
import pytest

import sending

pytestmark = pytest.mark.services


@pytest.fixture
def called(gateway, where):
    """Return an initiative whose key was used a moment ago, its client, and how many calls the provider has seen of it."""
    who = sending.builder()
    sending.grant(who, where)
    client = sending.client(gateway, who.key)
    ask(client, where)
    return who, client


def ask(client, where):
    message = {"role": "user", "content": "Please make this sentence shorter."}
    return client.chat.completions.create(model=f"{where.ref}/recorder-1", messages=[message])


def test_a_key_revoked_after_its_last_call_is_refused_as_revoked(called, where, recording):
    who, client = called
    sending.revoke(who)
    before = len(recording.bodies())
    with pytest.raises(openai.AuthenticationError) as refused:
        ask(client, where)
    assert refused.value.code == "key_revoked"
    assert len(recording.bodies()) == before


def test_a_grant_revoked_after_the_last_call_is_refused_by_name(called, where, recording):
    who, client = called
    sending.revoke_grants(who)
    before = len(recording.bodies())
    with pytest.raises(openai.PermissionDeniedError) as refused:
        ask(client, where)
    assert refused.value.code == "grant_revoked"
    assert len(recording.bodies()) == before


def test_a_grant_given_after_the_last_call_is_seen_at_once(called, recording):
    who, client = called
    other = sending.destination(recording.url)
    sending.grant(who, other)
    assert ask(client, other).choices
