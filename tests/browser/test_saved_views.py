"""A filter that changes only the rows is what is saved: the page above them still shows the one before."""

import pytest
from playwright.sync_api import expect

from looking import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.services]


def test_a_view_is_saved_opened_and_removed_by_keyboard(visitors):
    found = visitors("aude")
    page = found.page
    found.open("/audit/")
    expect(page.get_by_text("Save this view")).to_be_hidden()
    page.get_by_label("Area").select_option("remits")
    expect(page.get_by_text("Save this view")).to_be_visible()
    page.get_by_text("Save this view").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("What was agreed")
    assert not faults_of(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{found.base}/audit/?area=remits")
    chip = page.get_by_role("link", name="What was agreed", exact=True)
    expect(chip).to_have_attribute("aria-current", "true")
    page.get_by_label("Area").select_option(label="All")
    expect(chip).not_to_have_attribute("aria-current", "true")
    expect(page.get_by_text("Save this view")).to_be_hidden()
    chip.press("Enter")
    expect(page.get_by_label("Area")).to_have_value("remits")
    page.get_by_role("link", name="Change your views").press("Enter")
    page.get_by_role("button", name="Remove What was agreed").press("Enter")
    page.get_by_role("button", name="Yes").press("Enter")
    expect(page.get_by_text("No view yet")).to_be_visible()
    assert not found.complaints


def test_a_filter_begins_at_the_first_page_and_keeps_the_order(visitors):
    found = visitors("aude")
    found.open("/audit/?page=2&area=approvals&sort=number")
    found.page.get_by_label("Area").select_option("organisation")
    expect(found.page).to_have_url(f"{found.base}/audit/?area=organisation&sort=number")
    expect(found.page.locator("#rows tbody tr").first).to_be_visible()
