"""An answer whose calls a person must confirm waits on the wire; what comes of it reaches the official clients."""

import json
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest

import builders
import sending
import talking
from governance.core.clock import now
from governance.gateway.confirming import ConfirmationState
from governance.gateway.models import Confirmation, Exchange
from governance.gateway.services.confirmations import answer_confirmation
from governance.remits.tools import ToolClass, ToolRule
from harness.processes import wait_until

pytestmark = pytest.mark.services
NOTE = {"type": "function", "function": {"name": "note", "parameters": {"type": "object", "properties": {}}}}


@pytest.fixture
def who(gateway, where):
    made = sending.builder()
    sending.grant(made, where, tools=(ToolRule("no*", ToolClass.CONFIRM), ToolRule("look_up")))
    return made


@pytest.fixture
def aside():
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield pool


def ask(gateway, who, *, stream=False, seconds=30):
    """Return the arguments of the call that the answer holds, as the official client gives them."""
    client = openai.OpenAI(base_url=f"{gateway.gateway}/openai/v1", api_key=who.key, max_retries=0, timeout=seconds)
    asked = {"model": talking.MODEL, "messages": talking.said("Say new"), "tools": [NOTE], "stream": stream}
    with client:
        answer = client.chat.completions.create(**asked)
        if not stream:
            return answer.choices[0].message.tool_calls[0].function.arguments
        calls = [call for piece in answer for choice in piece.choices for call in choice.delta.tool_calls or ()]
        return "".join(call.function.arguments for call in calls)


def waiting(who):
    def found():
        return Confirmation.objects.filter(initiative=who.initiative, state=ConfirmationState.WAITING).first()

    wait_until(found, what="an answer that waits for a person")
    return found()


def say(who, asked, *, confirm=True, reason=""):
    by = builders.actor(who.person)
    answer_confirmation(exchange_id=asked.exchange_id, confirm=confirm, reason=reason, by=by, at=now())


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_it_passes_once_somebody_has_confirmed(gateway, who, aside, stream):
    coming = aside.submit(ask, gateway, who, stream=stream)
    asked = waiting(who)
    assert (asked.tools, coming.done()) == (["no*"], False)
    say(who, asked)
    assert "that nobody has read before" in json.loads(coming.result(30))["text"]
    asked.refresh_from_db()
    assert asked.served_at
    assert sending.until_closed(asked.exchange_id).state == "completed"


def test_a_refusal_reaches_the_client_in_its_own_shape(gateway, who, aside):
    coming = aside.submit(ask, gateway, who)
    say(who, waiting(who), confirm=False, reason="Nothing may be noted today.")
    with pytest.raises(openai.PermissionDeniedError, match="refused"):
        coming.result(30)


def test_who_left_gets_the_confirmed_answer_once_by_asking_again(gateway, who, recording):
    with pytest.raises(openai.APITimeoutError):
        ask(gateway, who, seconds=2)
    asked = waiting(who)
    sending.until_closed(asked.exchange_id)
    say(who, asked)
    before = recording.count()
    assert "that nobody has read before" in json.loads(ask(gateway, who))["text"]
    assert recording.count() == before
    served = Exchange.objects.filter(initiative=who.initiative).latest("at")
    assert (served.state, served.bytes_out) == ("completed", 0)
    with pytest.raises(openai.APITimeoutError):
        ask(gateway, who, seconds=2)  # a new answer, which waits anew
    assert recording.count() == before + 1


def test_what_is_taken_back_during_the_wait_ends_it(gateway, who, aside):
    coming = aside.submit(ask, gateway, who)
    asked = waiting(who)
    sending.revoke_grants(who)
    with pytest.raises(openai.PermissionDeniedError):
        coming.result(30)
    wait_until(lambda: Confirmation.objects.get(pk=asked.pk).state == "ended", what="the end of the wait")
