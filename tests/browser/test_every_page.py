"""Every page is for everyone: axe finds nothing serious, light and dark, and nothing scrolls sideways at three widths.

The pages stand in tests/page_examples.py; what forms and faults answer with stands here.
"""

import re

import pytest
from django.template.loader import render_to_string

from looking import faults_of
from page_examples import EXAMPLES, STRANGER
from visiting import Turns, Visitors, linked

pytestmark = [pytest.mark.browser, pytest.mark.services]


def is_once_more(ways, way):
    """Say whether a way shows a page that another of its ways shows as well, only to somebody else."""
    return way is not ways[0] and not way.empty and "?" not in way.start


# The same page for somebody else waits for the long form: `./dev test -n 0 -m long tests/browser/test_every_page.py`.
WAYS = [
    pytest.param(name, way, id=f"{name}: {way}", marks=[pytest.mark.long] if is_once_more(ways, way) else [])
    for name, ways in EXAMPLES.items()
    for way in ways
]


@pytest.fixture(scope="module")
def in_turn(visitors):
    found = Turns(visitors)
    yield found
    found.leave()


@pytest.fixture(scope="module")
def seen():
    """Where the pages lead that were on the way: (login, address) to addresses. Looks change nothing, so each is opened once."""
    return {}


@pytest.fixture
def visit(visitors, in_turn, seen):
    """Return a function that goes a way of the examples and returns the visit, whose complaints are those of the way."""

    def gone(way):
        found = visitors.stranger() if way.login == STRANGER else in_turn(way.login)
        found.complaints.clear()
        at, is_there = way.start, False
        for hop in way.hops:
            known = seen.get((way.login, at)) if hop.islower() else None
            if known is None and not is_there:
                found.open(at)
            if hop.islower():
                known = seen[way.login, at] = found.links() if known is None else known
                at, is_there = linked(known, hop), False
            else:
                found.press(hop)
                at, is_there = found.page.url.removeprefix(found.base), True
        if not is_there:
            found.open(at)
        return found

    return gone


@pytest.mark.parametrize(("name", "way"), WAYS)
def test_a_page_is_for_everyone(name, way, visit):
    found = visit(way)
    assert found.stands_on() == name
    faults = [*found.complaints]  # now: axe itself makes the browser complain
    faults += faults_of(found.page)
    if way.empty:
        found.send_nothing()
        assert found.page.locator(".error").first.is_visible()
        faults += faults_of(found.page)
    assert not faults


@pytest.mark.parametrize(
    ("login", "path", "said"),
    [
        pytest.param("lea", "/people/", "You may not do this", id="not allowed"),
        pytest.param("lea", "/initiatives/no-such/", "This is not here", id="not there"),
        pytest.param("lea", "/nowhere", "This is not here", id="no such page"),
    ],
)
def test_a_refusal_is_for_everyone(login, path, said, in_turn):
    found = in_turn(login)
    found.open(path)
    assert found.page.get_by_role("heading", name=said, level=1).is_visible()
    assert not faults_of(found.page)


def test_a_fault_is_for_everyone(in_turn):
    # No page breaks on demand: the text of the fault is put in the place of an answer.
    found = in_turn("lea")
    style = found.page.locator("link[rel=stylesheet]").first.get_attribute("href")
    text = render_to_string("errors/fault.html", {"request_id": "synthetic", "style_url": style})
    found.page.route("**/broken", lambda route: route.fulfill(status=500, body=text, content_type="text/html"))
    found.open("/broken")
    assert found.page.get_by_role("heading", name="Something broke on our side").is_visible()
    assert not faults_of(found.page)


def test_a_form_that_is_too_old_is_for_everyone(visitors):
    found = visitors.stranger()
    found.open("/sign-in/")
    found.page.context.clear_cookies()
    found.send_nothing()
    assert found.page.get_by_role("heading", name="Please send this again").is_visible()
    assert not faults_of(found.page)


def test_what_is_shown_once_is_for_everyone(in_turn):
    found = in_turn("bea")
    found.open("/keys/new")
    found.page.get_by_label("What is it for?").fill("A look at the page")
    found.page.get_by_role("button", name="Make it").click()
    assert found.page.get_by_text("The key works from now on.").is_visible()
    assert not faults_of(found.page)


def test_the_page_of_the_first_admin_is_for_everyone(start_remit, browser):
    stack = start_remit(only=("web",))
    found = Visitors(browser, stack.state).stranger()
    found.open(re.search(r"/first-admin/\S+", (stack.state / "console.log").read_text())[0])
    assert found.stands_on() == "first_admin"
    assert not faults_of(found.page)
    found.page.context.close()
