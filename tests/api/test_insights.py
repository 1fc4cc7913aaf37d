"""Figures over REST are those of the pages, of the caller's units alone."""

import pytest

import builders
import rest
from governance.organisation.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def executive(every, group):
    return rest.by_session(builders.person(Role.EXECUTIVE, group))


def test_waiting_says_who_waits_for_whom(every, executive):
    answer = executive("get", "insights/waiting").json()
    assert {"Claims"} == {pair["asking"] for pair in answer["pairs"] if pair["waiting"]}
    assert answer["pace"]["wait"]["number"] >= 1
    assert (
        sum(age["deciders"] + age["asker"] for age in answer["ages"])
        == executive("get", "insights/open-requests").json()["total"]
    )


def test_open_requests_are_narrowed_and_paged(every, executive):
    first = executive("get", "insights/open-requests?limit=1&role=it_approver").json()
    assert len(first["rows"]) == 1
    assert "it_approver" in first["rows"][0]["roles"]
    assert executive("get", "insights/open-requests?older_than_days=30").json()["rows"] == []


def test_ownership_flows_and_exposure_answer(every, executive):
    owned = executive("get", "insights/ownership").json()
    assert next(unit for unit in owned["units"] if unit["unit_name"] == "Claims")["total"] >= 1
    flows = executive("get", "insights/flows").json()
    assert {flow["dataset"]["ref"]: flow["grants"] for flow in flows["flows"]}[every.dataset.ref] >= 1
    assert executive("get", "insights/exposure?days=30").json()["found"] == [
        {"kind": "PERSON", "found": 2, "traffic": {"calls": 1, "left": 0, "changed": 0, "stopped": 1}}
    ]


def test_the_head_of_another_unit_gets_figures_of_that_unit(every, retail):
    head = rest.by_session(builders.person(Role.UNIT_HEAD, retail))
    assert head("get", "insights/waiting").json()["pairs"] == []
    assert head("get", f"insights/waiting?unit={every.unit.ref}").status_code == 404


def test_a_period_that_is_none_is_refused(executive):
    assert executive("get", "insights/waiting?days=0").status_code == 400
