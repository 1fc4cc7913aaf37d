"""Rights are asked about again: one is kept by its owner and its steward, one lapses in silence, an unused one is given up."""

import re

import pytest
from playwright.sync_api import expect

from governance.gateway.services import propose_unused
from governance.remits.services import ask_recertification, chase_recertifications

pytestmark = [pytest.mark.browser, pytest.mark.services]
LETTERS, CODE, BROCHURES = "claims letters, drafted", "assistant for developers", "translation of brochures"
NEEDED, NO_LONGER = "Still needed, unchanged", "No longer"


def cards(visitors, login, about):
    """Open what somebody is asked about and return the cards of one initiative."""
    visit = visitors(login)
    visit.open("/recertify/")
    return visit.page.locator(".card").filter(has=visit.page.get_by_role("link", name=re.compile(about, re.IGNORECASE)))


def keep_all(visitors, about, said):
    """Let Lea say of every right of an initiative that it is needed, and Stefan confirm where it is his data."""
    found = cards(visitors, "lea", about)
    expect(found.get_by_text(said).first).to_be_visible()
    while found.count():
        found.first.get_by_role("button", name=NEEDED).click()
        expect(visitors("lea").page.get_by_text("Noted: it stays.")).to_be_visible()
        found = cards(visitors, "lea", about)
    found = cards(visitors, "stefan", about)
    found.get_by_role("button", name="Confirm").click()
    expect(visitors("stefan").page.get_by_text("Confirmed: it stays.")).to_be_visible()


@pytest.fixture(scope="module")
def kept(visitors, clock):
    """Lea answers what was asked because of disuse, and again, 80 days on, because the time of confidential data has come."""
    keep_all(visitors, LETTERS, "Nothing was sent by it for a long time.")
    assert clock(ask_recertification, days=80)
    keep_all(visitors, LETTERS, "Its time has come.")


@pytest.fixture(scope="module")
def in_grace(kept, clock):
    assert clock(chase_recertifications, days=15)


def test_what_owner_and_steward_keep_is_asked_about_no_more(kept, visitors):
    assert cards(visitors, "lea", LETTERS).count() == 0
    assert cards(visitors, "stefan", LETTERS).count() == 0


def test_silence_is_warned_of_and_ends_the_right(in_grace, visitors, clock):
    found = cards(visitors, "tomas", CODE)
    expect(found.get_by_text("In grace").first).to_be_visible()
    assert clock(chase_recertifications, days=27)
    assert clock(chase_recertifications, days=30)
    page = visitors("tomas").page
    visitors("tomas").open("/notices/")
    expect(page.get_by_text("A grant of yours ended: nobody answered for it.").first).to_be_visible()
    assert cards(visitors, "tomas", CODE).count() == 0


def test_the_other_right_goes_on(in_grace, visitors):
    visit = visitors("lea")
    visit.open("/initiatives/claims-letters-drafted/")
    row = visit.page.get_by_role("row").filter(has_text="Claims correspondence")
    expect(row.get_by_text("Active")).to_be_visible()


def test_what_nobody_uses_is_proposed_for_lapse_and_given_up_by_its_owner(visitors, clock):
    assert clock(propose_unused, days=91)
    found = cards(visitors, "sofia", BROCHURES)
    expect(found.get_by_text("Nothing was sent by it for a long time.")).to_be_visible()
    found.get_by_role("button", name=NO_LONGER).click()
    page = visitors("sofia").page
    page.locator("#confirm").get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Ended. The gateway refuses it from now on.")).to_be_visible()
