"""Two days without a mouse: an analyst's and a builder's. The program they mind is the provider's unchanged SDK. All texts are synthetic."""

import os
import subprocess
import sys
from uuid import uuid4

import openai
import pytest
from playwright.sync_api import expect

from governance.stack.story.titles import LETTERS
from looking import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.services]
MOST_TABS = 150
NAME = """() => {
    const at = document.activeElement;
    return (at.labels?.[0]?.innerText || at.getAttribute("aria-label") || at.innerText || "").trim();
}"""
IS_SEEN = """() => {
    const look = getComputedStyle(document.activeElement), around = getComputedStyle(document.activeElement.parentElement);
    return [look, around].some(each => each.outlineStyle !== "none" && parseFloat(each.outlineWidth) > 0);
}"""
WHY = "Looked at it with the adviser: it names nobody."


def reach(visit, words):
    """Go on by Tab to what people would call that, and see that it shows where one is."""
    for _ in range(MOST_TABS):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate(NAME).startswith(words):
            assert visit.page.evaluate(IS_SEEN), f"nothing shows that the focus is on {words}"
            return
    raise AssertionError(f"{words} is not reached by Tab on {visit.page.url}")


def press(visit, words):
    """Go to a link or a button that opens a page, and press it."""
    reach(visit, words)
    with visit.page.expect_navigation():
        visit.page.keyboard.press("Enter")


def say_why(visit, button, *, asked="Why?"):
    """Type a reason where the page asks for it, and press a button; say who one is where that is asked."""
    reach(visit, asked)
    visit.page.keyboard.type(WHY)
    press(visit, button)
    if visit.stands_on() == "step_up":
        visit.page.keyboard.type(visit.password)
        with visit.page.expect_navigation():
            visit.page.keyboard.press("Enter")
        assert WHY in visit.page.content(), "what was typed before stands there again"
        press(visit, button)


@pytest.fixture
def key(visitors):
    return next(each for each in visitors.told["keys"] if each["title"] == LETTERS)


@pytest.fixture
def program(visitors, key):
    return openai.OpenAI(base_url=f"{visitors.told['gateway']}/openai/v1", api_key=key["key"], max_retries=0)


def test_an_analyst_reads_and_releases_a_held_prompt_and_its_builder_sends_it(visitors, program, key):
    mark = f"case {uuid4().hex[:8]}"
    asked = [{"role": "user", "content": f"RESTRICTED\nSort the findings of {mark} by how urgent they are."}]

    def send():
        return program.chat.completions.create(model=key["model"], messages=asked)

    with pytest.raises(openai.PermissionDeniedError) as held:
        send()
    call = held.value.response.headers["x-remit-exchange"]

    analyst = visitors("nora")
    analyst.open("/")
    press(analyst, "To look at")
    link = analyst.page.locator(f"a[href='/exchanges/{call}/hold/']")
    expect(link).to_be_visible()
    for _ in range(analyst.page.locator("a[href$='/hold/']").count()):
        reach(analyst, link.inner_text())
        if analyst.page.evaluate("document.activeElement.href").endswith(f"/exchanges/{call}/hold/"):
            break
    with analyst.page.expect_navigation():
        analyst.page.keyboard.press("Enter")
    expect(analyst.page.get_by_text("What was found is masked.")).to_be_visible()
    say_why(analyst, "Show it once", asked="Why must you read it")
    expect(analyst.page.get_by_text(f"Sort the findings of {mark}")).to_be_visible()
    say_why(analyst, "Release it")
    expect(analyst.page.get_by_text("A second person has to release it too.")).to_be_visible()
    with pytest.raises(openai.PermissionDeniedError):
        send()

    second = visitors("samir")
    second.open(f"/exchanges/{call}/hold/")
    say_why(second, "Release it")
    expect(second.page.get_by_text("exactly the same request passes once")).to_be_visible()
    assert send().choices
    with pytest.raises(openai.PermissionDeniedError):
        send()


