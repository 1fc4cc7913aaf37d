"""Pages of figures: they open with nothing and with much, ask the same number of questions, and lead to what is behind."""

import csv
import io
from datetime import timedelta

import pytest

import builders
import everything
import scope
from governance.audit.formats import table_as_csv
from governance.core.clock import now
from governance.gateway.models import Exchange
from governance.initiatives.models import Initiative
from governance.organisation.models import Unit
from governance.organisation.roles import Role

pytestmark = pytest.mark.django_db
MOST_QUERIES = 24
PAGES = (
    "/portfolio/",
    "/portfolio/waiting/",
    "/portfolio/waiting/requests/",
    "/portfolio/ownership/",
    "/portfolio/flows/",
    "/portfolio/exposure/",
)
TABLES = {
    "waiting": ("stages", "roles", "tiers", "units", "pairs", "ages", "side_by_side", "weeks"),
    "ownership": ("units", "contested"),
    "flows": ("flows",),
    "exposure": ("hosting", "region", "personal", "found", "refused"),
}


@pytest.fixture
def executive(signed_in):
    return signed_in(Role.EXECUTIVE)


@pytest.fixture
def busy(every):
    """One of everything of a unit with a name like no other, and a call with a name in it, of this hour."""
    Unit.objects.filter(pk=every.unit.pk).update(name="Synthetic Claims")
    Exchange.objects.create(
        at=now(), initiative=every.initiative, unit=every.unit, destination=every.destination, verdict="redact",
        surface="openai.chat_completions", datasets=[every.dataset.ref], state="completed", counts={"PERSON": 1},
    )  # fmt: skip
    return every


@pytest.mark.parametrize("url", PAGES)
def test_a_page_opens_with_nothing(url, executive):
    assert executive.get(url).status_code == 200


def test_the_questions_of_a_page_do_not_grow(executive, busy, django_assert_max_num_queries):
    asked = {}
    for url in PAGES:
        with django_assert_max_num_queries(MOST_QUERIES) as before:
            assert executive.get(url).status_code == 200
        asked[url] = len(before.captured_queries)
    for _ in range(2):
        everything.of(builders.unit())
    for url, number in asked.items():
        with django_assert_max_num_queries(number):
            assert executive.get(url).status_code == 200


@pytest.mark.parametrize("url", PAGES)
def test_htmx_gets_the_figures_alone(url, executive):
    part = executive.get(url, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.text


@pytest.mark.parametrize("url", PAGES)
def test_an_address_full_of_nonsense_still_opens(url, executive):
    nonsense = "?days=²&unit=%00%27&by=x&role=king&older=-1&page=99999999&csv=../secret&sort=;drop"
    assert executive.get(url + nonsense).status_code == 200


@pytest.mark.parametrize("url", PAGES)
def test_who_may_not_see_figures_is_refused(url, signed_in):
    assert signed_in(Role.REQUESTER).get(url).status_code == 403


def test_the_portfolio_says_who_owns_what_flows_and_waits(busy, executive):
    text = executive.get("/portfolio/").text
    assert "initiatives has one accountable unit" in text
    assert busy.dataset.title in text
    assert "IT approver" in text


def test_the_head_of_a_unit_sees_nothing_of_another(busy, signed_in, retail):
    for url in PAGES:
        text = signed_in(Role.UNIT_HEAD, where=retail).get(url).text
        assert "Synthetic Claims" not in text, url


def test_a_unit_of_others_in_the_address_is_as_good_as_none(busy, signed_in, retail):
    answer = signed_in(Role.UNIT_HEAD, where=retail).get(f"/portfolio/waiting/?unit={busy.unit.ref}")
    assert answer.status_code == 200
    assert "Synthetic Claims" not in answer.text


@pytest.mark.parametrize(("page", "name"), [(page, name) for page, names in TABLES.items() for name in names])
def test_a_table_can_be_taken_along(page, name, busy, executive):
    answer = executive.get(f"/portfolio/{page}/?csv={name}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert name.replace("_", "-") in answer["Content-Disposition"]
    head, *rows = csv.reader(io.StringIO(answer.text))
    assert all(len(row) == len(head) for row in rows)


def test_no_cell_of_a_table_starts_a_formula(executive, claims, owner):
    scope.initiative(claims, by=owner)
    builders.unit("=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in executive.get("/portfolio/ownership/?csv=units").text
    assert b"".join(table_as_csv(["a"], [[None], ["@x"], [1]])) == b'a\r\n""\r\n\'@x\r\n1\r\n'


def test_a_number_leads_to_as_many_calls(busy, signed_in):
    reader = signed_in(Role.AUDITOR)
    text = reader.get("/portfolio/flows/").text
    since = (now() - timedelta(days=90)).date().isoformat()
    url = f"/exchanges/?dataset={busy.dataset.ref}&amp;destination={busy.destination.ref}&amp;since="
    assert url in text or since in text
    behind = reader.get(f"/exchanges/?dataset={busy.dataset.ref}&destination={busy.destination.ref}&since={since}")
    assert "1 call" in behind.text


def test_an_executive_is_not_led_to_calls_that_are_closed_to_them(busy, executive):
    assert "/exchanges/" not in executive.get("/portfolio/flows/").text


def test_a_unit_leads_to_its_initiatives_and_no_others(busy, executive):
    listed = executive.get(f"/initiatives/?unit={busy.unit.ref}").text
    owned = Initiative.objects.filter(accountable_unit=busy.unit).count()
    assert f"{owned} initiatives" in listed
    assert executive.get("/initiatives/?unit=group").text.count("/initiatives/bench") == 0


def test_open_requests_are_narrowed_by_who_must_answer(busy, executive):
    asked = executive.get("/portfolio/waiting/requests/?role=it_approver").text
    assert f"/inbox/{busy.request.pk}/" in asked
    assert "Nothing matches" in executive.get("/portfolio/waiting/requests/?role=legal_approver").text
    assert "Nothing matches" in executive.get("/portfolio/waiting/requests/?older=30").text


def test_a_page_of_now_offers_no_period_and_hands_on_that_of_the_pages_beside_it(executive):
    page = executive.get("/portfolio/ownership/?days=30").text
    assert '<select name="days">' not in page
    assert '<input type="hidden" name="days" value="30">' in page
    assert "/portfolio/flows/?days=30" in page
