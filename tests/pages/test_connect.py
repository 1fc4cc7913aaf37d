"""Connect: the lines to paste, for what the initiative may really call, and its calls as they come."""

import re
from datetime import timedelta

import pytest

import builders
import scope
import sending
from governance.core.clock import now
from governance.destinations.rules import Dialect
from governance.gateway.models import Exchange
from governance.initiatives import services as initiatives
from governance.initiatives.rules import InitiativeState
from governance.organisation.roles import Role
from governance.web.building import connect

pytestmark = pytest.mark.django_db
PARTS = {"HX-Request": "true"}


@pytest.fixture
def who():
    made = sending.builder()
    for dialect in (Dialect.OPENAI, Dialect.ANTHROPIC):
        url = f"http://127.0.0.1:1{sending.BASES[dialect]}"
        sending.grant(made, sending.destination(url, dialect=dialect, models=(f"{dialect}-large",)))
    return made


@pytest.fixture
def page(who):
    return f"/initiatives/{who.initiative.code}/connect/"


def exchange(who, **facts):
    usual = {"state": "completed", "verdict": "allow", "surface": "openai.chat_completions"}
    owned = {"initiative": who.initiative, "unit": who.initiative.accountable_unit}
    return Exchange.objects.create(at=now(), **owned, **(usual | facts))


def calls_url(text):
    return re.search(r'hx-get="([^"]*connect/calls[^"]*)"', text)[1].replace("&amp;", "&")


def test_the_lines_are_for_what_may_be_called_now(enter, who, page):
    shown = enter(who.person).get(page).text
    assert "/anthropic" in shown
    assert "anthropic-large" in shown
    assert "openai-large" in shown
    assert "REMIT_KEY" in shown


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        pytest.param({"language": "javascript"}, "process.env.REMIT_KEY", id="another language"),
        pytest.param({"language": "curl", "manner": "streamed"}, "--no-buffer", id="another manner"),
        pytest.param({"language": "environment"}, "OPENAI_BASE_URL", id="no change at all"),
        pytest.param({"language": "klingon", "model": "x/y", "manner": "\x00"}, "import os", id="nothing known"),
    ],
)
def test_the_lines_follow_what_is_chosen(enter, who, page, asked, held):
    answer = enter(who.person).get(page, asked)
    assert (answer.status_code, held in answer.text) == (200, True)


def test_an_interface_that_keeps_files_has_the_lines_for_one(enter, who, page):
    there = enter(who.person)
    model = re.search(r'value="([^"]*anthropic-large)"', there.get(page).text)[1]
    assert "beta.files.upload" in there.get(page, {"model": model}).text


def test_choosing_swaps_the_lines_alone(enter, who, page):
    part = enter(who.person).get(page, {"language": "curl"}, headers=PARTS).text
    assert "curl" in part
    assert "<html" not in part


def test_without_a_right_to_send_the_page_says_what_is_missing(enter, claims):
    lead = builders.person(None, claims, roles=[Role.REQUESTER, Role.BUILDER])
    made = scope.initiative(claims, by=builders.actor(lead))
    assert "may not send prompts anywhere now" in enter(lead).get(f"/initiatives/{made.code}/connect/").text


def test_while_the_initiative_rests_no_lines_are_shown(enter, who, page):
    by = builders.actor_with(Role.UNIT_HEAD, who.initiative.accountable_unit)
    initiatives.move_initiative(initiative_id=who.initiative.pk, to=InitiativeState.SUSPENDED, by=by, at=now())
    assert "may not send prompts anywhere now" in enter(who.person).get(page).text


def test_only_its_builders_connect_an_initiative(enter, who, page):
    colleague = builders.person(Role.BUILDER, who.initiative.accountable_unit)
    for path in (page, f"{page}calls"):
        answer = enter(colleague).get(path, headers=PARTS)
        assert (answer.status_code, "Only its builders" in answer.text) == (403, True)


def test_an_initiative_of_another_unit_is_not_there(signed_in, page, retail):
    assert signed_in(Role.BUILDER, where=retail).get(page).status_code == 404


def test_nothing_is_sent_back_while_the_calls_are_the_same(enter, who, page):
    browser = enter(who.person)
    url = calls_url(browser.get(page).text)
    assert browser.get(url, headers=PARTS).status_code in {200, 204}  # the minute may have turned
    exchange(who, verdict="block", state="refused", counts={"SECRET": 1})
    part = browser.get(url, headers=PARTS).text
    assert "Refused" in part
    assert browser.get(calls_url(part), headers=PARTS).status_code in {200, 204}


def test_watching_ends_after_a_while_and_goes_on_when_asked(enter, who, page):
    browser, began = enter(who.person), int((now() - timedelta(minutes=11)).timestamp())
    part = browser.get(f"{page}calls?since={began}", headers=PARTS).text
    assert "Watch on" in part
    assert "every 3s" not in part
    assert "every 3s" in browser.get(calls_url(part), headers=PARTS).text


