"""While most rules are only observed, the real gateway sends what they would stop, and writes down what they would have done."""

import openai
import pytest

import asking
import builders
import sending
from governance.approvals.models import Request
from governance.approvals.rules import DecisionKind
from governance.core.clock import now
from governance.gateway.models import Exchange
from governance.gateway.services.observations import ask_to_observe, end_observing
from governance.organisation.roles import Role
from governance.scanning.models import Finding
from harness.processes import wait_until

pytestmark = pytest.mark.services

PERSONAL = "Write to Maria Keller, maria.keller@example.org, that her order is late."
MARKED = "COMPANY CONFIDENTIAL\nPlease shorten this plan to two lines."
KEY = "AKIAQ3EGRTB7XK2MPL5V"


@pytest.fixture
def client(gateway, who):
    return sending.client(gateway, who.key).with_options(max_retries=0)


@pytest.fixture
def observed(who, where):
    """The pair of this test, only observed."""
    by = builders.actor_with(Role.SECURITY_APPROVER, at=now())
    told = {"initiative": who.initiative.code, "destination": where.ref, "days": 14, "reason": "To see what stops."}
    asked = ask_to_observe(**told, by=builders.actor(who.person), at=now())
    request = Request.objects.get(subject_kind="observation", subject_id=asked.pk)
    asking.say(DecisionKind.APPROVE, request, by=by, comment="Two weeks.", at=now())
    return asked


def ask(client, text, **more):
    return client.chat.completions.with_raw_response.create(
        model="recorder-1", messages=[{"role": "user", "content": text}], **more
    )


def newest():
    return Exchange.objects.order_by("-at", "-id")[0]


@pytest.mark.parametrize(("text", "would_be"), [(PERSONAL, "redact"), (MARKED, "justify")])
def test_what_a_rule_would_stop_passes_with_what_would_have_become_of_it(client, observed, recording, text, would_be):
    headers = ask(client, text).headers
    assert (headers["x-remit-verdict"], headers["x-remit-would-be"]) == ("allow", would_be)
    assert text.splitlines()[-1].encode() in recording.bodies()[-1]
    seen = sending.until_closed(newest().pk)
    assert (seen.state, seen.verdict, seen.would_be, seen.observation_id) == (
        "completed",
        "allow",
        would_be,
        observed.pk,
    )
    found = Finding.objects.filter(scan=seen.scan_id, would_be=would_be)
    assert found.exists()
    assert set(found.values_list("action", flat=True)) == {"allow"}


@pytest.mark.parametrize(
    "text", [pytest.param(f"key {KEY}", id="a secret"), pytest.param("RESTRICTED\nOur plan.", id="restricted data")]
)
def test_the_worst_is_stopped_as_always(client, observed, recording, text):
    before = recording.count()
    with pytest.raises(openai.PermissionDeniedError) as refused:
        ask(client, text)
    assert (refused.value.code, recording.count()) == ("blocked", before)
    assert (newest().verdict, newest().would_be) == ("block", "block")


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_passes_with_what_would_have_become_of_it(client, observed, stream):
    reply = ask(client, "Say address", stream=stream).parse()
    said = "".join(str(piece.choices) for piece in reply) if stream else reply.choices[0].message.content
    assert "@" in said
    seen = sending.until_closed(newest().pk)
    assert (seen.reply_verdict, seen.reply_would_be) == ("allow", "redact")


def test_a_call_of_another_pair_is_not_observed(gateway, observed, where):
    other = sending.builder()
    sending.grant(other, where)
    headers = ask(sending.client(gateway, other.key), PERSONAL).headers
    assert headers["x-remit-verdict"] == "redact"
    assert "x-remit-would-be" not in headers


def test_once_it_is_ended_the_rules_hold(client, observed, who, recording):
    ask(client, MARKED)
    end_observing(observation_id=observed.pk, reason="Enough.", by=builders.actor(who.person), at=now())
    before = recording.count()
    code = wait_until(lambda: _refusal(client), what="a refusal", within_s=5)
    assert code in {"justify", "no_longer_allowed"}
    assert recording.count() == before
    with pytest.raises(openai.PermissionDeniedError):
        ask(client, MARKED)


def _refusal(client):
    try:
        return ask(client, MARKED) and None
    except openai.PermissionDeniedError as refused:
        return refused.code


def test_a_stream_that_began_under_it_is_read_under_the_rules_once_it_is_ended(client, observed, who):
    said = {"model": "slow-1", "messages": [{"role": "user", "content": "Say address"}], "stream": True}
    told, ended = "", False
    with client.chat.completions.create(**said) as pieces:
        for piece in pieces:
            told += (piece.choices[0].delta.content or "") if piece.choices else ""
            if "@" in told and not ended:
                end_observing(observation_id=observed.pk, reason="Enough.", by=builders.actor(who.person), at=now())
                ended = True
            if "removed]" in told:
                break
    assert ended
    assert "removed]" in told
