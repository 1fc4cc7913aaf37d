"""One request of every stage: sent back, edited so that a yes is void, decided by a deputy and on conditions, let through for a day."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.services]
MEDICAL = "/initiatives/triage-of-medical-assessments/"
APPROVED = "Approved. Whoever comes next was told."


def send_again(visitors, oversight):
    """Let Lea change who watches over it, which is a change of substance, and send it again; return the request's page."""
    visit = visitors("lea")
    visit.open(MEDICAL)
    visit.page.locator("main a[href$='/data/']").first.click()
    visit.page.get_by_role("button", name="Go on").click()
    visit.page.get_by_label(oversight).check()
    visit.page.get_by_role("button", name="Send it").click()
    expect(visit.page.get_by_role("heading", name="Sent", level=1)).to_be_visible()


def open_request(visitors, login):
    visit = visitors(login)
    visit.open("/inbox/?q=medical")
    visit.page.get_by_role("link", name=re.compile("medical", re.IGNORECASE)).first.click()
    visit.page.wait_for_url(re.compile(r"/inbox/[0-9a-f-]{36}/$"))
    return visit.page


def approve(visitors, login):
    page = open_request(visitors, login)
    page.get_by_role("button", name=re.compile("^Approve")).click()
    expect(page.get_by_text(APPROVED)).to_be_visible()


@pytest.fixture(scope="module")
def sent_back(visitors):
    """Sent by Lea, approved by the steward on conditions, and sent back by IT."""
    send_again(visitors, "A person reads everything before it is used")
    page = open_request(visitors, "stefan")
    page.get_by_text("Approve on conditions").click()
    page.get_by_label("Who looks at it, and how").fill("Two specialists, each week.")
    page.get_by_role("button", name=re.compile("^Approve")).click()
    expect(page.get_by_text(APPROVED)).to_be_visible()
    page = open_request(visitors, "ines")
    expect(page.get_by_text("Two specialists, each week.").first).to_be_visible()
    page.keyboard.press("c")
    page.keyboard.type("Synthetic: a sample is enough.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Sent back.")).to_be_visible()


@pytest.fixture(scope="module")
def edited(sent_back, visitors):
    """Sent again with other words about oversight; Stefan goes on leave and Yara decides in his place."""
    send_again(visitors, "A person reads a sample")
    visit = visitors("stefan")
    visit.open("/away/")
    visit.page.get_by_label("Who decides in your place?").select_option(label="Yara Benali")
    visit.page.get_by_label("Why?").fill("On leave.")
    visit.page.get_by_role("button", name="Let them decide").click()
    expect(visit.page.get_by_text("decides in your place now")).to_be_visible()


@pytest.fixture(scope="module")
def decided(edited, visitors):
    page = open_request(visitors, "yara")
    expect(page.get_by_text("is void")).to_be_visible()
    approve(visitors, "yara")
    approve(visitors, "ines")
    approve(visitors, "samir")
    approve(visitors, "arya")


def test_an_edit_of_substance_voids_the_yes_and_a_deputy_gives_it_anew(decided, visitors):
    page = visitors("lea").page
    page.goto(f"{visitors('lea').base}/inbox/asked?q=medical")
    page.get_by_role("link", name=re.compile("medical", re.IGNORECASE)).first.click()
    expect(page.locator(".head .pill").first).to_have_text("Approved")
    expect(page.get_by_text("Yara Benali on behalf of Stefan", exact=False).first).to_be_visible()
    expect(page.get_by_text("on behalf of Lukas", exact=False).first).to_be_visible()


def test_two_people_let_through_for_hours_what_nobody_approved(visitors):
    ines = visitors("ines")
    ines.open("/inbox/?q=guide")
    ines.page.get_by_role("link", name=re.compile("guide", re.IGNORECASE)).first.click()
    ines.page.wait_for_url(re.compile(r"/inbox/[0-9a-f-]{36}/$"))
    address = ines.page.url
    ines.page.get_by_text("Override for a day").click()
    ines.page.get_by_label("Why can it not wait?").fill("Synthetic: hail tonight.")
    ines.page.get_by_role("button", name="Ask for an override").click()
    expect(ines.page.get_by_text("as soon as a second person confirms it")).to_be_visible()
    samir = visitors("samir").page
    samir.goto(address)
    samir.get_by_role("button", name="Confirm the override").click()
    samir.locator("#confirm").get_by_role("button", name="Yes").click()
    expect(samir.get_by_text("Let through by an override")).to_be_visible()


def test_what_asks_the_same_is_approved_after_one_look(visitors):
    page = visitors("stefan").page
    page.goto(f"{visitors('stefan').base}/inbox/")
    page.get_by_role("link", name="Look at them together").click()
    page.get_by_role("button", name="Approve those chosen").click()
    page.locator("#confirm").get_by_role("button", name="Yes").click()
    expect(page.get_by_text("2 approved, each by a decision of its own.")).to_be_visible()
