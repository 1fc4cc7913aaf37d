"""What a builder pastes works as it stands, and what a dry run tells is what would be sent."""

import contextlib
import io
import json
import shlex

import psycopg
import pytest

import sending
from governance.audit.events import EventKind
from governance.destinations.rules import Dialect
from governance.gateway.first_call import FIRST_CALLS
from governance.gateway.models import Exchange
from governance.gateway.snippets import HELLO, KEY_NAME, Language, snippet
from harness.databases import connected_to

pytestmark = pytest.mark.services
PERSONAL = "Write to maria.keller@example.org that her order is late."
SECRET = "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzLq3kT9vWx"
STREAMED = pytest.mark.parametrize("stream", [False, True], ids=["at once", "piece by piece"])


@pytest.fixture(scope="module")
def key(stack, recording, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connected_to(stack.database):
        return sending.granted_everywhere(recording).key


@pytest.fixture
def models(gateway, key):
    """How each interface's model is named, as the gateway tells the bearer of the key."""
    status, _, told = sending.post(gateway, key, None, path="/remit/v1/access", method="GET")
    assert status == 200
    return {each["interface"]: each["name"] for each in told["models"] if each["name"].endswith("recorder-1")}


@pytest.fixture
def refused_keys(server, gateway):
    """Return a function that counts the events that tell of a refused key; nobody numbers them here."""
    owner = server.environment.databases(gateway.database).owner
    counted = "SELECT count(*) FROM audit_outbox WHERE kind = %s"

    def count() -> int:
        with psycopg.connect(owner) as log:
            return log.execute(counted, [EventKind.KEY_REFUSED]).fetchone()[0]

    return count


@STREAMED
@pytest.mark.parametrize("dialect", Dialect)
def test_the_lines_for_python_work_as_they_stand(gateway, key, models, recording, monkeypatch, dialect, stream):
    monkeypatch.setenv(KEY_NAME, key)
    told = snippet(dialect, Language.PYTHON, gateway=gateway.gateway, model=models[dialect], stream=stream)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(told.lines, "snippet", "exec"), {})  # noqa: S102 - what a builder would do
    assert printed.getvalue().strip()
    assert HELLO in recording.bodies()[-1].decode()


@STREAMED
@pytest.mark.parametrize("dialect", Dialect)
def test_the_lines_for_the_shell_work_as_they_stand(gateway, key, models, dialect, stream):
    told = snippet(dialect, Language.CURL, gateway=gateway.gateway, model=models[dialect], stream=stream)
    words = shlex.split(told.lines.replace("\\\n", " ").replace(f"${KEY_NAME}", key))
    url, body = next(word for word in words if word.startswith("http")), words[-1]
    header, _, value = words[words.index("-H") + 1].partition(": ")
    path = url.removeprefix(gateway.gateway)
    assert sending.status_of(gateway, body.encode(), path=path, headers={header: value}) == 200


@pytest.mark.parametrize("dialect", Dialect)
def test_a_dry_run_shows_the_very_bytes_that_then_leave(gateway, key, models, recording, dialect):
    call, before = FIRST_CALLS[dialect], (len(recording.bodies()), Exchange.objects.count())
    body = json.dumps(call.asked(models[dialect], PERSONAL)).encode()
    path = call.address(models[dialect])
    status, _, told = sending.post(gateway, key, body, path=f"/remit/v1/check{path}")
    assert (status, told["verdict"], told["refused"]) == (200, "redact", None)
    assert (len(recording.bodies()), Exchange.objects.count()) == before
    assert [(each["type"], each["view"]) for each in told["places"]] == [("EMAIL_ADDRESS", "raw")]
    assert sending.post(gateway, key, body, path=path)[0] == 200
    assert recording.bodies()[-1].decode() == told["sent"]["body"]


def test_a_dry_run_of_what_would_be_refused_sends_nothing_and_says_why(gateway, key, models, recording):
    before = len(recording.bodies()), Exchange.objects.count()
    call, model = FIRST_CALLS[Dialect.ANTHROPIC], models[Dialect.ANTHROPIC]
    body = json.dumps(call.asked(model, SECRET)).encode()
    status, _, told = sending.post(gateway, key, body, path=f"/remit/v1/check{call.address(model)}")
    assert (status, told["verdict"], told["sent"], told["refused"]["code"]) == (200, "block", None, "blocked")
    assert "wJalr" not in json.dumps(told["refused"])
    assert (len(recording.bodies()), Exchange.objects.count()) == before


def test_a_dry_run_of_a_call_that_is_not_scanned_is_refused_by_name(gateway, key, recording):
    before = len(recording.bodies())
    status, _, told = sending.post(gateway, key, b"{}", path="/remit/v1/check/openai/v1/images/generations")
    assert (status, told["error"]["code"]) == (403, "surface_refused")
    assert len(recording.bodies()) == before


def test_the_access_of_a_key_names_what_it_opens_and_no_secret(gateway, key, models):
    _, _, told = sending.post(gateway, key, None, path="/remit/v1/access", method="GET")
    assert set(models) == set(Dialect)
    assert told["key"]["prefix"] in key
    assert key not in json.dumps(told)
    assert sending.PROVIDER_SECRET not in json.dumps(told)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("GET", "/remit/v1/access", id="what it opens"),
        pytest.param("GET", "/openai/v1/models", id="the list of models"),
        pytest.param("POST", "/remit/v1/check", id="a dry run"),
        pytest.param("POST", "/remit/v1/check/anthropic/v1/messages", id="a dry run of a call"),
    ],
)
def test_an_unknown_key_is_told_nothing_and_written_down(gateway, refused_keys, method, path):
    before, wrong = refused_keys(), "rmt_aaaaaaaaaa_" + "b" * 43
    status, _, told = sending.post(gateway, wrong, b"{}" if method == "POST" else None, path=path, method=method)
    assert (status, told["error"]["code"]) == (401, "key_unknown")
    assert refused_keys() == before + 1
