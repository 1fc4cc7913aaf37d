"""Rules over REST: drafted, checked, tried, replayed, and put to two people."""

import pytest

import builders
import rest
from governance.approvals.models import Request
from governance.organisation.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def paul(group):
    return rest.by_session(builders.person(Role.POLICY_ADMIN, group))


@pytest.fixture
def draft(paul):
    return paul("post", "workflow-drafts", {"name": "default"}).json()


def test_rules_go_from_a_draft_to_two_people(paul, draft, group):
    for role in (Role.IT_APPROVER, Role.LEGAL_APPROVER):
        builders.person(role, group)
    place = f"workflow-drafts/{draft['id']}"
    text = draft["text"].replace("IT answers for", "Our IT answers for")
    kept = paul("put", place, {"revision": draft["revision"], "text": text}).json()
    assert kept["faults"] == []
    early = paul("post", f"{place}/submission", {"revision": kept["revision"]})
    assert (early.status_code, early.json()["code"]) == (409, "replay_missing")
    replayed = paul("post", f"{place}/replays", {"last": 100}).json()
    assert (replayed["state"], replayed["total"], replayed["current"]) == ("done", 0, True)
    assert paul("get", f"workflow-replays/{replayed['id']}").json()["counts"] == []
    asked = paul("post", f"{place}/submission", {"revision": kept["revision"]})
    assert asked.status_code == 201
    assert Request.objects.get(pk=asked.json()["request"]).subject_kind == "workflow"


def test_a_check_names_line_and_place_and_keeps_nothing(paul):
    fault = paul("post", "workflow-check", {"text": "name: default\nstages: 3"}).json()["faults"][0]
    assert (fault["line"], fault["place"], fault["text"]) == (2, "stages", "stages must be a list.")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param({"facts": {"ai_act_class": "prohibited"}}, ("prohibits", False), id="nobody could approve it"),
        pytest.param({"facts": {"classification": "restricted"}}, ("", True), id="an example"),
    ],
)
def test_a_dry_run_answers_for_an_example(paul, draft, asked, expected):
    answer = paul("post", f"workflow-drafts/{draft['id']}/dry-run", asked).json()
    said, is_asked = expected
    assert said in answer["denied"]
    assert any(stage["name"] == "Security" and stage["asked"] for stage in answer["stages"]) is is_asked


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        pytest.param({"facts": {"tier": 3}}, 422, id="a fact of another type"),
        pytest.param({"facts": {"colour": "red"}}, 422, id="no fact"),
        pytest.param({"number": 999}, 404, id="no such request"),
    ],
)
def test_a_dry_run_refuses_what_it_cannot_ask(paul, draft, asked, status):
    assert paul("post", f"workflow-drafts/{draft['id']}/dry-run", asked).status_code == status


def test_everybody_reads_the_rules_and_only_policy_admins_draft(paul, draft, group):
    reader = rest.by_session(builders.person(Role.IT_APPROVER, group))
    version = reader("get", "workflows").json()["rows"][0]
    assert reader("get", f"workflows/{version['id']}").json()["in_force"] is True
    assert reader("get", f"workflow-drafts/{draft['id']}").status_code == 403
    assert reader("post", "workflow-drafts", {"name": "default"}).status_code == 403
    assert paul("delete", f"workflow-drafts/{draft['id']}").status_code == 204
