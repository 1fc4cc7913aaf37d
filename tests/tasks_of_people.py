"""Twelve things that people come to Remit for, each done once in a browser by somebody of the demo organisation.

They build on one another, as a day does: what a lead asks is decided, used, refused and mended. All of it is synthetic.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import openai
from playwright.sync_api import expect

from doing import Goal, Hands, Tally, counted
from visiting import Visitors

NOT_REAL = "AKIA" + "Q3EGUVW7XK2ZLM5N"  # synthetic, and in two pieces so that no scanner takes it for a leak
KEY_TEXT = re.compile(r"rmt_[A-Za-z0-9]{10}_[A-Za-z0-9_-]{43}")
ACCOUNT = "Please pay the invoice to CH93 0076 2011 6238 5295 7."
EXCHANGE = re.compile(r"/exchanges/[0-9a-f-]{36}/")
MODEL = "stand-in/stand-in-chat"


@dataclass
class Day:
    """Where the tasks leave what the next one needs: addresses and a key."""

    visitors: Visitors
    gateway: str
    title: str
    toward: str = "Stand-in"
    initiative: str = ""
    key: str = ""
    refused: str = ""

    @classmethod
    def begin(cls, visitors: Visitors, *, toward: str = "Stand-in") -> "Day":
        # A new title each time, so that the same demo can be asked again.
        return cls(visitors, visitors.told["gateway"], f"Hail letters {uuid4().hex[:6]}", toward)

    def hands(self, login: str, start: str):
        return counted(self.visitors(login), start)


@dataclass(frozen=True)
class Task:
    name: str
    who: str
    do: Callable[[Day], Tally]
    goals: tuple[Goal, ...] = ()


def ask(day: Day) -> Tally:
    """A lead asks for an initiative, from their first page to "Sent"."""
    with day.hands("lea", "/") as hands:
        begin(hands, day.title, "Draft answers to letters about hail. A clerk reads and signs each.")
        with hands.visit.page.expect_response(lambda answer: answer.request.method == "POST"):
            hands.tick("Claims handling guidelines")
        rows = hands.visit.page.get_by_role("row").filter(has_text=day.toward).filter(has_text="Prompting")
        hands.pick(rows.first)
        hands.click("button", "Go on")
        hands.tick("A person reads everything before it is used")
        hands.click("button", "Send it")
        expect(hands.visit.page.get_by_role("heading", name="Sent", level=1)).to_be_visible()
    hands.visit.page.get_by_role("link", name="To the initiative").click()
    day.initiative = hands.visit.page.url.removeprefix(hands.visit.base)
    return hands.tally


def begin(hands: Hands, title: str, purpose: str) -> None:
    """Fill in the first of the three pages, from the reader's first page on."""
    hands.click("link", "New request")
    hands.fill("What is it called?", title)
    hands.fill("What is it for?", purpose)
    with hands.visit.page.expect_navigation():
        hands.click("button", "Go on")
    if hands.visit.stands_on() == "request_new":  # something like it exists: shown once, and it is something else
        with hands.visit.page.expect_navigation():
            hands.click("button", "It is something else, go on")


def try_a_prompt(day: Day) -> Tally:
    """While it is being decided, the lead sees what a prompt would become."""
    with day.hands("lea", day.initiative) as hands:
        hands.click("link", "Try a prompt")
        hands.fill("Your text", ACCOUNT)
        hands.click("button", "Check")
        expect(hands.visit.page.get_by_role("heading", name=re.compile("This would"))).to_be_visible()
    return hands.tally


def decide(day: Day) -> Tally:
    """Steward, IT and security say yes; returned is the one who needed most."""
    return max((_decide(day, login) for login in ("stefan", "ines", "samir")), key=lambda tally: tally.actions)


def _decide(day: Day, login: str) -> Tally:
    with day.hands(login, "/inbox/") as hands:
        hands.click("link", day.title)
        page = hands.visit.page
        page.wait_for_url(re.compile(r"/inbox/[0-9a-f-]{36}/$"))
        for name in ("Approve", "Reject"):
            hands.note_hidden(page.get_by_role("button", name=re.compile(f"^{name}")).first, name)
        hands.note_hidden(page.get_by_role("main").locator(".card").first, "what is asked")
        hands.click("button", "Approve")
        hands.sees("Approved.")
    return hands.tally


