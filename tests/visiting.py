"""People at their browsers: each in a profile of their own, watched for what the browser complains about."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page

WIDE = {"width": 1440, "height": 900}


@dataclass
class Visit:
    """One person's browser. `complaints`: errors of the console (a breach of the page's policy is one) and of scripts."""

    page: Page = field(repr=False)
    base: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        # That a page answers 404 or 422 is told as an error too: it is an answer, not a fault of the page.
        answer = message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url
        if message.type == "error" and not answer:
            self.complaints.append(message.text)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.base}{path}")

    def sign_in(self, login: str, password: str) -> None:
        self.open("/sign-in/")
        self.page.get_by_label("Login").fill(login)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()


@dataclass
class Visitors:
    """The people of the demo, signed in when first asked for and kept so."""

    browser: Browser = field(repr=False)
    state: Path
    known: dict[str, Visit] = field(default_factory=dict)

    @cached_property
    def told(self) -> dict:
        return json.loads((self.state / "demo.json").read_text())

    def stranger(self) -> Visit:
        context = self.browser.new_context(viewport=WIDE, reduced_motion="reduce")
        return Visit(context.new_page(), self.told["web"])

    def __call__(self, login: str) -> Visit:
        if login not in self.known:
            password = next(each["password"] for each in self.told["people"] if each["login"] == login)
            self.known[login] = self.stranger()
            self.known[login].sign_in(login, password)
        return self.known[login]

    def leave(self) -> None:
        for visit in self.known.values():
            visit.page.context.close()
