"""People at their browsers: each in a profile of their own, watched for what the browser complains about."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, ConsoleMessage, Page

WIDE = {"width": 1440, "height": 900}
EMPTY_AND_SEND = """form => {
    form.noValidate = true;
    form.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox]), textarea").forEach(one => { one.value = ""; });
    form.requestSubmit();
}"""


@dataclass
class Visit:
    """One person's browser. `complaints`: errors of the console (a breach of the page's policy is one) and of scripts."""

    page: Page = field(repr=False)
    base: str
    password: str = field(default="", repr=False)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        # That a page answers 404 or 422 is told as an error too: it is an answer, not a fault of the page.
        answer = message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url
        if message.type == "error" and not answer:
            self.complaints.append(f"{message.text} ({message.location['url']})")

    def open(self, path: str) -> None:
        """Open a page; say again who one is where it asks for that on the way."""
        self.page.goto(f"{self.base}{path}")
        if self.stands_on() == "step_up" and not path.startswith("/step-up/"):
            self.page.get_by_label("Your password").fill(self.password)
            self.page.keyboard.press("Enter")
            self.page.wait_for_url(f"{self.base}{path}")

    def sign_in(self, login: str) -> None:
        self.open("/sign-in/")
        self.page.get_by_label("Login").fill(login)
        self.page.get_by_label("Password").fill(self.password)
        self.page.get_by_role("button", name="Sign in").click()

    def stands_on(self) -> str:
        """Return the name of the page's address; "" for none of ours."""
        return _name_of(self.page.url.removeprefix(self.base))

    def press(self, words: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words).click()

    def follow(self, name: str) -> None:
        """Open the first link of the page to an address of that name."""
        self.open(linked(self.links(), name))

    def links(self) -> list[str]:
        """Return the addresses of ours to which the page leads."""
        return self.page.locator("main a[href^='/']").evaluate_all("all => all.map(one => one.getAttribute('href'))")

    def send_nothing(self) -> None:
        """Empty the first form of the page that changes something and send it, past what the browser itself would refuse."""
        path = self.page.url.removeprefix(self.base)
        self._send_emptied()
        if self.stands_on() == "step_up":  # who one is was said five minutes ago, and the page stood open meanwhile
            self.open(path)
            self._send_emptied()

    def _send_emptied(self) -> None:
        form = self.page.locator("main form[method=post]").first
        with self.page.expect_navigation():
            form.evaluate(EMPTY_AND_SEND)


@dataclass
class Visitors:
    """The people of the demo, signed in when first asked for and kept so."""

    browser: Browser = field(repr=False)
    state: Path
    known: dict[str, Visit] = field(default_factory=dict)

    @cached_property
    def base(self) -> str:
        return json.loads((self.state / "running.json").read_text())["web"]

    @cached_property
    def told(self) -> dict:
        return json.loads((self.state / "demo.json").read_text())

    def stranger(self, password: str = "") -> Visit:
        context = self.browser.new_context(viewport=WIDE, reduced_motion="reduce")
        return Visit(context.new_page(), self.base, password)

    def password_of(self, login: str) -> str:
        return next(each["password"] for each in self.told["people"] if each["login"] == login)

    def __call__(self, login: str) -> Visit:
        if login not in self.known:
            self.known[login] = self.stranger(self.password_of(login))
            self.known[login].sign_in(login)
        return self.known[login]

    def leave(self) -> None:
        for visit in self.known.values():
            visit.page.context.close()


@dataclass
class Turns:
    """The same people one after the other at one page, each with the cookies they left.

    For looks: each profile is a process of Chromium's, which would compile anew what looks at a page.
    """

    people: Visitors
    cookies: dict[str, list[Any]] = field(default_factory=dict, repr=False)
    sits: str = ""

    @cached_property
    def seat(self) -> Visit:
        return self.people.stranger()

    def __call__(self, login: str) -> Visit:
        if login != self.sits:
            context = self.seat.page.context
            self.seat.page.goto("about:blank")  # a page that asks now and then would ask with the next one's cookies
            self.cookies[self.sits] = context.cookies()
            context.clear_cookies()
            self.sits, self.seat.password = login, self.people.password_of(login)
            if login in self.cookies:
                context.add_cookies(self.cookies[login])
            else:
                self.seat.sign_in(login)
        return self.seat

    def leave(self) -> None:
        self.seat.page.context.close()


def linked(links: list[str], name: str) -> str:
    """Return the first of `links` that has that name."""
    found = next((link for link in links if _name_of(link) == name), None)
    assert found, f"there is no link to {name}, only to {sorted({_name_of(link) for link in links})}"
    return found


def _name_of(path: str) -> str:
    try:
        return resolve(path.partition("?")[0].partition("#")[0]).url_name or ""
    except Resolver404:
        return ""