def first_prompt(day: Day) -> Tally:
    """From the first page after the last approval to the answer of a model."""
    with day.hands("lea", "/") as hands:
        row = hands.visit.page.get_by_role("row").filter(has_text=day.title).last
        hands.click("link", "Try a prompt", within=row)
        hands.fill("Your text", "Shorten the guideline on hail to three lines.")
        hands.click("button", "Send")
        expect(hands.visit.page.get_by_role("heading", name="The answer")).to_be_visible()
    return hands.tally


def make_a_key(day: Day) -> Tally:
    """A builder makes a key and sends the first prompt with the unchanged SDK, two lines changed."""
    with day.hands("bea", "/keys/") as hands:
        hands.click("link", "Make a key")
        hands.fill("What is it for?", "The letters program")
        hands.click("button", "Make it")
        hands.sees("The key works from now on.")
        found = KEY_TEXT.search(hands.visit.page.content())
        assert found, "the key is shown"
        day.key = found[0]
        assert "base_url" in hands.visit.page.content(), "the lines to change stand beside it"
        assert _say(day, "Draft a friendly answer about a broken window.").choices
    return hands.tally


def _say(day: Day, text: str):
    program = openai.OpenAI(base_url=f"{day.gateway}/openai/v1", api_key=day.key, max_retries=0)
    return program.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": text}])


def mend_a_refusal(day: Day) -> Tally:
    """What a lead typed is refused; they leave with the text that may go out."""
    visit = day.visitors("lea")
    visit.open(f"{day.initiative}try/")
    visit.page.get_by_label("Your text").fill(f"Why does this fail? {ACCOUNT} access_key='{NOT_REAL}'")
    visit.page.get_by_role("button", name="Send").click()
    expect(visit.page.get_by_role("heading", name="This was refused")).to_be_visible()
    hands = Hands(visit, Tally(pages=[visit.stands_on()]))
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=visit.base)
    hands.click("button", "Copy what may leave")
    copied = visit.page.wait_for_function("navigator.clipboard.readText()").json_value()
    assert NOT_REAL not in copied
    assert "Why does this fail?" in copied
    return hands.tally


def give_a_reason(day: Day) -> Tally:
    """A program is refused until somebody says why; its builder does, on the page that the refusal names, and sends it again."""
    text = f"COMPANY CONFIDENTIAL\nShorten this note about {day.title} to two lines."
    with day.hands("bea", _refused(day, text)) as hands:
        hands.fill("Why must exactly this be sent?", "Synthetic: the note goes into the weekly letter.")
        hands.click("button", "Give the reason")
        hands.sees("it passes once")
    assert _say(day, text).choices
    return hands.tally


def _refused(day: Day, text: str) -> str:
    """Return the path of the page that the refusal of `text` names."""
    try:
        _say(day, text)
    except openai.PermissionDeniedError as told:
        found = EXCHANGE.search(told.response.text)
        assert found, "the refusal names a page"
        return found[0]
    raise AssertionError("it was not refused")


def report_a_mistake(day: Day) -> Tally:
    """Somebody says that what was found is none."""
    _say(day, f"Invented account for {day.title}: CH93 0076 2011 6238 5295 7.")
    with day.hands("bea", "/exchanges/?verdict=redact") as hands:
        hands.visit.follow("exchange")
        hands.click("link", "A mistake?")
        hands.fill("What is it really?", "Synthetic: the account of an example in the handbook.")
        hands.click("button", "Report it")
        hands.sees("An analyst answers")
    return hands.tally


def close_a_mistake(day: Day) -> Tally:
    """The analyst lets the same pass from now on."""
    with day.hands("nora", "/") as hands:
        hands.go("To look at")
        hands.fill("Your answer", "Agreed: it is the example of the handbook.")
        hands.click("button", "A mistake: let it pass")
        hands.sees("Answered.")
    return hands.tally


def export_the_log(day: Day) -> Tally:
    """An auditor takes everything along."""
    with day.hands("aude", "/") as hands:
        hands.go("Audit")
        taken = hands.download("CSV")
        assert taken.path().read_bytes().count(b"\n") > 100
    return hands.tally


