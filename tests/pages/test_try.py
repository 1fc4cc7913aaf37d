"""Try it asks each destination in its own interface and shows what came back, or why nothing left."""

import json
import re

import pytest
from django.core import signing

import overseeing
import sending
from governance.core.clock import now
from governance.destinations.rules import Dialect
from governance.gateway.first_call import FIRST_CALLS
from governance.gateway.models import AnswerReview
from governance.stack.stand_in.application import reply_to

pytestmark = pytest.mark.django_db
TEXT = "Shorten this."


@pytest.fixture
def gateway(answerer, settings):
    settings.GATEWAY_URL = answerer.address
    return answerer


@pytest.fixture
def reach():
    """Return a function that lets a new initiative send to a destination of a dialect: its builder, and how it names the model."""

    def granted(dialect):
        who = sending.builder()
        where = sending.destination(f"http://127.0.0.1:1{sending.BASES[dialect]}", dialect=dialect, models=("large",))
        sending.grant(who, where)
        return who, f"{where.ref}/large"

    return granted


@pytest.mark.parametrize("dialect", Dialect)
def test_a_prompt_is_sent_in_the_interface_of_its_destination(enter, gateway, reach, dialect):
    who, model = reach(dialect)
    call = FIRST_CALLS[dialect]
    path = call.address(model)
    told = reply_to(
        "POST",
        sending.BASES[dialect] + call.path.removeprefix("/v1beta").replace("{model}", model),
        call.asked(model, TEXT),
    )
    gateway.answers[path] = (told.status, {}, json.loads(b"".join(told.parts)))
    page = f"/initiatives/{who.initiative.code}/try/"
    answer = enter(who.person).post(page, {"text": TEXT, "model": model, "then": "send"})
    assert f"the last one reads: {TEXT}" in answer.text
    assert [(asked, body) for asked, _, body in gateway.calls] == [(path, call.asked(model, TEXT))]


@pytest.mark.parametrize("dialect", [Dialect.OPENAI, Dialect.OLLAMA])
def test_a_refusal_is_said_in_words_whatever_shape_it_has(enter, gateway, reach, dialect):
    who, model = reach(dialect)
    path, sentence = (
        FIRST_CALLS[dialect].address(model),
        "It holds a password. [secret] See https://remit.example.com/x",
    )
    error = {"error": sentence if dialect is Dialect.OLLAMA else {"message": sentence}}
    gateway.answers[path] = gateway.answers[f"/remit/v1/check{path}"] = (403, {}, error)
    page = f"/initiatives/{who.initiative.code}/try/"
    answer = enter(who.person).post(page, {"text": TEXT, "model": model, "then": "send"})
    assert "This was refused" in answer.text
    assert "It holds a password." in answer.text
    assert "[secret]" not in answer.text


@pytest.mark.parametrize(
    ("verdict", "message", "title", "then"),
    [
        pytest.param(
            "hold",
            "This waits for two people. It carries a marking. [marking] The link shows how it stands.",
            "This waits for two people",
            "It carries a marking. Security looks at it.",
            id="held",
        ),
        pytest.param(
            "justify",
            "This needs a reason before it may leave. It names a plan. [plans] A member of the initiative can give a reason at the link and has one use.",
            "This needs a reason before it may leave",
            "It names a plan. A builder gives it on the page of this call",
            id="a reason is needed",
        ),
    ],
)
def test_what_may_leave_later_is_not_said_to_be_refused(enter, gateway, reach, verdict, message, title, then):
    who, model = reach(Dialect.OPENAI)
    path = FIRST_CALLS[Dialect.OPENAI].address(model)
    gateway.answers[path] = (403, {"x-remit-verdict": verdict}, {"error": {"message": message}})
    told = {"verdict": verdict, "segments": [], "findings": [], "places": [], "sent": None}
    gateway.answers[f"/remit/v1/check{path}"] = (200, {}, told)
    page = f"/initiatives/{who.initiative.code}/try/"
    answer = enter(who.person).post(page, {"text": TEXT, "model": model, "then": "send"}).text
    assert f"<h2>{title}</h2>" in answer
    assert then in answer
    assert "This was refused" not in answer


def test_what_cannot_be_made_ready_is_not_said_to_leave(enter, gateway, reach):
    who, model = reach(Dialect.OPENAI)
    stopped = {"code": "not_redactable", "reason": "It is still there after replacing.", "remedy": "Take it out."}
    told = {"verdict": "redact", "segments": [], "findings": [], "places": [], "sent": None, "refused": stopped}
    gateway.answers[f"/remit/v1/check{FIRST_CALLS[Dialect.OPENAI].address(model)}"] = (200, {}, told)
    page = f"/initiatives/{who.initiative.code}/try/"
    answer = enter(who.person).post(page, {"text": TEXT, "model": model, "then": "check"})
    assert "This would be refused" in answer.text
    assert "Take it out." in answer.text


def test_whoever_tries_it_says_what_they_did_with_the_answer(enter, gateway, reach):
    who, model = reach(Dialect.OPENAI)
    [made] = overseeing.answers(who.initiative, 1, at=now())
    answer = {"choices": [{"message": {"content": "A short text."}}]}
    gateway.answers[FIRST_CALLS[Dialect.OPENAI].address(model)] = (200, {"x-remit-exchange": str(made.pk)}, answer)
    page, browser = f"/initiatives/{who.initiative.code}/try/", enter(who.person)
    text = browser.post(page, {"text": TEXT, "model": model, "then": "send"}).text
    look = re.search(r'name="look" value="([^"]+)"', text)[1]
    told = browser.post(f"{page}look", {"look": look, "outcome": "edited"}, headers={"HX-Request": "true"})
    assert "Noted: edited." in told.text
    kept = AnswerReview.objects.get(exchange=made)
    assert (kept.outcome, kept.reviewer, kept.verified) == ("edited", who.person.name, True)


@pytest.mark.parametrize(
    "look",
    [
        pytest.param("", id="nothing"),
        pytest.param("made:up", id="made up"),
        pytest.param(signing.dumps({"exchange": "x"}, salt="another page"), id="signed for another page"),
    ],
)
def test_nobody_makes_up_what_they_were_shown(enter, reach, look):
    who, _ = reach(Dialect.OPENAI)
    told = {"look": look, "outcome": "accepted"}
    answer = enter(who.person).post(f"/initiatives/{who.initiative.code}/try/look", told)
    assert "It is too late to say" in answer.text
    assert not AnswerReview.objects.exists()
