"""The official clients, in Python and in JavaScript, against providers that are not ours: `./dev test -m long tests/gateway`.

aimock and the clients come from npm, llmock from the Python index; each stands in a lock and is installed once.
"""

import os
import subprocess

import pytest

import sending
import strangers
import talking
from governance.destinations.rules import Dialect
from governance.gateway.models import Exchange
from governance.gateway.rules import ExchangeState
from governance.gateway.snippets import KEY_NAME, Language, snippet
from harness.databases import connected_to
from harness.processes import wait_until

pytestmark = [pytest.mark.services, pytest.mark.long]
CLEAN = "Please make this sentence shorter: we would be glad to be of service to you at any time."
# What llmock does to an answer; a stream is broken after its second piece.
FAULTS = {
    "429": {"type": "fail", "status": 429},
    "500": {"type": "fail", "status": 500},
    "disconnect": {"type": "stream_fault", "kind": "disconnect", "after_chunks": 2},
    "truncate": {"type": "stream_fault", "kind": "truncate", "after_chunks": 2},
    "malformed": {"type": "stream_fault", "kind": "malformed", "after_chunks": 2},
}


@pytest.fixture(scope="module")
def met(stack, django_db_setup, django_db_blocker):
    """Return a function that grants an initiative every interface of a provider and returns its builder."""

    def met(stranger):
        with django_db_blocker.unblock(), connected_to(stack.database):
            made = sending.builder()
            for dialect, base in stranger.bases.items():
                sending.grant(made, sending.destination(stranger.address + base, dialect=dialect))
            return made

    return met


@pytest.fixture(scope="module")
def aimock():
    with strangers.aimock() as stranger:
        yield stranger


@pytest.fixture(scope="module")
def llmock():
    with strangers.llmock() as stranger:
        stranger.breaks()
        yield stranger


@pytest.mark.parametrize("name", ["aimock", "llmock"])
def test_every_client_is_answered(gateway, met, request, capsys, name):
    stranger = request.getfixturevalue(name)
    key = met(stranger).key
    rows = [(way, _answer(way, gateway.gateway, key)) for way in talking.WAYS if stranger.speaks(way)]
    _print(capsys, name, rows)
    assert {said for _, said in rows} == {"ok"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_answer_is_never_taken_for_a_whole_one(gateway, met, llmock, stack, capsys, fault):
    who = met(llmock)
    ways = [way for way in talking.WAYS if llmock.speaks(way) and ("stream" in way.manner or fault.isdigit())]
    llmock.breaks(**FAULTS[fault])
    rows = [(way, _answer(way, gateway.gateway, who.key)) for way in ways]
    llmock.breaks()
    _print(capsys, f"llmock, {fault}", rows)
    assert "ok" not in {said for _, said in rows}
    assert _answer(ways[0], gateway.gateway, who.key) == "ok"
    with connected_to(stack.database):  # the outcome is kept a moment after the last byte of the answer
        noted = wait_until(lambda: _ended(who.initiative), what="an outcome of every call")
    assert (set(noted[:-1]), noted[-1]) == ({ExchangeState.FAILED}, ExchangeState.COMPLETED)


def _ended(initiative):
    """Return the states of the calls in their order, nothing while one of them has no outcome."""
    noted = list(Exchange.objects.filter(initiative=initiative).order_by("at").values_list("state", flat=True))
    return noted if ExchangeState.INTENDED not in noted else None


def _answer(way, gateway, key):
    try:
        told = way.ask(gateway, key, CLEAN)
    except Exception as fault:  # noqa: BLE001 - whatever a client raises is what the table is about
        return f"{type(fault).__name__}: {fault}"[:160]
    right = strangers.SAID in told if isinstance(told, str) else bool(told)
    return "ok" if right else f"another answer: {told}"[:160]


def _print(capsys, title, rows):
    with capsys.disabled():
        print(f"\n{title}\n" + "\n".join(f"{way.surface:32}{way.client:14}{way.manner:28}{said}" for way, said in rows))


@pytest.mark.parametrize("stream", [False, True], ids=["at once", "piece by piece"])
@pytest.mark.parametrize("dialect", Dialect)
def test_the_lines_for_javascript_work_as_they_stand(gateway, met, aimock, dialect, stream):
    who, clients = met(aimock), strangers.clients()
    _, _, told = sending.post(gateway, who.key, None, path="/remit/v1/access", method="GET")
    model = next(each["name"] for each in told["models"] if each["interface"] == dialect)
    lines = snippet(dialect, Language.JAVASCRIPT, gateway=gateway.gateway, model=model, stream=stream).lines
    program = clients / f"first-call-{os.getpid()}.mjs"
    program.write_text(lines)
    environment = os.environ | {KEY_NAME: who.key}
    ended = subprocess.run(["node", program], cwd=clients, env=environment, capture_output=True, text=True, check=False)
    program.unlink()
    assert (ended.stdout.strip(), ended.returncode) == (strangers.SAID, 0), ended.stderr
