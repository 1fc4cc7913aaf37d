"""New rules: written, tried on an example, replayed on what was asked before, put to two people, and then followed."""

import re

import pytest
from playwright.sync_api import expect

from tasks_of_people import Day, begin

pytestmark = [pytest.mark.browser, pytest.mark.services]
WHY = "Synthetic: nothing is looked up in our data before the index is cleaned."
DENIAL = f"""denials:
  - if: '"retrieval" in modes'
    code: no_lookups
    reason: "{WHY}"
    remedy: "Ask for prompting alone."
"""


@pytest.fixture(scope="module")
def written(visitors):
    """The address of Paul's draft of the rules for requests, with one more rule: nobody approves retrieval."""
    visit = visitors("paul")
    page = visit.page
    visit.open("/rules/")
    page.get_by_role("button", name="Draft new rules").click()
    editor = page.get_by_label("The rules", exact=True)
    editor.fill(editor.input_value().replace("denials:\n", DENIAL, 1))
    expect(page.get_by_text("Sound", exact=True)).to_be_visible()
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Kept.", exact=True)).to_be_visible()
    return page.url.removeprefix(visit.base)


@pytest.fixture(scope="module")
def replayed(written, visitors):
    page = visitors("paul").page
    visitors("paul").open(written)
    page.get_by_role("button", name="Replay").click()
    expect(page.get_by_role("heading", name="Request by request")).to_be_visible(timeout=60_000)
    return page.url.removeprefix(visitors("paul").base)


@pytest.fixture(scope="module")
def put_to_two(replayed, written, visitors):
    """The address of the request that two people now decide."""
    visit = visitors("paul")
    visit.open(written)
    visit.page.get_by_role("button", name="Put it to two people").click()
    visit.page.locator("#confirm").get_by_role("button", name="Yes").click()
    expect(visit.page.get_by_text("Two people who wrote none of it now decide.")).to_be_visible()
    return visit.page.url.removeprefix(visit.base)


@pytest.fixture(scope="module")
def in_force(put_to_two, visitors):
    for login in ("ines", "samir"):
        visit = visitors(login)
        visit.open(put_to_two)
        expect(visit.page.get_by_text(WHY).first).to_be_visible()
        visit.page.get_by_role("button", name="Approve").click()
        expect(visit.page.get_by_text("Approved. Whoever comes next was told.")).to_be_visible()


def test_an_example_shows_what_nobody_could_approve(written, visitors):
    page = visitors("paul").page
    visitors("paul").open(written)
    trial = page.locator("#trial")
    trial.get_by_label("How it is used").select_option(label="looked up for a prompt")
    trial.get_by_role("button", name="Try it").click()
    expect(trial.get_by_text("Nobody can approve it")).to_be_visible()
    expect(trial.get_by_text(WHY)).to_be_visible()


def test_the_replay_names_the_request_that_would_have_been_stopped(replayed, visitors):
    page = visitors("paul").page
    visitors("paul").open(replayed)
    row = page.get_by_role("row").filter(has_text="Summaries of calls")
    expect(row.get_by_text(WHY)).to_be_visible()


def test_who_wrote_the_rules_does_not_put_them_in_force(put_to_two, visitors):
    visitors("paul").open(put_to_two)
    expect(visitors("paul").page.get_by_role("button", name=re.compile("^Approve"))).to_have_count(0)


def test_the_next_request_is_routed_by_them(in_force, visitors):
    page = visitors("lea").page
    with Day.begin(visitors).hands("lea", "/") as hands:
        begin(hands, "Minutes of the works council", "Turn rough minutes into good ones.")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_label("Claims handling guidelines").check()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_label("How should the model do it?").select_option(label="Prompting with looked-up documents")
    row = page.locator("#options").get_by_role("row").filter(has_text=WHY).first
    expect(row.get_by_role("radio")).to_be_disabled()
