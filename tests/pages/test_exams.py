"""Exams on their pages: registered, seen by training sets and calls, and what an initiative is measured by. All of it is synthetic."""

import pytest

import builders
import scope
from governance.catalogue import services
from governance.core.actors import INSTALLER
from governance.core.clock import now
from governance.core.ids import uuid7
from governance.detection.fingerprints.exam import Made
from governance.gateway.models import Exchange
from governance.organisation.roles import Role
from governance.remits.services import ExamSeen, record_exam_checks
from governance.scanning.models import Finding, Scan
from governance.scanning.services import ensure_default
from governance.training.tickets import holder_of

pytestmark = pytest.mark.django_db
SEEN = [{"item": "q7", "coverage": 0.93, "line": 12, "records": 1}]
MOST_QUERIES = 24


@pytest.fixture
def steward(signed_in, claims):
    return signed_in(Role.DATA_STEWARD, Role.SECURITY_ANALYST, where=claims)


@pytest.fixture
def harbour(claims):
    ensure_default(by=INSTALLER, at=builders.AT)
    exam = services.add_exam(
        ref="harbour", title="Harbour exam", secrecy="secret", unit_id=claims.pk, by=INSTALLER, at=builders.AT
    )
    services.close_exam(name="harbour", made=Made("0" * 64, 40, 2), folder="x", by=INSTALLER, at=builders.AT)
    return exam


@pytest.fixture
def assistant(claims, owner):
    return scope.initiative(claims, by=owner, title="Letters assistant")


def check(initiative, *, seen=1, index="0" * 64, title="Letters of spring"):
    told = ExamSeen("harbour", index, complete=True, items_seen=seen, covered=0.93 * seen, seen=SEEN[:seen])
    ids = {"initiative_id": initiative.pk, "subject_id": uuid7(), "subject_title": title}
    return record_exam_checks(**ids, checks=[told], by=INSTALLER, at=now())


def exposure(unit, initiative):
    scan = Scan.objects.create(
        subject="exchange:x",
        unit=unit,
        digest="0" * 64,
        ruleset_digest="",
        receipt={},
        complete=True,
        verdict="block",
        at=now(),
    )
    found = {"detector": "evaluation", "path": "messages[0]", "start": 0, "end": 9, "score": 0.9, "keyed_digest": b"x"}
    Finding.objects.create(
        scan=scan, type="EVALUATION", subtype="harbour:q7", action="block", rule="exam_item", **found
    )
    return Exchange.objects.create(
        at=now(), unit=unit, initiative=initiative, scan=scan, surface="chat", verdict="block", state="refused"
    )


def main(answer):
    assert answer.status_code == 200
    return answer.text.split("<main", 1)[1]


def test_an_empty_list_teaches_and_offers_the_first_step(steward):
    text = main(steward.get("/evaluation-sets/"))
    assert "No evaluation set yet" in text
    assert "/evaluation-sets/new" in text


def test_one_is_registered_and_asks_for_its_questions(steward, claims):
    told = {"title": "Harbour exam", "ref": "harbour", "secrecy": "secret", "unit_id": str(claims.pk)}
    assert steward.post("/evaluation-sets/new", told).status_code == 302
    text = main(steward.get("/evaluation-sets/harbour/"))
    assert 'data-upload="/api/v1/evaluation-sets/harbour/items"' in text
    assert steward.post("/evaluation-sets/new", told).status_code == 422


@pytest.mark.parametrize("ref", ["Harbour", "../x", "a" * 65, ""])
def test_a_name_that_no_folder_can_carry_is_refused(steward, claims, ref):
    told = {"title": "Harbour exam", "ref": ref, "secrecy": "secret", "unit_id": str(claims.pk)}
    assert steward.post("/evaluation-sets/new", told).status_code == 422


def test_the_ticket_of_an_upload_is_the_readers(steward, harbour):
    answer = steward.post("/evaluation-sets/harbour/ticket")
    assert holder_of(answer.text, request_id="x").person is not None


def test_the_page_says_which_sets_and_calls_have_seen_it(steward, harbour, assistant, claims):
    check(assistant)
    exposure(claims, assistant)
    text = main(steward.get("/evaluation-sets/harbour/"))
    assert "Has seen it" in text
    assert "q7: 93 % of it, line 12" in text
    assert "Calls that held a question of it" in text
    assert text.count("Letters assistant") == 2
    assert "1 training set and 1 call" in main(steward.get("/evaluation-sets/"))


def test_what_other_units_did_is_not_shown(signed_in, retail, harbour, assistant, claims):
    check(assistant)
    exposure(claims, assistant)
    elsewhere = signed_in(Role.DATA_STEWARD, Role.SECURITY_ANALYST, where=retail)
    text = main(elsewhere.get("/evaluation-sets/harbour/"))
    assert "Letters assistant" not in text
    assert "Retire it" not in text


def test_a_check_against_earlier_questions_says_so(steward, harbour, assistant):
    check(assistant, seen=0, index="1" * 64)
    assert "of earlier questions" in main(steward.get("/evaluation-sets/harbour/"))


def test_an_initiative_names_its_exam_and_says_what_is_known(enter, owner_person, harbour, assistant):
    lead, page = enter(owner_person), f"/initiatives/{assistant.code}/exams/"
    assert "No exam is named" in main(lead.get(page))
    assert lead.post(f"{page}name", {"exam": "harbour", "act": "name"}).status_code == 302
    assert "it is measured by this" in main(lead.get(page))
    assert lead.post(f"{page}name", {"exam": "harbour", "act": "name"}).status_code == 422
    check(assistant)
    assert "what it scores there proves little" in main(lead.get(page))
    assert lead.post(f"{page}name", {"exam": "harbour", "act": "unname"}).status_code == 302


def test_news_of_the_reading_come_only_when_it_is_over(steward, harbour):
    answer = steward.get("/evaluation-sets/harbour/?seen=reading", headers={"HX-Request": "true", "HX-Target": "live"})
    assert answer.headers["HX-Redirect"] == "/evaluation-sets/harbour/"


def test_retired_it_stays_on_record(steward, harbour):
    assert steward.post("/evaluation-sets/harbour/retire").status_code == 302
    assert "stays on record" in main(steward.get("/evaluation-sets/harbour/"))
    assert "/evaluation-sets/harbour/" not in main(steward.get("/evaluation-sets/"))


def test_the_questions_to_the_database_do_not_grow(steward, harbour, assistant, claims, django_assert_max_num_queries):
    for number in range(60):
        check(assistant, title=f"Set {number}")
        exposure(claims, assistant)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert "10 more are not listed here" in main(steward.get("/evaluation-sets/harbour/"))
