"""A request over REST: what waits, one decision bound to a digest, words, and taking it back."""

import pytest

import rest

pytestmark = pytest.mark.django_db


@pytest.fixture
def it(every):
    return rest.by_session(every.deciders.it_person)


@pytest.fixture
def place(every):
    return f"requests/{every.request.pk}"


def decision(call, place, kind="approve", **changed):
    digest = call("get", place).json()["digest"]
    return call("post", f"{place}/decisions", {"kind": kind, "digest": digest} | changed)


def test_what_waits_is_decided_and_waits_no_more(every, it, place):
    waiting = {row["id"] for row in it("get", "inbox").json()["rows"]}
    assert str(every.request.pk) in waiting
    decided = decision(it, place)
    assert decided.status_code == 201, decided.content
    assert [(said["kind"], said["current"]) for said in decided.json()["decisions"]] == [("approve", True)]
    assert str(every.request.pk) not in {row["id"] for row in it("get", "inbox").json()["rows"]}
    assert str(every.request.pk) in {row["id"] for row in it("get", "requests?whose=decided").json()["rows"]}


def test_a_decision_about_something_else_is_refused(it, place):
    other = decision(it, place, digest="0" * 64)
    assert other.status_code == 409
    assert it("get", place).json()["decisions"] == []


def test_nobody_decides_their_own_request(lead, place):
    refused = decision(lead, place)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")


def test_a_rejection_owes_a_reason(it, place):
    refused = decision(it, place, kind="reject")
    assert (refused.status_code, refused.json()["field"]) == (422, "comment")


def test_a_word_is_read_by_the_others(lead, it, place):
    lead("post", f"{place}/comments", {"text": "For the spring letters."})
    assert [remark["text"] for remark in it("get", place).json()["comments"]] == ["For the spring letters."]


def test_a_request_is_taken_back_once(lead, place):
    assert lead("post", f"{place}/withdrawal").json()["state"] == "withdrawn"
    again = lead("post", f"{place}/withdrawal")
    assert (again.status_code, again.json()["code"]) == (409, "not_open")


def test_only_who_asked_takes_it_back(it, place):
    refused = it("post", f"{place}/withdrawal")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")


def test_a_change_is_sent_back_written_and_taken_once_with_its_yes(lead, it, place):
    less = {"grants": [{"number": 1, "redact": ["IBAN_CODE"]}], "counts": True}
    sent = decision(it, place, kind="request_changes", comment="Accounts, too.", suggestion=less)
    assert sent.status_code == 201, sent.content
    written = sent.json()["decisions"][0]["suggestion"]
    assert (written["state"], written["waits"]) == ("open", True)
    taking = f"{place}/suggestions/{written['id']}/taking"
    assert lead("post", taking).json()["state"] == "taken"
    again = lead("post", taking)
    assert (again.status_code, again.json()["code"]) == (409, "suggestion_answered")
    assert [said["beforehand"] for said in it("get", place).json()["decisions"]] == [False, True]


def test_a_suggestion_is_declined_with_an_answer(lead, every):
    place = f"requests/{every.narrowed.pk}/suggestions/{every.suggestion.pk}/declining"
    assert lead("post", place, {"answer": ""}).status_code == 400
    declined = lead("post", place, {"answer": "We need it."}).json()
    assert (declined["state"], declined["answer"]) == ("declined", "We need it.")
