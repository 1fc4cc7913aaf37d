"""What a refusal says and offers, and Try it, which asks the gateway as a program does."""

from datetime import timedelta

import pytest
from django.utils import timezone

import builders
import scope
from governance.core.clock import now
from governance.core.ids import uuid7
from governance.gateway.models import Exchange, Release
from governance.gateway.rules import NextStep
from governance.gateway.selectors import ExchangePage, ExchangeRow
from governance.gateway.selectors.pages import AnswerRow
from governance.organisation.roles import Role
from governance.remits.models import Grant
from governance.web.watching import exchanges

REDACTED = {"rule": "personal", "sentence": "It names a person.", "type": "PERSON", "action": "redact"}
BLOCKED = {"rule": "secret", "sentence": "It holds a key.", "type": "SECRET", "action": "block"}


def row(**changed) -> ExchangeRow:
    usual = {
        "id": "01900000-0000-7000-8000-000000000001", "at": builders.AT, "initiative": "letters", "initiative_title": "Letters",
        "unit": "Claims", "destination": "Northwind", "model": "large", "verdict": "block", "state": "refused",
        "error_code": "blocked", "would_be": "", "counts": {"SECRET": 1}, "stream": False, "end_user": "", "verified_user": "", "tokens_in": None,
        "tokens_out": None, "cost": None,
    }  # fmt: skip
    return ExchangeRow(**(usual | changed))


def page(*, reasons=(), steps=(), answer=None, **changed) -> ExchangePage:
    return ExchangePage(
        row=row(**changed), initiative_id=None, destination_id=None, run_id=None, run_name="", findings=[], reasons=list(reasons), provenance="unknown",
        datasets=[], by_override=False, observation=None, bytes_in=10, bytes_out=0, digest="", ruleset="", timings={}, closed_at=None, answer=answer or AnswerRow("", "", "", {}, [], []),
        justifications=[], steps=steps, may_justify=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        pytest.param(page(reasons=[REDACTED, BLOCKED]), "Refused: It holds a key", id="the reason that stopped it"),
        pytest.param(page(verdict="unavailable", counts={}), "Could not be checked: blocked", id="a check that failed"),
        pytest.param(
            page(verdict="redact", state="completed", counts={"PERSON": 2}),
            "Sent, with name of a person (2) replaced",
            id="sent",
        ),
        pytest.param(
            page(
                verdict="allow",
                state="failed",
                error_code="reply_blocked",
                answer=AnswerRow("window", "block", "", {"SOURCE": 1}, [], [BLOCKED | {"sentence": "It is ours."}]),
            ),
            "Answer withheld: It is ours",
            id="an answer that was stopped",
        ),
        pytest.param(
            page(verdict="allow", state="failed", error_code="reply_unchecked"),
            "Answer withheld: unchecked",
            id="an answer that could not be checked",
        ),
    ],
)
def test_a_call_is_said_in_one_sentence(found, sentence):
    assert exchanges._page(found, exchanges.ReasonForm())["title"] == sentence


@pytest.mark.parametrize(
    ("check", "verdict", "said"),
    [
        pytest.param("window", "redact", "Parts taken out", id="read before it was passed on"),
        pytest.param("watch", "redact", "Passed on; parts would be taken out", id="only watched"),
        pytest.param("whole", "hold", "Stopped", id="anything stricter stops it"),
    ],
)
def test_what_came_back_is_said(check, verdict, said):
    found = page(state="completed", answer=AnswerRow(check, verdict, "", {}, [], []))
    assert exchanges._page(found, exchanges.ReasonForm())["answer"]["said"].text == said


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        pytest.param(row(verdict="unavailable", counts={}), "not read", id="could not be checked"),
        pytest.param(row(verdict="block", counts={}), "not read", id="refused before it was read"),
        pytest.param(row(verdict="allow", state="completed", counts={}), "nothing", id="read, and nothing in it"),
    ],
)
def test_what_was_not_read_is_never_called_clean(shown, found):
    assert exchanges.row_of(shown)["found"] == found


@pytest.mark.parametrize("step", [NextStep.ASK_GRANT, NextStep.JUSTIFY, NextStep.WAIT, NextStep.TRY_AGAIN])
def test_every_next_step_says_what_to_do(step):
    [shown] = exchanges._page(page(steps=(step,)), exchanges.ReasonForm())["steps"]
    assert shown["title"]
    assert shown["about"]


@pytest.mark.django_db
def test_only_builders_try_an_initiative(enter, signed_in, claims):
    initiative = scope.initiative(claims)
    other = builders.person(None, claims, roles=[Role.BUILDER])
    answer = enter(other).get(f"/initiatives/{initiative.code}/try/")
    assert answer.status_code == 403
    assert "Only its builders" in answer.text


@pytest.mark.django_db
def test_without_a_right_to_send_the_page_says_what_is_missing(enter, claims):
    lead = builders.person(None, claims, roles=[Role.REQUESTER, Role.BUILDER])
    initiative = scope.initiative(claims, by=builders.actor(lead))
    assert "may not send prompts anywhere now" in enter(lead).get(f"/initiatives/{initiative.code}/try/").text


