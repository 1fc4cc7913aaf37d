"""Pages in a real browser: a lead asks, people decide by keyboard; no page scrolls sideways, axe finds nothing serious."""

import json

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.services]

PAGES = {  # who opens it -> what they open; the people of the demo organisation
    "lea": [
        "/",
        "/initiatives/",
        "/requests/new/",
        "/inbox/asked",
        "/datasets/",
        "/datasets/what-staff-type/",
        "/destinations/",
    ],
    "bea": [
        "/exchanges/",
        "/initiatives/claims-letters-drafted/",
        "/initiatives/claims-letters-drafted/training-sets/new/",
        "/training-sets/",
        "/keys/",
        "/keys/new",
    ],
    "ines": ["/inbox/", "/inbox/decided"],
    "stefan": ["/datasets/new"],
    "paul": ["/destinations/new"],
    "nora": ["/reviews/"],
    "aude": ["/audit/"],
    "pia": ["/people/", "/people/new"],
}
WIDTHS = (390, 1024, 1440)


@pytest.fixture(scope="module")
def demo(start_remit):
    return start_remit(only=("web", "sequencer"), demo=True)


@pytest.fixture
def sign_in(demo, browser):
    """Return a function that signs somebody of the demo in, as a person does, and returns their page."""
    people = json.loads((demo.state / "demo.json").read_text())["people"]
    passwords = {person["login"]: person["password"] for person in people}
    contexts = []

    def signed_in(login, *, scheme="light"):
        contexts.append(browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme))
        page = contexts[-1].new_page()
        page.goto(f"{demo.web}/sign-in/")
        page.fill("[name=login]", login)
        page.fill("[name=password]", passwords[login])
        page.click("main button")
        page.wait_for_url(f"{demo.web}/")
        return page

    yield signed_in
    for context in contexts:
        context.close()


def faults(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found if each["impact"] in {"serious", "critical"}
    ]


def wider_than_the_window(page, width) -> bool:
    page.set_viewport_size({"width": width, "height": 900})
    return page.evaluate("document.documentElement.scrollWidth") > width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("login", PAGES)
def test_a_page_is_for_everyone(login, scheme, demo, sign_in):
    page = sign_in(login, scheme=scheme)
    for path in PAGES[login]:
        assert page.goto(f"{demo.web}{path}").status == 200, path
        assert not [width for width in WIDTHS if wider_than_the_window(page, width)], path
        assert not faults(page), path


@pytest.mark.parametrize("login", PAGES)
def test_a_page_asks_for_nothing_that_its_policy_refuses(login, demo, sign_in):
    page, refused = sign_in(login), []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    for path in PAGES[login]:
        page.goto(f"{demo.web}{path}", wait_until="networkidle")
    assert not refused


def test_a_lead_asks_and_people_decide_with_one_key(demo, sign_in):
    lead = sign_in("lea")
    lead.goto(f"{demo.web}/requests/new/")
    lead.fill("[name=title]", "Hail letters in a browser")
    lead.fill("[name=purpose_text]", "Draft letters to claimants after hail; a person reads each.")
    lead.click("button[value=next]")
    lead.get_by_label("What staff type").check()
    with lead.expect_response(lambda answer: answer.request.method == "POST"):
        lead.get_by_label("Claims handling guidelines").check()
    lead.locator("tr", has_text="Stand-in").locator("input[name=option]").first.check()
    lead.click("button[value=next]")
    lead.wait_for_url("**/care/")
    lead.locator("[name=human_oversight]").first.check()
    lead.click("button[value=next]")
    lead.wait_for_selector("h1:text('Sent')")
    approver = sign_in("ines")
    approver.goto(f"{demo.web}/inbox/")
    approver.click("a:has-text('Hail letters in a browser')")
    approver.keyboard.press("a")
    approver.wait_for_url("**/inbox/")
    assert "Approved." in approver.inner_text("main")
    approver.goto(f"{demo.web}/inbox/decided")
    assert "Hail letters in a browser" in approver.inner_text("main")
