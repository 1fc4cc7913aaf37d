"""A stop against the real gateway: nothing more reaches the provider, what is open is cut, and each process says when it had stopped."""

import json
import socket
import threading
from datetime import timedelta

import openai
import pytest

import builders
import sending
from governance.core.actors import GATEWAY
from governance.core.clock import now
from governance.gateway.models import Exchange, Stop, StopEffect
from governance.gateway.services.stops import ask_lift, confirm_lift, place_stop
from governance.gateway.stopping import ALIVE_S, StopScope
from governance.organisation.roles import Role
from governance.work.models import Heartbeat
from harness.processes import wait_until

TEXT = "Please make this sentence shorter: we would be glad to be of service to you at any time."
WHY = "Synthetic drill of a leak."
AT_MOST = timedelta(seconds=1)


@pytest.fixture
def client(gateway, who):
    return sending.client(gateway, who.key)


@pytest.fixture
def security(gateway):
    return [builders.actor_with(Role.SECURITY_ANALYST, at=now()) for _ in range(2)]


@pytest.fixture
def stop(who, where, security):
    """Return a function that stops; whatever still holds afterwards is lifted."""
    targets = {
        StopScope.EVERYTHING: None,
        StopScope.DESTINATION: where.ref,
        StopScope.INITIATIVE: who.initiative.code,
        StopScope.PERSON: who.person.login,
    }

    def placed(scope, *, drill=False):
        return place_stop(scope=scope, target=targets[scope], reason=WHY, drill=drill, by=security[0], at=now())

    yield placed
    for held in Stop.objects.filter(lifted_at=None, drill=False):
        lift(held, security)


def lift(stop, security):
    ask_lift(stop_id=stop.pk, reason="It was a test.", by=security[0], at=now())
    confirm_lift(stop_id=stop.pk, by=security[1], at=now())


def ask(client, model="recorder-1", **more):
    return client.chat.completions.create(model=model, messages=[{"role": "user", "content": TEXT}], **more)


def effect_of(stop):
    return wait_until(lambda: StopEffect.objects.filter(stop=stop).first(), what="the gateway's answer to a stop")


@pytest.mark.parametrize("scope", list(StopScope))
def test_what_is_stopped_reaches_nobody_and_goes_on_once_two_people_lifted_it(client, recording, stop, security, scope):
    held, before = stop(scope), len(recording.bodies())
    with pytest.raises(openai.PermissionDeniedError) as refused:
        ask(client)
    assert (refused.value.code, len(recording.bodies())) == ("stopped", before)
    assert WHY.rstrip(".") in refused.value.message
    assert "two people have to lift" in refused.value.body["remedy"]
    exchange = Exchange.objects.order_by("-at")[0]
    assert (exchange.state, exchange.error_code, exchange.bytes_out) == ("refused", "stopped", 0)
    lift(held, security)
    assert ask(client).choices


@pytest.mark.parametrize(
    ("path", "code_in"),
    [
        pytest.param("/anthropic/v1/messages", lambda body: body["error"]["code"], id="Anthropic"),
        pytest.param(
            "/gemini/v1beta/models/m:generateContent", lambda body: body["error"]["details"][0]["reason"], id="Gemini"
        ),
    ],
)
def test_a_stop_says_itself_in_the_provider_s_own_shape(gateway, recording, security, path, code_in):
    dialect = path.split("/")[1]
    place = sending.destination(recording.speaking(dialect), dialect=dialect, models=("m",))
    made = sending.builder()
    sending.grant(made, place)
    held = place_stop(scope=StopScope.INITIATIVE, target=made.initiative.code, reason=WHY, by=security[0], at=now())
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": TEXT}]}
    if dialect == "gemini":
        body = {"contents": [{"role": "user", "parts": [{"text": TEXT}]}]}
    status, headers, told = sending.post(gateway, made.key, json.dumps(body), path=path)
    assert (status, code_in(told), headers["x-should-retry"]) == (403, "stopped", "false")
    lift(held, security)


def test_another_initiative_goes_on(gateway, where, stop):
    other = sending.builder()
    sending.grant(other, where)
    stop(StopScope.INITIATIVE)
    assert ask(sending.client(gateway, other.key)).choices


def test_an_open_stream_is_cut_within_a_second(client, stop):
    stream = ask(client, model="slow-1", stream=True)
    next(iter(stream))
    held = stop(StopScope.DESTINATION)
    placed = now()
    with pytest.raises(openai.APIError) as cut:
        for _ in stream:
            pass
    assert now() - placed < AT_MOST + timedelta(seconds=1)  # of a busy machine; the gateway's own measure is below
    assert cut.value.code == "stopped"
    effect = effect_of(held)
    assert (effect.calls, effect.milliseconds <= 1000) == (1, True)


def test_a_call_that_only_waits_for_its_provider_is_cut_too(gateway, stop, silent_provider):
    place = sending.destination(silent_provider, models=("mute-1",))
    made = sending.builder()
    sending.grant(made, place)
    told = []

    def wait():
        try:
            ask(sending.client(gateway, made.key), model="mute-1")
        except openai.APIStatusError as refused:
            told.append(refused.code)

    waiting = threading.Thread(target=wait)
    waiting.start()
    wait_until(lambda: Exchange.objects.filter(model="mute-1", state="intended").exists(), what="an open call")
    held = stop(StopScope.EVERYTHING)
    waiting.join(timeout=5)
    assert (told, effect_of(held).calls) == (["stopped"], 1)


def test_a_drill_measures_and_holds_nothing_up(client, recording, stop):
    stream, before = ask(client, model="slow-1", stream=True), len(recording.bodies())
    frames = iter(stream)
    next(frames)
    effect = effect_of(stop(StopScope.EVERYTHING, drill=True))
    assert (effect.calls, effect.milliseconds <= 1000) == (1, True)
    assert ask(client).choices
    assert next(frames) is not None
    assert len(recording.bodies()) == before + 1
    stream.close()


def test_a_stop_waits_for_the_processes_that_were_alive(gateway, stop):
    """Others of an earlier test may have ended a moment ago; one that was silent for longer is not waited for."""
    silent_since = now() - timedelta(seconds=ALIVE_S + 1)
    Heartbeat.objects.update_or_create(process="a silent one", defaults={"kind": GATEWAY.ref, "at": silent_since})
    held = stop(StopScope.PERSON)
    assert effect_of(held).process in held.awaited
    assert "a silent one" not in held.awaited


def test_stopped_places_are_not_among_the_models(client, where, stop):
    assert any(where.ref in model.id for model in client.models.list())
    stop(StopScope.DESTINATION)
    assert not list(client.models.list())


@pytest.fixture
def silent_provider():
    """The address of something that takes a call and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        taken = []
        thread = threading.Thread(target=lambda: taken.append(server.accept()), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        for connection, _ in taken:
            connection.close()
