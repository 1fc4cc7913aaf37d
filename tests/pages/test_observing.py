"""Observing is asked for on the initiative's page, told where it matters, and ended on its own page with what it showed."""

import pytest

import builders
import sending
from governance.approvals.models import Request
from governance.core.clock import now
from governance.gateway.models import Exchange, Observation
from governance.organisation.roles import Role

WHY = "To see what stops."


@pytest.fixture
def who(db):
    return sending.builder()


@pytest.fixture
def where(who):
    place = sending.destination("https://quill.example/v1")
    sending.grant(who, place)
    return place


@pytest.fixture
def sven(where):
    return builders.person(Role.SECURITY_APPROVER, name="Sven Security")


@pytest.fixture
def lead(enter, who, where, sven):
    return enter(who.person)


@pytest.fixture
def begun(lead, enter, who, where, sven):
    """A period that was asked for and approved on pages."""
    lead.post(f"/initiatives/{who.initiative.code}/observe", {"destination": where.ref, "days": 14, "reason": WHY})
    request = Request.objects.get(subject_kind="observation")
    digest = request.revisions.get().digest
    told = {"kind": "approve", "digest": digest, "comment": "Two weeks."}
    enter(sven).post(f"/inbox/{request.pk}/decide", told)
    return Observation.objects.get()


def test_who_asks_sees_what_stays_stopped_and_whom_it_waits_for(lead, who, where):
    code = who.initiative.code
    assert "Ask for it" in lead.get(f"/initiatives/{code}/").text
    page = lead.post(
        f"/initiatives/{code}/observe", {"destination": where.ref, "days": 14, "reason": WHY}, follow=True
    ).text
    assert "until then every rule holds" in page
    assert "is asked for; until security decides" in lead.get(f"/initiatives/{code}/").text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        pytest.param({"days": 31}, "less than or equal to 30", id="too long"),
        pytest.param({"reason": " "}, "Answer “What do you want to find out?”.", id="no reason"),
        pytest.param({"destination": "elsewhere"}, "not one of the available choices", id="a place it may not send to"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(lead, who, where, more, said):
    told = {"destination": where.ref, "days": 14, "reason": WHY} | more
    answer = lead.post(f"/initiatives/{who.initiative.code}/observe", told)
    assert (answer.status_code, Observation.objects.exists()) == (422, False)
    assert said in answer.text


def test_security_cannot_say_yes_without_a_reason(lead, enter, who, where, sven):
    lead.post(f"/initiatives/{who.initiative.code}/observe", {"destination": where.ref, "days": 14, "reason": WHY})
    request = Request.objects.get(subject_kind="observation")
    told = {"kind": "approve", "digest": request.revisions.get().digest, "comment": ""}
    answer = enter(sven).post(f"/inbox/{request.pk}/decide", told)
    assert answer.status_code == 422
    assert "a yes to this is kept with its reason" in answer.text


def test_it_is_told_on_the_pages_of_initiative_destination_and_call(begun, lead, enter, who, where, sven):
    reason = {"rule": "contact_data", "sentence": "It names a person.", "type": "PERSON", "action": "allow"}
    owned = {"initiative": who.initiative, "unit": who.initiative.accountable_unit, "destination": where}
    made = {"surface": "openai.chat_completions", "verdict": "allow", "would_be": "redact", "state": "completed"}
    reasons = [reason | {"would_be": "redact"}]
    call = Exchange.objects.create(at=now(), observation=begun, key_id=who.key_id, reasons=reasons, **made, **owned)
    assert "Most rules are only observed toward" in lead.get(f"/initiatives/{who.initiative.code}/").text
    assert "Most rules are only observed for" in lead.get(f"/destinations/{where.ref}/").text
    page = lead.get(f"/exchanges/{call.pk}/").text
    assert "It passed while most rules were only observed" in page
    assert "Sent; parts would be replaced: It names a person" in page
    assert "Sent; parts would be replaced" in lead.get("/exchanges/").text
    report = enter(sven).get(f"/observing/{begun.pk}/").text
    assert "1 call so far; switching the rules on would have concerned 1 of them." in report
    assert "Would be replaced" in report
    assert f"/exchanges/{call.pk}/" in report


def test_a_stranger_sees_nothing_of_it_on_the_destination_s_page(begun, enter, where):
    stranger = enter(builders.person(Role.UNIT_HEAD, builders.unit("Retail")))
    assert "only observed for" not in stranger.get(f"/destinations/{where.ref}/").text
    assert stranger.get(f"/observing/{begun.pk}/").status_code == 404


def test_it_is_ended_early_and_says_why(begun, lead):
    page = lead.post(f"/observing/{begun.pk}/end", {"reason": "We have seen enough."}, follow=True).text
    assert "because somebody ended it early" in page
    assert "We have seen enough." in page
    assert lead.post(f"/observing/{begun.pk}/end", {"reason": "Twice."}).status_code == 422
