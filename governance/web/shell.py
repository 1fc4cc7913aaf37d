"""What stands around every page: the four hats, each person only theirs, and who is signed in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from governance.notices.selectors import unread_count
from governance.web.asking.patterns import sample_count
from governance.web.asking.recertify import recertify_count
from governance.web.deciding.inbox import inbox_count
from governance.web.deciding.overrides import override_count
from governance.web.frame import words
from governance.web.frame.access import holds, reader, standing
from governance.web.frame.calls import call_count
from governance.web.frame.once import Once
from governance.web.frame.shapes import Entry, Hat, Reader
from governance.web.frame.stopped import lift_count
from governance.web.owning.allocations import allocation_count
from governance.web.owning.contests import rule_count, undecided_count
from governance.web.owning.overlaps import overlap_count
from governance.web.watching.reviews import review_count

MOST_COUNTED = 99
Count = Callable[[HttpRequest], int]


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: shown to who holds `permission` ("" for all who wear the hat). `count` says what waits there.

    `asks` names one and several of what waits for the reader in person, for the first page.
    """

    title: str
    url_name: str
    permission: str = ""
    count: Count | None = None
    asks: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Wear:
    """A hat, worn by whoever holds any of `permissions`."""

    title: str
    permissions: tuple[str, ...]
    places: tuple[Place, ...]


LETTERS = {  # after G; what somebody goes to many times a day
    "home": "H",
    "initiatives": "I",
    "request_new": "N",
    "exchanges": "L",
    "inbox": "W",
    "decided": "D",
    "reviews": "T",
    "portfolio": "P",
    "stops": "S",
    "training_sets": "R",
    "rulesets": "E",
    "contests": "C",
    "overlaps": "O",
    "keys": "K",
    "audit": "A",
    "people": "M",
}
# Pages whose address stands below that of another list than the one they are opened from.
BELONGS = dict.fromkeys(
    ("exchange_hold", "exchange_hold_reveal", "exchange_hold_release", "exchange_hold_discard"), "reviews"
)
GENERAL_KEYS = (
    ("?", "This list"),
    ("/", "Search the list of the page"),
    ("J", "The next row; Enter opens it"),
    ("K", "The row before"),
)
HOME = Place("Home", "home")
HATS = (
    Wear(
        "Request",
        ("initiatives:initiative:propose", "remits:remit:draft"),
        (
            HOME,
            Place("Initiatives", "initiatives"),
            Place("New request", "request_new", "initiatives:initiative:propose"),
            Place("What I asked", "asked"),
            Place("To recertify", "recertify", "remits:grant:recertify", count=recertify_count),
            Place(
                "Calls to confirm",
                "calls",
                "gateway:call:confirm",
                call_count,
                ("call of a tool to confirm", "calls of tools to confirm"),
            ),
            Place("What left", "exchanges", "gateway:exchange:read"),
            Place("Usage", "usage", "insights:usage:read"),
            Place("Limits", "limits", "gateway:limit:read"),
            Place("Data I may ask for", "datasets"),
            Place("Rounds", "allocations", "remits:remit:draft"),
            Place("Where it may go", "destinations"),
            Place("Who decides", "rules"),
            Place("Patterns", "patterns"),
            Place("Training sets", "training_sets", "training:set:read"),
            Place("Evaluation sets", "exams", "catalogue:exam:edit"),
            Place("Keys", "keys"),
        ),
    ),
    Wear(
        "Decide",
        ("approvals:request:decide",),
        (
            HOME,
            Place("Waiting for me", "inbox", count=inbox_count),
            Place("To recertify", "recertify", "remits:grant:confirm", count=recertify_count),
            Place("Decided", "decided"),
            Place(
                "Contested",
                "contests",
                "initiatives:contest:rule",
                rule_count,
                ("contest to rule on", "contests to rule on"),
            ),
            Place(
                "Overlaps",
                "overlaps",
                "initiatives:overlap:resolve",
                overlap_count,
                ("overlap to resolve", "overlaps to resolve"),
            ),
            Place(
                "Rounds",
                "allocations",
                "remits:allocation:award",
                allocation_count,
                ("round to award", "rounds to award"),
            ),
        ),
    ),
    Wear(
        "Watch",
        (
            "gateway:exchange:review",
            "approvals:override:review",
            "catalogue:dataset:edit",
            "insights:portfolio:read",
            "destinations:destination:edit",
        ),
        (
            HOME,
            Place("Portfolio", "portfolio", "insights:portfolio:read"),
            Place(
                "To look at",
                "reviews",
                "gateway:exchange:review",
                review_count,
                ("held request or report to look at", "held requests or reports to look at"),
            ),
            Place(
                "Overrides",
                "overrides",
                "approvals:override:review",
                override_count,
                ("override to look at", "overrides to look at"),
            ),
            Place("Stops", "stops", "gateway:stop:make", lift_count, ("stop to lift", "stops to lift")),
            Place("Only observed", "observing", "gateway:observation:read"),
            Place("Training sets", "training_sets", "training:set:read"),
            Place("What left", "exchanges", "gateway:exchange:read"),
            Place("Usage", "usage", "insights:usage:read"),
            Place("Limits", "limits", "gateway:limit:read"),
            Place("Initiatives", "initiatives", "initiatives:initiative:read"),
            Place("Contested", "contests", "initiatives:contest:read", count=undecided_count),
            Place("Overlaps", "overlaps", "initiatives:initiative:read"),
            Place("Capabilities", "capabilities", "initiatives:capability:read"),
            Place("Data", "datasets"),
            Place("Registers", "registers", "catalogue:register:read"),
            Place("Evaluation sets", "exams", "catalogue:exam:read"),
            Place("Recognisers", "recognisers", "scanning:recogniser:read"),
            Place("Markings", "markings", "scanning:recogniser:read"),
            Place("Rulesets", "rulesets", "scanning:ruleset:read"),
            Place("Destinations", "destinations"),
            Place("What the gateway reads", "surfaces"),
            Place("Who decides", "rules"),
            Place("Patterns", "patterns"),
            Place(
                "Patterns' decisions",
                "samples",
                "remits:pattern:review_sample",
                sample_count,
                ("sample to look at", "samples to look at"),
            ),
        ),
    ),
    Wear(
        "Prove",
        ("audit:event:read_own_unit", "organisation:person:read"),
        (
            HOME,
            Place("Audit", "audit", "audit:event:read_own_unit"),
            Place("People", "people", "organisation:person:read"),
            Place("Units", "units", "organisation:unit:edit"),
            Place("Working hours", "hours", "organisation:hours:edit"),
            Place("Destinations", "destinations", "destinations:key:write"),
            Place("Stops", "stops", "gateway:stop:make", lift_count),
            Place("Limits", "limits", "gateway:limit:edit"),
            Place("Keys", "keys", "organisation:key:read"),
            Place("Webhooks", "webhooks", "notices:webhook:read"),
            Place("Channels", "channels", "notices:channel:read"),
        ),
    ),
)