def test_a_builder_copies_the_lines_runs_them_and_sees_the_call_come(visitors, key):
    builder = visitors("bea")
    builder.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=builder.base)
    builder.open(f"/initiatives/{key['initiative']}/connect/")
    before = builder.page.locator("#calls a").first.get_attribute("href")
    reach(builder, "Copy")
    reach(builder, "Copy")
    builder.page.keyboard.press("Enter")
    lines = builder.page.evaluate("navigator.clipboard.readText()")
    assert "from openai import OpenAI" in lines
    done = subprocess.run(
        [sys.executable, "-c", lines],
        check=False,
        env=os.environ | {"REMIT_KEY": key["key"]},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, bool(done.stdout.strip())) == (0, True)
    newest = builder.page.locator("#calls a").first
    expect(newest).not_to_have_attribute("href", before)
    press(builder, "just now")
    assert builder.stands_on() == "exchange"


def test_a_steward_says_what_became_of_a_set_that_a_dead_gateway_was_sending(visitors):
    steward = visitors("stefan")
    steward.open("/training-sets/?q=last+winter")
    press(steward, "Questions of last winter")
    expect(steward.page.get_by_role("heading", name="Nobody knows whether it arrived")).to_be_visible()
    reach(steward, "It is not there")
    steward.page.keyboard.press("Enter")
    expect(steward.page.get_by_role("dialog")).to_contain_text("The next job then sends it.")
    reach(steward, "Yes")
    with steward.page.expect_navigation():
        steward.page.keyboard.press("Enter")
    expect(steward.page.get_by_text("Kept: it is not there.")).to_be_visible()
    expect(steward.page.get_by_role("heading", name="Nobody knows whether it arrived")).to_be_hidden()


def test_keys_go_to_places_and_rows_and_can_be_turned_off(visitors):
    nora = visitors("nora")
    nora.open("/exchanges/")
    nora.page.keyboard.press("j")
    first = nora.page.evaluate("document.activeElement.getAttribute('href')")
    nora.page.keyboard.press("j")
    assert first.startswith("/exchanges/")
    assert nora.page.evaluate("document.activeElement.getAttribute('href')") != first
    nora.page.keyboard.press("?")
    listed = nora.page.get_by_role("dialog", name="Keys of the keyboard")
    assert listed.get_by_text("The next row; Enter opens it").is_visible()
    assert not faults_of(nora.page)
    with nora.page.expect_navigation():
        listed.get_by_role("button", name="Turn the keys off").click()
    nora.page.keyboard.press("?")
    assert not listed.is_visible()
    nora.page.locator(".who summary").click()
    nora.page.get_by_role("button", name="Keys of the keyboard").click()
    with nora.page.expect_navigation():
        listed.get_by_role("button", name="Turn the keys on").click()
    nora.page.keyboard.press("g")
    with nora.page.expect_navigation():
        nora.page.keyboard.press("s")
    assert nora.stands_on() == "stops"


def test_keys_are_letters_while_somebody_types(visitors):
    nora = visitors("nora")
    nora.open("/initiatives/")
    nora.page.keyboard.press("/")
    nora.page.keyboard.type("gs?")
    assert nora.page.get_by_role("searchbox").first.input_value() == "gs?"
    assert nora.stands_on() == "initiatives"


def test_a_field_offers_the_names_of_what_it_narrows_by(visitors):
    nora = visitors("nora")
    nora.open("/exchanges/")
    nora.page.get_by_label("Initiative").focus()
    offered = nora.page.locator("#names-initiative option")
    expect(offered.filter(has_text=LETTERS)).to_have_count(1)
    nora.page.get_by_label("Initiative").fill(offered.filter(has_text=LETTERS).get_attribute("value"))
    nora.page.get_by_label("Initiative").press("Enter")
    nora.page.wait_for_url("**/exchanges/?*initiative=*")
    expect(nora.page.locator("#rows tbody td[data-label=Initiative]").first).to_have_text(LETTERS)