@pytest.mark.django_db
def test_a_call_nobody_may_see_is_not_there(signed_in):
    assert signed_in(Role.BUILDER).get("/exchanges/01900000-0000-7000-8000-000000000001/").status_code == 404


@pytest.mark.django_db
def test_security_sees_an_empty_desk(signed_in):
    assert "Nothing to look at" in signed_in(Role.SECURITY_ANALYST).get("/reviews/").text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "status"),
    [
        pytest.param("", 422, id="no day"),
        pytest.param((now() + timedelta(days=30)).date().isoformat(), 302, id="a day"),
    ],
)
def test_a_mistake_passes_until_a_day_that_is_named(day, status, enter, every):
    mistake, analyst = every.mistake, enter(builders.person(Role.SECURITY_ANALYST))
    told = {f"{mistake.pk}-answer": "Agreed.", f"{mistake.pk}-suppress_until": day, "outcome": "agree"}
    assert analyst.post(f"/reviews/mistakes/{mistake.pk}", told).status_code == status
    mistake.refresh_from_db()
    assert bool(mistake.suppression_id) == (status == 302)


@pytest.mark.django_db
def test_the_day_until_which_a_mistake_may_pass_is_filled_in(enter, every):
    day = (timezone.localdate() + timedelta(days=90)).isoformat()
    assert f'value="{day}"' in enter(builders.person(Role.SECURITY_ANALYST)).get("/reviews/").text


@pytest.mark.django_db
def test_a_call_that_an_override_let_through_says_so(enter, every):
    lent = Grant.objects.get(remit_id=every.overridden.request.subject_id, by_override=True)
    Grant.objects.filter(pk=lent.pk).update(ends_at=every.at + timedelta(hours=1))
    told = {"initiative": lent.initiative, "unit": every.unit, "remit": lent.remit, "destination": lent.destination}
    called = [
        Exchange.objects.create(pk=uuid7(), at=moment, surface="openai.chat_completions", state="completed", **told)
        for moment in (every.at + timedelta(minutes=5), every.at + timedelta(hours=2))
    ]
    auditor = enter(builders.person(Role.AUDITOR))
    said = ["an override of two people" in auditor.get(f"/exchanges/{each.pk}/").text for each in called]
    assert said == [True, False]


@pytest.mark.django_db
def test_a_builder_refuses_a_call_on_the_page_of_its_answer(every, enter):
    browser, url = enter(every.lead_person), f"/exchanges/{every.exchange.pk}/"
    assert (
        "The model wants to call delete_*. Nothing is called before one of you has said yes." in browser.get(url).text
    )
    browser.post(f"{url}call", {"answer": "refuse", "reason": "no"})
    assert "Say why in at least 10 characters." in browser.get(url).text
    browser.post(f"{url}call", {"answer": "refuse", "reason": "It is not ours to delete."})
    browser.post(f"{url}call", {"answer": "confirm"})
    again = browser.get(url).text
    assert "This is refused already." in again
    assert "It is not ours to delete." in again


@pytest.fixture
def released(every):
    """Return a function that shows its builder a request that two people released: used then, or running out then."""

    def shown(enter, *, used_at=None, until=None):
        Exchange.objects.filter(pk=every.held.pk).update(state="released")
        lasts = until or now() + timedelta(hours=3)
        made = {"made_at": lasts - timedelta(hours=24), "expires_at": lasts, "used_at": used_at}
        Release.objects.create(exchange=every.held, initiative=every.initiative, keyed_digest=b"synthetic", **made)
        return enter(every.lead_person).get(f"/exchanges/{every.held.pk}/").text

    return shown


def test_what_was_released_may_be_sent_again_once(released, enter):
    assert "Send it again" in released(enter)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        pytest.param({"used_at": now()}, "exactly the same was sent once since", id="it was used"),
        pytest.param({"until": now() - timedelta(hours=1)}, "nobody sent it within a day", id="it ran out"),
    ],
)
def test_a_release_that_is_over_is_offered_no_more(released, enter, told, said):
    page = released(enter, **told)
    assert "Send it again" not in page
    assert said in page


def test_a_call_on_its_way_is_not_said_to_be_possibly_sent():
    assert exchanges.happened(row(verdict="allow", state="intended", error_code="", counts={})).text == "On its way"
    assert exchanges.happened(row(verdict="allow", state="possibly_sent", error_code="")).text == "Possibly sent"


def test_a_call_whose_answer_waits_for_a_person_says_so(every, enter):
    Exchange.objects.filter(pk=every.exchange.pk).update(reply_check="window", reply_verdict="allow")
    page = enter(every.lead_person).get(f"/exchanges/{every.exchange.pk}/").text
    assert "Sent; its answer waits" in page
    assert "waits for a person</h1>" in page
    assert "Not passed on yet" in page
