"""Two units claim one initiative, say why, are ruled on, appeal, and are ruled on for good: each as the person would do it."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.services]
TITLE = "Summaries of calls"  # Sales owns it in the demo, and nobody else has claimed it


def _initiative(visit):
    visit.open("/initiatives/?q=Summaries")
    visit.page.get_by_role("link", name=TITLE).first.click()
    return visit.page


@pytest.fixture(scope="module")
def contest(visitors):
    """The address of the contest that Digital's head opened by claiming what Sales owns."""
    visit = visitors("viktor")  # heads the whole organisation, so he may speak for any unit of it
    page = _initiative(visit)
    page.get_by_role("link", name="Claim it for a unit").click()
    page.get_by_label("For which unit, in whose name?").select_option(label="Digital Products, headed by Priya Raman")
    page.get_by_label("Because it").select_option(label="Runs it")
    page.get_by_label("How can others see that?").fill("The portal records the calls.")
    page.get_by_role("button", name="Claim it").click()
    page.get_by_role("link", name="See each side").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Two units claim {TITLE}")
    return page.url.removeprefix(visit.base)


@pytest.fixture(scope="module")
def stated(contest, visitors):
    for login, unit, text in (
        ("sofia", "Sales and Service", "Our agents read the summaries."),
        ("priya", "Digital Products", "Our portal makes them."),
    ):
        visit = visitors(login)
        visit.open(contest)
        visit.page.get_by_text("Make a statement").click()
        visit.page.get_by_label(f"Why is it {unit}'s?").fill(text)
        visit.page.get_by_role("button", name="Say it").click()
        expect(visit.page.get_by_text("Your statement stands beside the others.")).to_be_visible()
    return contest


def _rule(visit, contest, unit):
    visit.open(contest)
    page = visit.page
    page.get_by_role("link", name="Rule on it").click()
    page.get_by_label("Award it to one unit").check()
    expect(page.get_by_label("Into which initiative?")).to_be_hidden()
    page.get_by_label("Which unit answers for it?").first.select_option(label=unit)
    page.get_by_label("Why?").fill("Synthetic: whoever is called when it is wrong answers for it.")
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_text(f"{unit} answers for it.", exact=True)).to_be_visible()
    page.get_by_role("button", name="Rule so").click()
    expect(page.get_by_text("Ruled. Everybody concerned was told.")).to_be_visible()


@pytest.fixture(scope="module")
def ruled(stated, visitors):
    _rule(visitors("arya"), stated, "Digital Products")
    return stated


@pytest.fixture(scope="module")
def appealed(ruled, visitors):
    visit = visitors("sofia")
    visit.open(ruled)
    visit.page.get_by_text("Appeal for Sales and Service").click()
    visit.page.get_by_label("What did the ruling get wrong?").fill("Synthetic: nobody at Digital takes calls.")
    visit.page.get_by_role("button", name="Appeal", exact=True).click()
    visit.page.get_by_role("dialog").get_by_role("button").last.click()
    expect(visit.page.get_by_text("Appealed. Somebody above the first arbiter rules")).to_be_visible()
    return ruled


def test_both_statements_stand_beside_each_other(stated, visitors):
    page = visitors("arya").page
    visitors("arya").open(stated)
    sides = page.get_by_role("region", name="The sides")
    expect(sides.get_by_text("Our agents read the summaries.")).to_be_visible()
    expect(sides.get_by_text("Our portal makes them.")).to_be_visible()


def test_the_ruling_names_the_new_owner(ruled, visitors):
    page = _initiative(visitors("sofia"))
    expect(page.get_by_text("Digital Products").first).to_be_visible()


def test_the_second_ruling_is_final(appealed, visitors):
    _rule(visitors("viktor"), appealed, "Sales and Service")
    visit = visitors("sofia")
    visit.open(appealed)
    expect(visit.page.locator(".head .pill").first).to_have_text("Final")
    expect(visit.page.get_by_text("Appeal for")).to_have_count(0)
