"""What holds of every endpoint: who calls, what is refused and how."""

import json
from datetime import timedelta

import pytest

from governance.core.clock import now
from governance.organisation.services import make_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(admin):
    at = now()  # the door reads the clock, so the key must be alive now
    _, text = make_key(title="for tests", scope="api:read", expires_at=at + timedelta(days=1), by=admin, at=at)
    return text


@pytest.fixture
def ask(client):
    def asked(path, key="", **headers):
        if key:
            headers["Authorization"] = f"Bearer {key}"
        return client.get(f"/api/v1/{path}", headers=headers)

    return asked


def test_a_key_says_who_calls(ask, key, admin_person):
    answer = ask("me", key)
    assert answer.status_code == 200
    assert answer.json()["person"] == str(admin_person.pk)
    assert answer.json()["writes"] is False


def test_a_stranger_gets_a_problem_with_a_challenge(ask):
    answer = ask("me")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "not_authenticated"
    assert answer.json()["request_id"] == answer["X-Request-Id"]


def test_an_unknown_field_in_the_query_is_told(ask, key):
    answer = ask("me?colour=red", key)
    assert answer.status_code == 400
    assert answer.json()["field"] == "colour"


def test_the_description_is_open_and_names_every_refusal(client):
    answer = client.get("/api/v1/openapi.json")
    document = json.loads(answer.content)
    assert document["openapi"].startswith("3.1")
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert {"400", "401", "403", "404", "503"} <= set(operation["responses"]), f"{method} {path}"
