"""The doctor: one line for each thing a call needs, the remedy where it is missing, and never the key."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest

import sending
from governance.client import doctor

pytestmark = pytest.mark.services
AT = "2026-01-01T10:00:00+00:00"
MODEL = {
    "name": "here/large",
    "interface": "openai",
    "base": "/openai/v1",
    "datasets": ["d"],
    "sandbox": False,
    "stopped": "",
}
ACCESS = {
    "at": AT,
    "key": {"prefix": "rmt_aaaaaaaaaa", "expires_at": "2026-03-01T10:00:00+00:00"},
    "initiative": "letters",
    "page": "https://remit.example.com/initiatives/letters/",
    "models": [MODEL],
}
KEY = "rmt_aaaaaaaaaa_" + "b" * 43
WELL = {
    "/healthz": (200, {}, {"alive": True}),
    "/readyz": (200, {}, {"database": True, "worker": True}),
    "/remit/v1/access": (200, {}, ACCESS),
    "/remit/v1/check": (200, {}, {"verdict": "allow", "sentences": []}),
}
REFUSED = {"error": {"message": "This key was revoked.", "remedy": "Make a key on the initiative's page."}}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in ("REMIT_KEY", "REMIT_GATEWAY", "OPENAI_BASE_URL", "http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def run(capsys, monkeypatch, *arguments, key=KEY):
    monkeypatch.setenv("REMIT_KEY", key)
    code = doctor.main(list(arguments))
    told = capsys.readouterr().out
    assert not key.strip() or key.strip() not in told
    return code, told


def test_all_is_well_with_a_key_and_a_grant(gateway, who, where, capsys, monkeypatch, recording):
    before = len(recording.bodies())
    code, told = run(capsys, monkeypatch, "--gateway", gateway.gateway, key=who.key)
    assert (code, "wrong" in told) == (doctor.WORKS, False), told
    assert f"{where.ref}/recorder-1 may be called at {gateway.gateway}/openai/v1" in told
    assert who.initiative.code in told
    assert "would pass" in told
    assert len(recording.bodies()) == before


def test_a_base_url_leads_to_the_gateway_too(gateway, who, where, capsys, monkeypatch):
    code, _ = run(capsys, monkeypatch, "--gateway", f"{gateway.gateway}/openai/v1/", key=who.key)
    assert code == doctor.WORKS


def test_a_revoked_key_is_told_in_the_gateways_own_words(gateway, who, capsys, monkeypatch):
    sending.revoke(who)
    code, told = run(capsys, monkeypatch, "--gateway", gateway.gateway, key=who.key)
    assert (code, "This key was revoked" in told, "Make a key" in told) == (doctor.NO_KEY, True, True)


def test_without_a_grant_no_model_may_be_called(gateway, capsys, monkeypatch):
    stranger = sending.builder()
    code, told = run(capsys, monkeypatch, "--gateway", gateway.gateway, key=stranger.key)
    assert (code, f"/initiatives/{stranger.initiative.code}/" in told) == (doctor.NO_MODEL, True)


def test_a_model_that_is_not_granted_is_answered_with_those_that_are(gateway, who, where, capsys, monkeypatch):
    code, told = run(capsys, monkeypatch, "--gateway", gateway.gateway, "--model", "other/large", key=who.key)
    assert (code, f"{where.ref}/recorder-1" in told) == (doctor.NO_MODEL, True)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        pytest.param("", "There is no key", id="none"),
        pytest.param("sk-synthetic", "none of Remit's", id="a provider's"),
        pytest.param(f"{KEY} x", "white space", id="two words"),
    ],
)
def test_what_is_no_key_is_not_even_sent(answerer, capsys, monkeypatch, key, said):
    answerer.answers = WELL
    code, told = run(capsys, monkeypatch, "--gateway", answerer.address, key=key)
    assert (code, said in told) == (doctor.NO_KEY, True)
    assert not [headers for _, headers, _ in answerer.calls if "authorization" in headers]


@pytest.mark.parametrize(
    ("path", "answer", "code", "said"),
    [
        pytest.param("/healthz", (200, {}, ["Welcome"]), doctor.NOT_REACHED, "is not the gateway", id="another server"),
        pytest.param("/healthz", (302, {"Location": "http://127.0.0.1:1/"}, {}), doctor.NOT_REACHED, "302", id="moved"),
        pytest.param("/readyz", (503, {}, {"worker": False}), doctor.NOT_READY, "It lacks: worker", id="no worker"),
        pytest.param("/readyz", (502, {}, None), doctor.NOT_READY, "cannot do its work", id="a proxy answers"),
        pytest.param("/remit/v1/access", (401, {}, REFUSED), doctor.NO_KEY, "was revoked", id="a revoked key"),
        pytest.param(
            "/remit/v1/access",
            (302, {"Location": "http://127.0.0.1:1/"}, {}),
            doctor.NO_KEY,
            "302",
            id="sent elsewhere",
        ),
        pytest.param(
            "/remit/v1/access", (200, {}, ACCESS | {"models": []}), doctor.NO_MODEL, "may not send", id="no model"
        ),
        pytest.param(
            "/remit/v1/access",
            (200, {}, ACCESS | {"models": [MODEL | {"stopped": "Nothing is sent to this destination now. A leak."}]}),
            doctor.NO_MODEL,
            "A leak.",
            id="a stop",
        ),
        pytest.param("/remit/v1/check", (503, {}, REFUSED), doctor.NOT_CHECKED, "could not be checked", id="no scan"),
        pytest.param(
            "/remit/v1/check",
            (200, {}, {"verdict": "block", "sentences": ["It is lunch."]}),
            doctor.WORKS,
            "It is lunch",
            id="rules that stop everything",
        ),
        pytest.param(
            "/healthz",
            (200, {"Date": "Thu, 01 Jan 2015 10:00:00 GMT"}, {"alive": True}),
            doctor.WORKS,
            "ahead of the gateway's",
            id="clocks apart",
        ),
    ],
)
def test_each_fault_has_its_sentence_and_its_code(answerer, capsys, monkeypatch, path, answer, code, said):
    answerer.answers = WELL | {path: answer}
    found, told = run(capsys, monkeypatch, "--gateway", answerer.address)
    assert (found, said in told) == (code, True), told


@pytest.mark.parametrize(
    ("address", "said"),
    [
        pytest.param("http://127.0.0.1:1", "Nothing listens", id="nobody there"),
        pytest.param("https://{answerer}", "does not speak TLS", id="no TLS there"),
    ],
)
def test_a_gateway_that_is_not_reached_is_told_why(answerer, capsys, monkeypatch, address, said):
    address = address.format(answerer=answerer.address.removeprefix("http://"))
    code, told = run(capsys, monkeypatch, "--gateway", address)
    assert (code, said in told) == (doctor.NOT_REACHED, True), told


def test_a_client_that_would_go_past_remit_is_told(answerer, capsys, monkeypatch):
    answerer.answers = WELL
    monkeypatch.setenv("OPENAI_BASE_URL", "https://user:secret@api.example.com/v1")
    code, told = run(capsys, monkeypatch, "--gateway", answerer.address)
    assert (code, "points to api.example.com" in told, "secret" in told) == (doctor.WORKS, True, False)


def test_a_key_that_ends_soon_is_told(answerer, capsys, monkeypatch):
    ends = (datetime.fromisoformat(AT) + timedelta(days=2)).astimezone(UTC).isoformat()
    soon = ACCESS | {"key": ACCESS["key"] | {"expires_at": ends}}
    answerer.answers = WELL | {"/remit/v1/access": (200, {}, soon)}
    assert "Make its successor now" in run(capsys, monkeypatch, "--gateway", answerer.address)[1]


def test_programs_read_it_as_json(answerer, capsys, monkeypatch):
    answerer.answers = WELL
    code, told = run(capsys, monkeypatch, "--gateway", answerer.address, "--json")
    assert code == doctor.WORKS
    assert {line["check"] for line in json.load(io.StringIO(told))} >= {
        "reach",
        "clock",
        "ready",
        "key",
        "models",
        "text",
    }


def test_the_key_may_come_from_a_file(answerer, capsys, monkeypatch, tmp_path):
    answerer.answers = WELL
    (tmp_path / "key").write_text(f"{KEY}\n")
    code, _ = run(capsys, monkeypatch, "--gateway", answerer.address, "--key-file", str(tmp_path / "key"), key="")
    assert code == doctor.WORKS


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="nothing"),
        pytest.param(["--gateway", "ftp://gateway.example.com"], id="no web address"),
        pytest.param(["--gateway", "http://gateway.example.com:many"], id="no port"),
        pytest.param(["--gateway", "http://127.0.0.1:1", "--key-file", "/nowhere/key"], id="no such file"),
    ],
)
def test_what_cannot_be_asked_ends_with_a_sentence(capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        doctor.main(arguments)
    assert ended.value.code == doctor.WRONGLY_ASKED
    assert "error:" in capsys.readouterr().err