@Once
def hats(request: HttpRequest) -> list[Hat]:
    """Return what the reader may wear. A place that two hats offer stands under the first only."""
    here, shown = _here(request), set[str]()
    worn = []
    for hat in HATS:
        if not any(holds(request, permission) for permission in hat.permissions):
            continue
        places = [
            p for p in hat.places if p.url_name not in shown and (not p.permission or holds(request, p.permission))
        ]
        shown |= {place.url_name for place in places}
        worn.append(Hat(hat.title, tuple(_entry(request, place, here) for place in places)))
    return [hat for hat in worn if hat.entries]


def _entry(request: HttpRequest, place: Place, here: str) -> Entry:
    count = place.count(request) if place.count else 0
    asked = place.asks[count != 1]
    waits = f"{count} {asked}" if count and asked else ""
    letter = LETTERS.get(place.url_name, "")
    return Entry(place.title, reverse(place.url_name), place.url_name == here, count, waits, letter)


def shortcuts(request: HttpRequest, *, on: bool) -> dict[str, Any]:
    """Return the keys that work for the reader, for the list of them, and what the button there turns them to."""
    places = [entry for hat in hats(request) for entry in hat.entries if entry.letter]
    decides = (("A, C, R", "On a request: approve, ask for changes, reject; each asks for a second press"),)
    general = GENERAL_KEYS + (decides if holds(request, "approvals:request:decide") else ())
    other, turn = ("off", "Turn the keys off") if on else ("on", "Turn the keys on")
    return {"on": on, "general": general, "places": places, "other": other, "turn": turn}


def waiting(request: HttpRequest) -> list[Entry]:
    """Return the places where something waits for the reader in person, beside the inbox."""
    return [entry for hat in hats(request) for entry in hat.entries if entry.waits]


def _here(request: HttpRequest) -> str:
    """Return the name of the place that the page belongs to: the list whose views it shows, or the one with the longest address above it."""
    path, at = request.path, request.resolver_match
    if at and "list_name" in at.kwargs:
        return str(at.kwargs["list_name"])
    if at and at.url_name in BELONGS:
        return BELONGS[at.url_name]
    places = {place.url_name: reverse(place.url_name) for hat in HATS for place in hat.places}
    above = [(len(url), name) for name, url in places.items() if path == url or (url != "/" and path.startswith(url))]
    return max(above, default=(0, ""))[1]


def unread(request: HttpRequest) -> str:
    """Return how many notices the reader has not read, as the bell shows it: "" for none."""
    count = unread_count(reader(request).pk, most=MOST_COUNTED + 1)
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")


def who(request: HttpRequest) -> Reader:
    roles = sorted({words.role(role) for role, _ in standing(request).roles})
    return Reader(reader(request).name, ", ".join(roles) or "no role yet")
