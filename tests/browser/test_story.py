"""A lead's day and everybody else's part in it, in real browsers on real processes."""

import re
from dataclasses import dataclass

import openai
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.services]
TITLE = "Storm damage letters"
NOT_REAL = "AKIA" + "Q3EGUVW7XK2ZLM5N"  # synthetic, and in two pieces so that no scanner takes it for a leak
KEY_TEXT = re.compile(r"rmt_[A-Za-z0-9]{10}_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Sent:
    initiative: str  # its address
    sandbox_key: str


@pytest.fixture(scope="module")
def sent(visitors):
    """A request of Lea's for confidential letters, sent through the three steps."""
    page = visitors("lea").page
    page.get_by_role("link", name="New request").first.click()
    page.get_by_label("What is it called?").fill(TITLE)
    page.get_by_label("What is it for?").fill("Draft answers to letters about storm damage. A clerk signs each.")
    page.get_by_role("button", name="Go on", exact=True).click()
    # Claims has letters drafted already; a lead sees that before anything is asked.
    page.get_by_role("button", name="It is something else, go on").click()
    _choose_data(page)
    page.get_by_label("A person reads everything before it is used").check()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("heading", name="Sent", level=1)).to_be_visible()
    key = KEY_TEXT.search(page.content())
    assert key, "the sandbox key is shown"
    page.get_by_role("link", name="To the initiative").click()
    return Sent(page.url, key[0])


def _choose_data(page):
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_label("Claims correspondence").check()
    page.get_by_role("row").filter(has_text="stand-in").filter(has_text="Prompting").first.get_by_role("radio").check()
    page.get_by_role("button", name="Go on").click()


@pytest.fixture(scope="module")
def approved(sent, visitors):
    """The same, after the steward, IT and security said yes: the first two side by side, one of them by the keyboard."""
    _open_request(visitors("stefan"), TITLE)
    visitors("stefan").page.get_by_role("button", name="Approve").click()
    _open_request(visitors("ines"), TITLE)
    _press_twice(visitors("ines"), "a")
    for login in ("stefan", "ines"):
        expect(visitors(login).page.get_by_text("Approved. Whoever comes next was told.")).to_be_visible()
    _open_request(visitors("samir"), TITLE)
    _press_twice(visitors("samir"), "a")
    expect(visitors("samir").page.get_by_text("Approved. Whoever comes next was told.")).to_be_visible()
    return sent


def _open_request(visit, title):
    """Open the newest request of that title, and wait until its keys work."""
    visit.open("/inbox/")
    visit.page.get_by_role("link", name=re.compile(title, re.IGNORECASE)).last.click()
    visit.page.wait_for_url(re.compile(r"/inbox/[0-9a-f-]{36}/$"))


def _press_twice(visit, key):
    """One key alone decides nothing: it says what the second will do."""
    visit.page.keyboard.press(key)
    expect(visit.page.get_by_text("It cannot be taken back.")).to_be_visible()
    visit.page.keyboard.press(key)


@pytest.fixture(scope="module")
def refused(approved, visitors, demo):
    """What a program with the lead's new key is told about a prompt with a secret in it."""
    page = visitors("lea").page
    page.goto(approved.initiative)
    page.get_by_role("link", name="Make a key").click()
    page.get_by_label("What is it for?").fill("The letters program")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("The key works from now on.")).to_be_visible()
    key = KEY_TEXT.search(page.content())
    program = openai.OpenAI(base_url=f"{demo.gateway}/openai/v1", api_key=key[0], max_retries=2)
    with pytest.raises(openai.PermissionDeniedError) as told:
        program.chat.completions.create(
            model="stand-in/stand-in-chat",
            messages=[{"role": "user", "content": f"Why is this refused? access_key='{NOT_REAL}'"}],
        )
    return told.value


def test_the_sandbox_key_is_shown_once(sent, visitors):
    page = visitors("lea").page
    for address in (sent.initiative, f"{visitors('lea').base}/keys/"):
        page.goto(address)
        assert sent.sandbox_key not in page.content()


def test_the_lead_sees_it_active_after_the_last_word(approved, visitors):
    page = visitors("lea").page
    page.goto(approved.initiative)
    expect(page.locator(".head .pill").first).to_have_text("Active")
    expect(page.get_by_role("row", name=re.compile("Claims correspondence")).get_by_text("Active")).to_be_visible()


def test_a_refused_program_is_told_the_rule_and_a_page_but_never_the_value(refused):
    assert NOT_REAL not in refused.response.text
    assert "/exchanges/" in refused.response.text


def test_the_analyst_opens_the_refused_exchange(refused, visitors):
    page = visitors("nora").page
    page.get_by_role("link", name="What left").first.click()
    page.get_by_role("row").filter(has_text=TITLE).first.get_by_role("link").click()
    expect(page.locator(".head .pill").first).to_have_text(re.compile("Refused"))
    expect(page.get_by_role("row", name=re.compile("secret", re.IGNORECASE)).first).to_be_visible()
    assert NOT_REAL not in page.content()


@pytest.mark.parametrize(
    ("key", "title", "said"),
    [
        pytest.param("c", "Call", "Sent back. They were told what to change.", id="C asks for changes"),
        pytest.param("r", "repl", "Rejected. They were told why.", id="R rejects"),
    ],
)
def test_a_no_by_one_key_needs_a_reason_first(visitors, key, title, said):
    visit = visitors("ines")
    _open_request(visit, title)
    visit.page.keyboard.press(key)
    expect(visit.page.get_by_text("then press Ctrl and Enter")).to_be_visible()
    visit.page.keyboard.type("Synthetic: say which records are meant.")
    visit.page.keyboard.press("Control+Enter")
    expect(visit.page.get_by_text(said)).to_be_visible()
