"""A portal shows its developers how to call: the models of an initiative, each with the lines of a first call."""

import pytest

import builders
import rest
import sending
from governance.organisation.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    made = sending.builder()
    sending.grant(made, sending.destination("http://127.0.0.1:1/v1", models=("large",)))
    return made


def test_a_builder_reads_what_may_be_called_and_how(client, who):
    call = rest.by_key(client, builders.actor(who.person), "api:read")
    told = call("get", f"initiatives/{who.initiative.code}/connection?language=curl&stream=true").json()
    [reach] = told["reaches"]
    assert reach["name"].endswith("/large")
    assert reach["base_url"] == f"{told['gateway']}/openai/v1"
    assert reach["snippet"]["lines"].startswith("curl --no-buffer")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        pytest.param("language=klingon", "language", id="no language of ours"),
        pytest.param("stream=perhaps", "stream", id="neither yes nor no"),
    ],
)
def test_what_is_unknown_is_refused_by_name(client, who, query, field):
    call = rest.by_key(client, builders.actor(who.person), "api:read")
    answer = call("get", f"initiatives/{who.initiative.code}/connection?{query}")
    assert (answer.status_code, field in answer.text) == (400, True), answer.text


def test_who_is_no_builder_of_it_is_told_whom_to_ask(client, who):
    colleague = builders.person(Role.BUILDER, who.initiative.accountable_unit)
    answer = rest.by_key(client, builders.actor(colleague))("get", f"initiatives/{who.initiative.code}/connection")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_a_member")
    assert "Lea Lead" in answer.json()["remedy"]
