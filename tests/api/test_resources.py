"""A program's day: read the catalogue, propose an initiative, change it once, follow the log."""

from datetime import timedelta

import pytest

import rest
from governance.core.clock import now
from governance.organisation.services import make_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client, owner):
    return rest.by_key(client, owner)


@pytest.fixture
def proposal(claims):
    return {"title": "Claims letters", "purpose_text": "Draft letters for a person to check.", "unit": str(claims.pk)}


def test_an_initiative_is_proposed_and_read_again(lead, proposal):
    made = lead("post", "initiatives", proposal)
    assert made.status_code == 201, made.content
    read = lead("get", f"initiatives/{made.json()['row']['code']}")
    assert read.json() == made.json()


def test_a_repeated_call_has_one_effect(lead, proposal):
    first = lead("post", "initiatives", proposal, Idempotency_Key="once")
    second = lead("post", "initiatives", proposal, Idempotency_Key="once")
    assert second.status_code == 201
    assert second.json() == first.json()
    assert lead("get", "initiatives").json()["total"] == 1


def test_a_key_reused_for_another_body_is_refused(lead, proposal):
    lead("post", "initiatives", proposal, Idempotency_Key="once")
    other = lead("post", "initiatives", {**proposal, "title": "Other"}, Idempotency_Key="once")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_a_stale_change_is_refused(lead, proposal):
    code = lead("post", "initiatives", proposal).json()["row"]["code"]
    assert lead("patch", f"initiatives/{code}", {"revision": 1, "title": "One"}).status_code == 200
    stale = lead("patch", f"initiatives/{code}", {"revision": 1, "title": "Two"})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_revision")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param(b'{"title": "a", "title": "b"}', 400, "json_duplicate_key", id="a key twice"),
        pytest.param(b'{"title": NaN}', 400, "json_number", id="not a number"),
        pytest.param(b"[" * 70 + b"]" * 70, 400, "json_depth", id="nested too deep"),
        pytest.param(b'{"title": "\\ud800"}', 400, "json_surrogate", id="half a surrogate pair"),
        pytest.param(b'{"title": "a\\u0000b"}', 400, "json_nul", id="a NUL"),
        pytest.param(b"\xff\xfe", 400, "json_encoding", id="not UTF-8"),
        pytest.param(b'{"colour": "red"}', 400, "wrong_input", id="an unknown field"),
        pytest.param(b"[]", 400, "wrong_input", id="not an object"),
    ],
)
def test_a_bad_body_is_told(client, owner, body, status, code):
    at = now()
    _, text = make_key(title="bad", scope="api:write", expires_at=at + timedelta(days=1), by=owner, at=at)
    headers = {"Authorization": f"Bearer {text}"}
    answer = client.post("/api/v1/initiatives", data=body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_reading_key_changes_nothing(client, owner, proposal):
    refused = rest.by_key(client, owner, "api:read")("post", "initiatives", proposal)
    assert (refused.status_code, refused.json()["code"]) == (403, "key_reads_only")


def test_an_outsider_does_not_find_the_initiative(client, lead, outsider, proposal):
    code = lead("post", "initiatives", proposal).json()["row"]["code"]
    hidden = rest.by_key(client, outsider)("get", f"initiatives/{code}")
    assert hidden.status_code in {403, 404}
    assert "Claims letters" not in hidden.content.decode()


def test_a_wrong_cursor_is_told(lead):
    answer = lead("get", "initiatives?cursor=bm9uc2Vuc2U=")
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_cursor")


def test_pages_follow_one_another(lead, proposal):
    for number in range(3):
        lead("post", "initiatives", {**proposal, "title": f"Letters {number}"})
    first = lead("get", "initiatives?limit=2").json()
    second = lead("get", f"initiatives?limit=2&cursor={first['next']}").json()
    codes = [row["code"] for row in first["rows"] + second["rows"]]
    assert len(set(codes)) == 3
    assert second["next"] is None


def test_only_an_auditor_exports_the_log(client, lead, auditor):
    assert lead("get", "audit/events").status_code == 403
    answer = rest.by_key(client, auditor, "api:read")("get", "audit/events?format=csv")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"idx,")
