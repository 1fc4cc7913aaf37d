"""A person who does something in a browser while somebody counts: fields filled, clicks and keys, pages, scrolling."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Download, Locator

from visiting import WIDE, Visit

# What is not marked optional wants an answer, given beforehand or not.
ASKED = ":is(input:not([type=hidden]), select, textarea)"
REQUIRED = "all => all.filter(one => !one.closest('.field, fieldset')?.querySelector('.optional')).map(one => one.name)"


@dataclass
class Tally:
    """What a task took. `required`: names of the fields that its pages insist on. `hidden`: what had to be scrolled to."""

    fields: int = 0
    clicks: int = 0
    keys: int = 0
    pages: list[str] = field(default_factory=list)
    required: set[str] = field(default_factory=set)
    hidden: list[str] = field(default_factory=list)
    seconds: float = 0

    @property
    def interactions(self) -> int:
        return self.clicks + self.keys

    @property
    def actions(self) -> int:
        """Return every single thing a hand did, a field filled being one."""
        return self.fields + self.clicks + self.keys

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.fields + other.fields,
            self.clicks + other.clicks,
            self.keys + other.keys,
            self.pages + other.pages,
            self.required | other.required,
            self.hidden + other.hidden,
            self.seconds + other.seconds,
        )


@dataclass
class Hands:
    """One person at one browser. Whatever they touch by these methods is counted in `tally`."""

    visit: Visit
    tally: Tally = field(default_factory=Tally)

    def click(self, role: str, name: str, *, within: Locator | None = None, last: bool = False) -> None:
        """Click what people would call that; a link or a button that opens a page is waited for."""
        found = (within or self.visit.page.get_by_role("main")).get_by_role(role, name=name)
        self._touch(found.last if last else found.first)
        self.tally.clicks += 1

    def go(self, name: str) -> None:
        """Click a place in the navigation."""
        side = self.visit.page.get_by_role("navigation", name="Main")
        self.click("link", name, within=side)

    def fill(self, label: str, text: str) -> None:
        self.tally.fields += 1
        self.visit.page.get_by_label(label).first.fill(text)

    def choose(self, label: str, option: str) -> None:
        self.tally.fields += 1
        found = self.visit.page.get_by_label(label).and_(self.visit.page.locator("select")).first
        found.select_option(found.locator("option").filter(has_text=option).first.get_attribute("value"))

    def tick(self, label: str, *, on: bool = True) -> None:
        self.tally.fields += 1
        self.visit.page.get_by_label(label).first.set_checked(on)

    def pick(self, row: Locator) -> None:
        """Choose one row of a table of choices."""
        self.tally.fields += 1
        row.get_by_role("radio").check()

    def press(self, key: str) -> None:
        self.tally.keys += 1
        self.visit.page.keyboard.press(key)

    def download(self, name: str) -> Download:
        with self.visit.page.expect_download() as waiting:
            self.click("link", name)
        return waiting.value

    def sees(self, text: str) -> None:
        self.visit.page.get_by_text(text).first.wait_for()

    def note_hidden(self, found: Locator, what: str) -> None:
        """Write `what` down unless all of it stands in the window as it is."""
        box = found.bounding_box()
        top = self.visit.page.evaluate("window.scrollY")
        if not box or top or box["y"] < 0 or box["y"] + box["height"] > WIDE["height"]:
            self.tally.hidden.append(what)

    def _touch(self, found: Locator) -> None:
        found.wait_for()
        self.note_hidden(found, found.inner_text().strip().splitlines()[0])
        self._note_required(found.locator("xpath=ancestor::form[1]"))
        found.click()

    def _note_required(self, form: Locator) -> None:
        """Write down what a form insists on: the one whose button is about to be clicked."""
        names = form.locator(ASKED).evaluate_all(REQUIRED)
        self.tally.required |= {f"{self.visit.stands_on()}.{name}" for name in names}


@contextmanager
def counted(visit: Visit, start: str) -> Iterator[Hands]:
    """Open `start`, which is the first page, and count until the end of the block."""
    visit.open(start)
    hands = Hands(visit, Tally(pages=[visit.stands_on()]))
    began = time.monotonic()

    def moved(frame):
        name = visit.stands_on()
        if (
            frame == visit.page.main_frame and name != hands.tally.pages[-1]
        ):  # a list that was narrowed is the same page
            hands.tally.pages.append(name)

    visit.page.on("framenavigated", moved)
    try:
        yield hands
    finally:
        hands.tally.seconds = time.monotonic() - began
        visit.page.remove_listener("framenavigated", moved)


@dataclass(frozen=True)
class Goal:
    """What a task may cost at most. `of` reads the figure from a tally."""

    what: str
    most: int
    of: Callable[[Tally], int]

    def missed(self, tally: Tally) -> str:
        figure = self.of(tally)
        return f"{self.what}: {figure}, at most {self.most}" if figure > self.most else ""
