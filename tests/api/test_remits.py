"""A remit over REST: drafted, compared, sent, decided, ended."""

import pytest

import everything
import rest
from governance.remits.services import start_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(every):
    return {"revision": every.draft.revision, "body": every.draft.body}


def test_a_draft_is_started_saved_and_read_again(every, lead, draft):
    begun = lead("post", f"initiatives/{every.new.code}/remits")
    assert begun.status_code == 201, begun.content
    place = f"remits/{begun.json()['row']['id']}"
    body = draft["body"] | {"title": "Letters, drafted"}
    saved = lead("put", place, {"revision": begun.json()["revision"], "body": body})
    assert saved.json()["body"]["title"] == "Letters, drafted"
    assert lead("get", place).json() == saved.json()


def test_a_stale_draft_is_refused(every, lead, draft):
    assert lead("put", f"remits/{every.draft.pk}", draft).status_code == 200
    stale = lead("put", f"remits/{every.draft.pk}", draft)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_revision")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        pytest.param({"colour": "red"}, "body", id="a field that no remit has"),
        pytest.param({"title": ["a", "list"]}, "title", id="a list for a text"),
        pytest.param({"grants": [{"mode": {}}]}, "grants[0].mode", id="an object deep inside"),
    ],
)
def test_a_wrong_answer_names_its_field(every, lead, draft, changed, field):
    refused = lead("put", f"remits/{every.draft.pk}", draft | {"body": draft["body"] | changed})
    assert (refused.status_code, refused.json()["field"]) == (422, field)


def test_choosing_an_option_changes_the_draft(every, lead):
    place = f"remits/{every.draft.pk}/options"
    rows = lead("get", place).json()["rows"]
    assert [row["technique"] for row in rows if row["chosen"]] == ["prompt"]
    asked = {"revision": every.draft.revision, "destination": every.destination.ref, "technique": "retrieval"}
    assert lead("post", place, asked).json()["body"]["technique"] == "retrieval"


def test_a_submission_sent_twice_asks_people_once(every, lead):
    idea = everything.idea(every, title="Sent twice")
    begun = start_draft(initiative_id=idea.pk, by=every.lead, at=every.at)
    body = every.draft.body | {"title": "Sent twice", "accuracy_need": "Nine in ten."}
    saved = lead("put", f"remits/{begun.pk}", {"revision": begun.revision, "body": body}).json()
    send = ("post", f"remits/{begun.pk}/submission", {"revision": saved["revision"]})
    first, second = (lead(*send, Idempotency_Key="once") for _ in range(2))
    assert first.status_code == 201, first.content
    assert second.json()["request"] == first.json()["request"]
    assert lead("get", f"remits/{begun.pk}").json()["row"]["state"] == first.json()["state"]


def test_a_revoked_grant_is_not_revoked_again(every):
    steward = rest.by_session(every.deciders.steward_person)
    place = f"grants/{every.grant.pk}/revocation"
    assert steward("post", place, {"reason": "The data moved."}).json()["state"] == "revoked"
    again = steward("post", place, {"reason": "The data moved."})
    assert (again.status_code, again.json()["code"]) == (409, "not_in_force")


def test_it_does_not_draft(every):
    refused = rest.by_session(every.deciders.it_person)("post", f"initiatives/{every.new.code}/remits")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        pytest.param("get", "remits/{e.remit}", None, id="read"),
        pytest.param("put", "remits/{e.draft.pk}", {"revision": 1, "body": {}}, id="save"),
        pytest.param("get", "remits/{e.draft.pk}/options", None, id="compare"),
        pytest.param("post", "remits/{e.draft.pk}/submission", {"revision": 1}, id="send"),
        pytest.param("post", "remits/{e.remit}/revocation", {"reason": "No."}, id="revoke"),
        pytest.param("post", "grants/{e.grant.pk}/revocation", {"reason": "No."}, id="revoke a grant"),
        pytest.param("get", "initiatives/{e.initiative.code}/grants", None, id="list grants"),
        pytest.param("post", "samples/{e.sample.pk}/look", {"outcome": "fine"}, id="look at a sample"),
        pytest.param("get", "requests/{e.request.pk}", None, id="read the request"),
        pytest.param("post", "requests/{e.request.pk}/comments", {"text": "Hello."}, id="comment"),
        pytest.param("post", "requests/{e.request.pk}/withdrawal", None, id="withdraw"),
        pytest.param("get", "exchanges/{e.exchange.pk}", None, id="read an exchange"),
        pytest.param("post", "exchanges/{e.exchange.pk}/justifications", {"reason": "Because."}, id="justify"),
        pytest.param("post", "mistakes/{e.mistake.pk}/answer", {"answer": "No."}, id="answer a mistake"),
        pytest.param("get", "training-sets/{e.training_set.pk}", None, id="read a training set"),
        pytest.param("get", "people/{e.colleague.pk}", None, id="read a person"),
        pytest.param("delete", "keys/{e.key.pk}", None, id="revoke a key"),
        pytest.param("post", "notices/{e.notice.pk}/reading", None, id="read a notice"),
    ],
)
def test_what_is_of_another_unit_is_not_found(every, stranger, method, path, body):
    hidden = stranger(method, path.format(e=every), body)
    assert hidden.status_code == 404, hidden.content
