"""A lead asks in three steps; people decide on one screen; what is not theirs does not exist for others."""

import re

import pytest

import asking
import builders
import scope
from governance.approvals.models import Decision, Request
from governance.catalogue.services import ensure_built_in
from governance.organisation.roles import Role
from governance.remits.models import Remit

pytestmark = pytest.mark.django_db
PURPOSE = {"title": "Hail letters", "purpose_text": "Draft letters after hail.", "purpose": "summarise"}
CARE = {
    "human_oversight": "A person reads every output before it is used.",
    "tier": "low",
    "ai_act_class": "limited",
    "accuracy_need": "Amounts and dates.",
    "redact": ["PERSON"],
    "ends": "2027-03-31",
    "then": "next",
}


@pytest.fixture
def letters(group):
    return scope.dataset(title="Claims letters", ref="letters")


@pytest.fixture
def place(group):
    return scope.destination(title="Northwind, our tenant", ref="northwind", hosting="tenant_cloud")


@pytest.fixture
def catalogue(group, letters, place, it, steward):
    """What a request can be made of, and who decides about it."""
    ensure_built_in(unit_id=group.pk, by=builders.INSTALLER, at=builders.AT)


@pytest.fixture
def begun(enter, lead, claims, catalogue):
    """Return the lead's browser and the address of their draft after the first step."""
    browser = enter(lead)
    answer = browser.post("/requests/new/", PURPOSE | {"unit_id": str(claims.pk)})
    return browser, answer["Location"]


def revision_on(browser, url):
    return re.search(r'name="revision" value="(\d+)"', browser.get(url).text)[1]


@pytest.fixture
def sent(begun):
    """Return the lead's browser and the page they see after sending."""
    browser, data = begun
    chosen = {"datasets": ["letters"], "technique": "prompt", "option": "northwind|prompt", "then": "next"}
    care = browser.post(data, chosen | {"revision": revision_on(browser, data)})["Location"]
    return browser, browser.post(care, CARE | {"revision": revision_on(browser, care)})


def test_a_request_is_sent_in_three_steps(sent):
    _, page = sent
    assert page.status_code == 200
    assert "Steward of Claims letters" in page.text
    body = Remit.objects.get(state="submitted").body
    assert body["human_oversight"] == CARE["human_oversight"]
    [grant] = body["grants"]
    assert (grant["dataset"], grant["destination"], grant["mode"]) == ("letters", "northwind", "prompt")
    assert grant["conditions"]["redact"] == ["PERSON"]
    assert "oversight" not in body


def test_figures_of_oversight_are_asked_for_and_kept(begun):
    browser, data = begun
    chosen = {"datasets": ["letters"], "technique": "prompt", "option": "northwind|prompt", "then": "next"}
    care = browser.post(data, chosen | {"revision": revision_on(browser, data)})["Location"]
    told = CARE | {"then": "stay", "share": "40", "least_seconds": "20", "reviewers": "Claims clerks"}
    browser.post(care, told | {"revision": revision_on(browser, care)})
    promised = {"share": 40, "least_seconds": 20, "reviewers": "Claims clerks", "verified_only": False}
    assert Remit.objects.get().body["oversight"] == promised
    assert 'value="Claims clerks"' in browser.get(care).text
    browser.post(care, told | {"verified_only": "True", "revision": revision_on(browser, care)})
    assert Remit.objects.get().body["oversight"] == promised | {"verified_only": True}
    answer = browser.post(care, told | {"share": "", "revision": revision_on(browser, care)})
    assert "Say of how many answers" in answer.text


def test_what_may_be_left_out_stands_folded_until_it_says_something(begun):
    browser, data = begun
    chosen = {"datasets": ["letters"], "technique": "prompt", "option": "northwind|prompt", "then": "next"}
    care = browser.post(data, chosen | {"revision": revision_on(browser, data)})["Location"]
    assert browser.get(care).text.count('<details class="fold">') == 3
    told = CARE | {"then": "stay", "redact": [], "ends": "", "reviewers": "Claims clerks"}
    answer = browser.post(care, told | {"revision": revision_on(browser, care)})
    assert "Say of how many answers" in answer.text
    assert answer.text.count('<details class="fold" open>') == 1