@pytest.mark.parametrize("since", ["", "soon", "9" * 40, "-1"])
def test_a_strange_moment_breaks_nothing(enter, who, page, since):
    assert enter(who.person).get(f"{page}calls", {"since": since}, headers=PARTS).status_code == 200


def test_the_address_of_the_calls_leads_a_person_to_the_page(enter, who, page):
    assert enter(who.person).get(f"{page}calls")["Location"] == page


def test_calls_of_another_initiative_are_not_shown(enter, who, page):
    exchange(sending.builder())
    assert "No call yet" in enter(who.person).get(page).text


def test_calls_are_shown_in_a_bounded_number_of_rows_and_queries(enter, who, page, django_assert_max_num_queries):
    browser = enter(who.person)
    for _ in range(connect.SHOWN + 5):
        exchange(who)
    with django_assert_max_num_queries(25):
        part = browser.get(f"{page}calls", headers=PARTS).text
    assert part.count("/exchanges/0") == connect.SHOWN


@pytest.fixture
def gateway(answerer, settings):
    settings.GATEWAY_URL = answerer.address
    return answerer


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        pytest.param("Hello", {"messages": [{"role": "user", "content": "Hello"}]}, id="a prompt"),
        pytest.param('{"messages": [], "user": "u"}', {"messages": [], "user": "u"}, id="a whole body"),
        pytest.param("{not json", {"messages": [{"role": "user", "content": "{not json"}]}, id="a brace is no body"),
    ],
)
def test_what_is_tested_is_a_prompt_or_a_whole_body(enter, who, page, gateway, typed, body):
    browser = enter(who.person)
    model = next(name for name, _ in _models(browser.get(page)) if "openai" in name)
    browser.post(page, {"text": typed, "model": model})
    [(path, headers, asked)] = gateway.calls
    assert (path, asked) == ("/remit/v1/check/openai/v1/chat/completions", {"model": model, **body})
    assert headers["authorization"].startswith("Bearer rmt_")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param('{"user": "a", "user": "b"}', "user", id="a name twice"),
        pytest.param('{"a":' * 9_000 + "1" + "}" * 9_000, "nested deeper", id="nested without end"),
    ],
)
def test_a_body_that_means_two_things_is_refused_at_its_field(enter, who, page, gateway, typed, said):
    browser = enter(who.person)
    answer = browser.post(page, {"text": typed, "model": _models(browser.get(page))[0][0]})
    assert (answer.status_code, said in answer.text, gateway.calls) == (422, True, [])


def test_a_gateway_that_is_not_there_is_said(enter, who, page, settings):
    settings.GATEWAY_URL = f"http://127.0.0.1:{sending.free_port()}"
    browser = enter(who.person)
    answer = browser.post(page, {"text": "Hello", "model": _models(browser.get(page))[0][0]})
    assert (answer.status_code, "The gateway did not answer" in answer.text) == (503, True)


def test_what_would_leave_is_shown_with_where_and_how_it_was_read(enter, who, page, gateway):
    place = {"place": "messages[0].content", "action": "redact"}
    told = {
        "verdict": "redact",
        "sentences": ["Contact data is replaced."],
        "segments": [{"text": "<EMAIL_ADDRESS_1>", "kind": "EMAIL_ADDRESS", **place}],
        "findings": [{"type": "EMAIL_ADDRESS", "action": "redact", "rule": "contact_data", "count": 1}],
        "places": [{"type": "EMAIL_ADDRESS", "view": "decoded", "rule": "r", "sentence": "Replaced.", **place}],
        "sent": {"path": "/v1/messages", "body": '{"messages":[{"content":"<EMAIL_ADDRESS_1>"}]}'},
        "refused": None,
    }
    gateway.answers["/remit/v1/check/openai/v1/chat/completions"] = (200, {}, told)
    browser = enter(who.person)
    model = next(name for name, _ in _models(browser.get(page)) if "openai" in name)
    part = browser.post(page, {"text": "x", "model": model}, headers=PARTS).text
    assert "What the provider would get" in part
    assert "decoded" in part
    assert "messages[0].content" in part


def _models(answer):
    return answer.context["form"].fields["model"].choices


def test_the_doctor_is_handed_out_as_a_file_of_its_own(enter, who):
    answer = enter(who.person).get("/doctor.py")
    assert (answer.status_code, "attachment" in answer["Content-Disposition"]) == (200, True)
    compile(answer.content, "doctor.py", "exec")


def test_a_new_key_comes_with_the_lines_that_read_it(enter, who):
    ends = (now() + timedelta(days=20)).date().isoformat()
    told = {"title": "Letters", "scope": f"initiative:{who.initiative.pk}", "ends": ends}
    shown = enter(who.person).post("/keys/new", told).text
    key = re.search(r"rmt_[a-z0-9]{10}_[\w-]{43}", shown)[0]
    assert f"export REMIT_KEY={key}" in shown
    assert shown.count(key) == 2, "it stands in no line of the program"
    assert f"/initiatives/{who.initiative.code}/connect/" in shown


def test_the_line_that_reports_a_look_is_there(enter, who, page):
    assert "/remit/v1/reviews" in enter(who.person).get(page).text
