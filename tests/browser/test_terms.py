"""A provider's terms get worse: what rests on them rests, its owner asks again, those who decide agree anew; the rest goes on."""

import re

import pytest
from playwright.sync_api import expect

from tasks_of_people import Day, ask, decide

pytestmark = [pytest.mark.browser, pytest.mark.services]


@pytest.fixture(scope="module")
def asked(visitors):
    """Two initiatives of Lea's on the same data: the first toward Northwind, the second toward the stand-in."""
    days = [Day.begin(visitors, toward="Northwind EU"), Day.begin(visitors)]
    for day in days:
        ask(day)
        decide(day)
    return days


@pytest.fixture(scope="module")
def worse(asked, visitors):
    """Paul writes down what Northwind promises from now on."""
    visit = visitors("paul")
    visit.open("/destinations/northwind-eu/")
    visit.page.get_by_role("link", name="New terms").click()
    visit.page.get_by_label("Days it keeps what it gets").fill("90")
    visit.page.get_by_role("button", name="Put in force").click()
    expect(visit.page.get_by_role("cell", name="90 days")).to_be_visible()
    return asked


def status_of(visitors, day):
    visit = visitors("lea")
    visit.open(day.initiative)
    row = visit.page.get_by_role("row").filter(has_text="Claims handling guidelines")
    return row.locator(".pill").first


@pytest.fixture(scope="module")
def again(worse, visitors):
    """Lea is told, and sends the next version on the terms of today, as it stands."""
    dependent, _ = worse
    visit = visitors("lea")
    visit.open("/notices/")
    visit.page.get_by_role("link", name=re.compile("The terms of a destination became worse")).first.click()
    expect(visit.page.get_by_text("What goes to Northwind EU rests")).to_be_visible()
    visit.page.get_by_role("button", name="Ask again").click()
    visit.page.get_by_role("button", name="Go on").click()
    visit.page.get_by_role("button", name="Send it").click()
    expect(visit.page.get_by_role("heading", name="Sent", level=1)).to_be_visible()
    return dependent


def test_exactly_what_depends_on_the_terms_rests(worse, visitors):
    dependent, other = worse
    expect(status_of(visitors, dependent)).to_have_text("Suspended")
    expect(status_of(visitors, other)).to_have_text("Active")


def test_those_who_decide_see_what_the_terms_were_and_bring_it_back(again, visitors):
    visit = visitors("ines")
    visit.open("/inbox/")
    visit.page.get_by_role("link", name=again.title).first.click()
    changed = visit.page.locator(".diff")
    expect(changed.get_by_text("0 days kept").first).to_be_visible()
    expect(changed.get_by_text("90 days kept").first).to_be_visible()
    decide(again)
    expect(status_of(visitors, again)).to_have_text("Active")