def test_how_values_are_replaced_is_asked_for_and_may_be_left_to_the_rules_again(begun):
    browser, data = begun
    chosen = {"datasets": ["letters"], "technique": "prompt", "option": "northwind|prompt", "then": "next"}
    care = browser.post(data, chosen | {"revision": revision_on(browser, data)})["Location"]
    told = CARE | {"then": "stay", "redact": [], "ends": ""}
    browser.post(care, told | {"way": "hash", "revision": revision_on(browser, care)})
    assert Remit.objects.get().body["grants"][0]["conditions"]["way"] == "hash"
    page = browser.get(care).text
    assert '<option value="hash" selected>' in page
    assert page.count('<details class="fold" open>') == 1
    browser.post(care, told | {"revision": revision_on(browser, care)})
    assert "way" not in Remit.objects.get().body["grants"][0]["conditions"]


def test_tools_are_listed_one_a_line_and_kept_as_they_were(begun):
    browser, data = begun
    chosen = {"datasets": ["letters"], "technique": "prompt", "option": "northwind|prompt", "then": "next"}
    care = browser.post(data, chosen | {"revision": revision_on(browser, data)})["Location"]
    lines = "look_up_claim\ndelete_*, confirm"
    told = CARE | {"then": "stay", "tools": lines}
    browser.post(care, told | {"revision": revision_on(browser, care)})
    kept = [{"name": "look_up_claim", "class": "free"}, {"name": "delete_*", "class": "confirm"}]
    assert Remit.objects.get().body["tools"] == kept
    assert "look_up_claim\ndelete_* confirm</textarea>" in browser.get(care).text
    wrong = browser.post(care, told | {"tools": "delete claim", "revision": revision_on(browser, care)})
    assert (wrong.status_code, "must be one of: free, confirm" in wrong.text) == (422, True)
    assert Remit.objects.get().body["tools"] == kept


def test_caps_of_runs_are_asked_for_and_the_usual_ones_are_not_written(begun):
    browser, data = begun
    chosen = {"datasets": ["letters"], "technique": "prompt", "option": "northwind|prompt", "then": "next"}
    care = browser.post(data, chosen | {"revision": revision_on(browser, data)})["Location"]
    told = CARE | {"then": "stay", "calls": "500", "spend": "2.50", "must_be_named": "True"}
    browser.post(care, told | {"revision": revision_on(browser, care)})
    kept = {"depth": 5, "fan_out": 20, "calls": 500, "spend": 2_500_000, "must_be_named": True}
    assert Remit.objects.get().body["runs"] == kept
    assert 'value="2.5"' in browser.get(care).text
    browser.post(care, CARE | {"then": "stay", "calls": "500", "revision": revision_on(browser, care)})
    assert "runs" not in Remit.objects.get().body


def test_the_table_follows_the_data_and_the_draft_is_kept(begun):
    browser, data = begun
    told = {"datasets": ["letters"], "technique": "prompt", "revision": revision_on(browser, data)}
    part = browser.post(data, told, headers={"HX-Request": "true"})
    assert "Northwind, our tenant" in part.text
    assert "Ines Approver" in part.text
    assert "<html" not in part.text
    assert Remit.objects.get().body["grants"][0]["dataset"] == "letters"


def test_going_on_without_a_destination_is_told_at_the_table(begun):
    browser, data = begun
    told = {"datasets": ["letters"], "then": "next", "revision": revision_on(browser, data)}
    answer = browser.post(data, told)
    assert answer.status_code == 422
    assert "Choose where it should go." in answer.text


def test_somebody_elses_answers_are_not_written_over(begun):
    browser, data = begun
    stale = revision_on(browser, data)
    told = {"datasets": ["letters"], "revision": stale}
    browser.post(data, told)
    answer = browser.post(data, told | {"then": "next", "option": "northwind|prompt"})
    assert answer.status_code == 422
    assert "changed" in answer.text.lower()


def test_a_draft_of_another_unit_is_not_there(begun, signed_in, retail):
    _, data = begun
    assert signed_in(Role.REQUESTER, where=retail).get(data).status_code == 404


