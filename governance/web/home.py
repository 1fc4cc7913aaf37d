"""The first page: what waits for the reader, what is theirs, what was refused."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from governance.approvals.selectors import asked_by
from governance.core.clock import now
from governance.gateway.rules import ExchangeState
from governance.gateway.selectors import exchanges
from governance.initiatives import selectors
from governance.web import words
from governance.web.access import holds, reader, signed_in, standing
from governance.web.exchanges import row_of as exchange_row
from governance.web.inbox import inbox_count, inbox_rows, request_row
from governance.web.initiatives import row_of

NOON, EVENING = 12, 18
SHOWN = 6


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home/page.html", {"page": _page(request)})


def _page(request: HttpRequest) -> dict[str, Any]:
    decides = holds(request, "approvals:request:decide")
    waiting = inbox_rows(request, limit=SHOWN) if decides else []
    asked = [row for row in map(request_row, asked_by(reader(request).pk, limit=SHOWN)) if row["open"]]
    refused = _refused(request) if holds(request, "gateway:exchange:read") else None
    builds = holds(request, "remits:remit:draft")
    return {
        "greeting": f"{_greeting()}, {reader(request).name.split()[0]}",
        "sentence": _sentence(inbox_count(request) if decides else 0, asked),
        "new_url": reverse("request_new") if holds(request, "initiatives:initiative:propose") else "",
        "waiting": waiting,
        "asked": asked,
        "builds": builds,
        "initiatives": _mine(request) if builds else [],
        "refused": refused or [],
        "watches": refused is not None,
    }


def _mine(request: HttpRequest) -> list[dict[str, Any]]:
    return [row_of(row) for row in selectors.initiatives(standing=standing(request), mine=True, size=SHOWN).rows]


def _refused(request: HttpRequest) -> list[dict[str, Any]]:
    found = exchanges(standing=standing(request), at=now(), state=ExchangeState.REFUSED, size=SHOWN)
    return [exchange_row(row) for row in found.rows]


def _sentence(waiting: int, asked: list[dict[str, Any]]) -> str:
    """Return what needs the reader, and what of theirs needs others."""
    yours = (
        f"{waiting} decision{'' if waiting == 1 else 's'} wait{'s' if waiting == 1 else ''} for you." if waiting else ""
    )
    if not asked:
        return yours or "Nothing waits for you."
    others = words.joined(sorted({row["waits_for"] for row in asked}))
    return f"{yours or 'Nothing waits for you.'} Of what you asked, {len(asked)} wait{'s' if len(asked) == 1 else ''}, for {others}."


def _greeting() -> str:
    hour = timezone.localtime(now()).hour
    if hour < NOON:
        return "Good morning"
    return "Good afternoon" if hour < EVENING else "Good evening"