def add_a_dataset(day: Day) -> Tally:
    with day.hands("stefan", "/") as hands:
        hands.go("Data")
        hands.click("link", "Add a dataset")
        hands.fill("What is it called?", f"Pictures for {day.title}")
        hands.tick("Internal")
        hands.tick("Synthetic: made up, about nobody")
        hands.click("button", "Add it")
        expect(hands.visit.page.get_by_role("heading", name=f"Pictures for {day.title}")).to_be_visible()
    return hands.tally


def open_a_destination(day: Day) -> Tally:
    """A policy admin proposes a destination, writes down its terms and opens it."""
    name = f"hail-{day.title.split()[-1]}"
    with day.hands("paul", "/") as hands:
        hands.go("Destinations")
        hands.click("link", "Add a destination")
        hands.choose("Provider", "Quillon AI (invented)")
        hands.fill("What is it called?", f"Quillon for {day.title}")
        hands.fill("Short name", name)
        hands.fill("Models", "quillon-writer")
        hands.choose("Which interface does it speak?", "Anthropic")
        hands.fill("Address", "https://ch.quillon.example")
        hands.fill("Region", "CH")
        hands.tick("public API")
        hands.click("button", "Add it")
        hands.choose("Cleared for data up to", "Internal")
        hands.fill("Days it keeps what it gets", "7")
        hands.click("button", "Put in force")
        hands.click("button", "Open")
        hands.click("button", "Yes", within=hands.visit.page.get_by_role("dialog"))
        hands.sees("is open.")
    return hands.tally


def add_a_person(day: Day) -> Tally:
    with day.hands("pia", "/") as hands:
        hands.go("People")
        hands.click("link", "Add a person")
        login = f"nia-{day.title.split()[-1]}"
        hands.fill("Name", "Nia Newcomer")
        hands.fill("Login", login)
        hands.choose("Unit", "Claims")
        hands.fill("First password", "a synthetic sentence for Nia")
        hands.click("button", "Add")
        hands.choose("Role", "builder")
        hands.choose("On", "Claims")
        hands.click("button", "Give it")
        hands.sees("The role holds from now on.")
    return hands.tally


def find_what_is_contested(day: Day) -> Tally:
    """An arbiter sees both claims, side by side."""
    with day.hands("arya", "/") as hands:
        hands.go("Initiatives")
        hands.choose("Whose", "Contested")
        hands.visit.page.wait_for_url(re.compile("whose=contested"))
        hands.click("link", "Claims letters, drafted")
        hands.sees("Digital Products")
        hands.sees("Claims")
    return hands.tally


def required(tally: Tally) -> int:
    return len(tally.required)


def form_pages(tally: Tally) -> int:
    """Return how many pages of the request were filled in; the first page and "Sent" ask for nothing."""
    return len({page for page in tally.pages if page.startswith("request_")})


NO_SCROLL = Goal("things to scroll to", 0, lambda tally: len(tally.hidden))
TASKS = [
    Task(
        "a request from a template",
        "lead",
        ask,
        (Goal("required fields", 9, required), Goal("pages with a form", 3, form_pages)),
    ),
    Task("see what a prompt would become", "lead", try_a_prompt),
    Task(
        "a decision (the costliest of three)",
        "approvers",
        decide,
        (Goal("interactions", 2, lambda tally: tally.interactions), NO_SCROLL),
    ),
    Task("approval to first prompt", "lead", first_prompt, (Goal("actions", 3, lambda tally: tally.actions),)),
    Task("a key, and the first call by SDK", "builder", make_a_key),
    Task("refusal to redacted copy", "lead", mend_a_refusal, (Goal("clicks", 2, lambda tally: tally.interactions),)),
    Task("refusal to a reason", "builder", give_a_reason, (Goal("clicks", 2, lambda tally: tally.interactions),)),
    Task("report a mistake", "builder", report_a_mistake),
    Task("close a false positive", "analyst", close_a_mistake, (Goal("actions", 3, lambda tally: tally.actions),)),
    Task("export the log", "auditor", export_the_log),
    Task("add a dataset", "steward", add_a_dataset),
    Task("open a destination", "policy admin", open_a_destination),
    Task("add a person with a role", "platform admin", add_a_person),
    Task("find what is contested", "arbiter", find_what_is_contested),
]