def test_a_decision_takes_one_press(sent, enter, it):
    browser = enter(it)
    request = Request.objects.get()
    assert request.title in browser.get("/inbox/").text
    page = browser.get(f"/inbox/{request.pk}/").text
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)[1]
    answer = browser.post(f"/inbox/{request.pk}/decide", {"kind": "approve", "digest": digest, "comment": ""})
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/")
    assert Decision.objects.get().actor == it


def test_sending_back_needs_a_reason_and_keeps_the_page(sent, enter, it):
    request = Request.objects.get()
    digest = request.revisions.get().digest
    told = {"kind": "request_changes", "digest": digest, "comment": " "}
    answer = enter(it).post(f"/inbox/{request.pk}/decide", told)
    assert answer.status_code == 422
    assert "Say why" in answer.text
    assert not Decision.objects.exists()


def test_nobody_decides_without_having_said_who_they_are(sent, enter, it):
    request = Request.objects.get()
    digest = request.revisions.get().digest
    told = {"kind": "approve", "digest": digest, "comment": ""}
    answer = enter(it, stepped_up=False).post(f"/inbox/{request.pk}/decide", told)
    assert answer["Location"].startswith("/step-up/")
    assert not Decision.objects.exists()


def test_a_decision_about_something_else_is_refused(sent, enter, it):
    request = Request.objects.get()
    told = {"kind": "approve", "digest": "0" * 64, "comment": ""}
    answer = enter(it).post(f"/inbox/{request.pk}/decide", told)
    assert answer.status_code in {403, 409}
    assert not Decision.objects.exists()


def test_who_asked_sees_who_decides_and_cannot_decide(sent):
    browser, _ = sent
    request = Request.objects.get()
    page = browser.get(f"/inbox/{request.pk}/").text
    assert "Can decide: Ines Approver" in page
    assert 'value="approve"' not in page
    assert request.title in browser.get("/inbox/asked").text


def test_who_asked_can_take_it_back(sent):
    browser, _ = sent
    request = Request.objects.get()
    browser.post(f"/inbox/{request.pk}/withdraw")
    request.refresh_from_db()
    assert request.state == "withdrawn"


def test_a_comment_is_shown_to_everyone_in_the_request(sent, enter, it):
    request = Request.objects.get()
    enter(it).post(f"/inbox/{request.pk}/comment", {"text": "Which region?"})
    assert "Which region?" in sent[0].get(f"/inbox/{request.pk}/").text


def test_a_request_of_another_unit_is_not_there(sent, signed_in, retail):
    assert signed_in(Role.REQUESTER, where=retail).get(f"/inbox/{Request.objects.get().pk}/").status_code == 404


def test_the_key_for_trying_out_is_shown_once(begun, letters, place, group):
    samples = scope.dataset(title="Made-up letters", ref="samples", classification="public", synthetic=True)
    deciders = [builders.actor_with(role) for role in (Role.IT_APPROVER, Role.DATA_STEWARD, Role.SECURITY_APPROVER)]
    asking.pattern(asking.sandbox_bounds(samples, place), *deciders[:2], name="Sandbox", sandbox=True)
    browser, data = begun
    chosen = {"datasets": ["letters"], "technique": "prompt", "option": "northwind|prompt", "then": "next"}
    care = browser.post(data, chosen | {"revision": revision_on(browser, data)})["Location"]
    page = browser.post(care, CARE | {"revision": revision_on(browser, care)})
    assert re.search(r"rmt_[A-Za-z0-9]{10}_\S{43}", page.text)
    assert "no-store" in page["Cache-Control"]


def test_no_lead_meets_the_words_of_the_machine_room(sent):
    browser, page = sent
    request = Request.objects.get()
    texts = [
        page.text,
        browser.get(f"/inbox/{request.pk}/").text,
        browser.get("/").text,
        browser.get("/inbox/asked").text,
    ]
    shown = re.sub(r"<[^>]*>", " ", " ".join(texts)).lower()
    assert not {"permit", "receipt", "digest"} & set(re.findall(r"[a-z]+", shown))
