"""The first page: what waits for the reader, what is theirs, what was refused."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from governance.approvals.selectors import asked_by
from governance.core.clock import now
from governance.gateway.selectors import newest_refused
from governance.initiatives import selectors
from governance.insights.scope import READ
from governance.web import shell
from governance.web.asking.recertify import READ as RECERTIFY
from governance.web.asking.recertify import recertify_rows
from governance.web.building.trying import TRY
from governance.web.deciding.inbox import inbox_count, inbox_rows, request_row
from governance.web.frame import words
from governance.web.frame.access import holds, reader, signed_in, standing
from governance.web.frame.calls import call_rows
from governance.web.frame.shapes import Entry
from governance.web.organisation.installation import RUN, looked_after
from governance.web.owning.initiatives import row_of, ways_to_call
from governance.web.proving import insights
from governance.web.watching.exchanges import row_of as exchange_row

NOON, EVENING = 12, 18
SHOWN = 6
WAITS_FOR_ASKER = "you"  # as request_row says of what was sent back
HANDS_ON = ("approvals:request:decide", "remits:remit:draft", "gateway:exchange:read", "destinations:destination:edit")


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Show what needs the reader; who only watches the whole sees the portfolio at once."""
    if holds(request, READ) and not any(holds(request, permission) for permission in HANDS_ON):
        return insights.portfolio(request)
    return render(request, "home/page.html", {"page": _page(request)})


def _page(request: HttpRequest) -> dict[str, Any]:
    decides = holds(request, "approvals:request:decide")
    waiting = inbox_rows(request, limit=SHOWN) if decides else []
    asked = [row for row in map(request_row, asked_by(reader(request).pk, limit=SHOWN)) if row["open"]]
    refused = _refused(request) if holds(request, "gateway:exchange:read") else None
    offers = selectors.offers_to(standing(request))
    builds, beside = holds(request, "remits:remit:draft"), shell.waiting(request)
    return {
        "greeting": f"{_greeting()}, {reader(request).name.split()[0]}",
        "sentence": _sentence(inbox_count(request) if decides else 0, asked, [*beside, *_offered(len(offers))]),
        "new_url": reverse("request_new") if holds(request, "initiatives:initiative:propose") else "",
        "waiting": waiting,
        "calls": call_rows(request, limit=SHOWN),
        "recertify": recertify_rows(request, SHOWN) if holds(request, RECERTIFY) else [],
        "beside": [entry for entry in beside if entry.url != reverse("calls")],  # those have a card of their own
        "offers": offers,
        "runs": looked_after(at=now()) if holds(request, RUN) else [],
        "asked": asked,
        "builds": builds,
        "initiatives": _mine(request) if builds else [],
        "refused": refused or [],
        "watches": refused is not None,
    }


def _offered(count: int) -> list[Entry]:
    said = "1 initiative offered to you" if count == 1 else f"{count} initiatives offered to you"
    return [Entry("Offered", "/", count=count, waits=said)] if count else []


def _mine(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the newest initiatives of the reader; those they build can be tried from here."""
    built = {each.pk for each in selectors.initiatives_of(reader(request).pk)} if holds(request, TRY) else set()
    found = selectors.initiatives(standing=standing(request), mine=True, size=SHOWN)
    return [row_of(row) | (ways_to_call(row.code) if row.id in built else {}) for row in found.rows]


def _refused(request: HttpRequest) -> list[dict[str, Any]]:
    found = newest_refused(standing=standing(request), at=now(), limit=SHOWN)
    return [exchange_row(row) for row in found]


def _sentence(waiting: int, asked: list[dict[str, Any]], beside: Sequence[Entry] = ()) -> str:
    """Return what needs the reader, and what of theirs needs others."""
    back = [row for row in asked if row["waits_for"] == WAITS_FOR_ASKER]
    others = [row for row in asked if row["waits_for"] != WAITS_FOR_ASKER]
    yours = [_waits(waiting, "decision") + " for you"] if waiting else []
    yours += [_waits(len(back), "request of yours", "requests of yours") + " for your answer"] if back else []
    told = [f"{words.joined(yours)}."] if yours else []
    if beside:
        verb = "waits" if sum(entry.count for entry in beside) == 1 else "wait"
        told.append(f"{words.joined([entry.waits for entry in beside])} {verb} for you.")
    if not told:
        told.append("Nothing waits for you.")
    if others:
        names = words.joined(sorted({row["waits_for"] for row in others}))
        told.append(f"Of what you asked, {len(others)} wait{'s' if len(others) == 1 else ''} for {names}.")
    return " ".join(told)


def _waits(count: int, one: str, many: str = "") -> str:
    return f"{count} {one} waits" if count == 1 else f"{count} {many or f'{one}s'} wait"


def _greeting() -> str:
    hour = timezone.localtime(now()).hour
    if hour < NOON:
        return "Good morning"
    return "Good afternoon" if hour < EVENING else "Good evening"
