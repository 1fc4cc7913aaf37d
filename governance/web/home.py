"""The first page: what waits for the reader, what is theirs, what was refused."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from governance.core.clock import now
from governance.initiatives import selectors
from governance.web.access import holds, reader, signed_in, standing
from governance.web.initiatives import row_of

NOON, EVENING = 12, 18
SHOWN = 8


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home/page.html", {"page": _page(request)})


def _page(request: HttpRequest) -> dict[str, Any]:
    builds = holds(request, "remits:remit:draft")
    mine = selectors.initiatives(standing=standing(request), mine=True, size=SHOWN).rows if builds else []
    return {
        "greeting": f"{_greeting()}, {reader(request).name.split()[0]}",
        "initiatives_shown": builds,
        "initiatives": [row_of(row) for row in mine],
    }


def _greeting() -> str:
    hour = timezone.localtime(now()).hour
    if hour < NOON:
        return "Good morning"
    return "Good afternoon" if hour < EVENING else "Good evening"
