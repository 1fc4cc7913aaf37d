"""What is let pass because somebody called it a mistake: seen until its day, and ended before it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.scanning import services
from governance.scanning.suppressions import SuppressionRow, suppressions
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb

ANSWER = "scanning:mistake:answer"
HOME = Crumb("To look at", "/reviews/")
# What ends with a day ends at midnight: the day that is named is the one before.
LAST_MOMENT = timedelta(microseconds=1)
SPEC = ListSpec(
    sorts={},
    default_sort="",
    filters=(Filter("state", "Status", (("over", "Over"),), otherwise="Passes now"),),
    noun="value",
)


@requires(ANSWER)
def let_pass(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    over = state.value("state") == "over"
    found = suppressions(standing=standing(request), at=now(), over=over, page=state.page, size=state.limit)
    page = ListPage(state, [_row(row) for row in found.rows], found.total)
    trail = [HOME, Crumb("Let pass")]
    return page_or_part(request, "exchanges/let_pass.html", "rows", {"page": page, "trail": trail, "over": over})


def _row(row: SuppressionRow) -> dict[str, Any]:
    kind = words.finding(row.type)
    return {
        "kind": words.sentence(kind),
        "unit": row.unit,
        "reason": row.reason or "no reason was given",
        "owner": row.owner,
        "since": row.starts_at,
        "until": row.ends_at - LAST_MOMENT,
        "end_url": reverse("let_pass_end", args=[row.id]) if row.may_end else "",
        "asks": f"Let this {kind} pass no more in {row.unit}? From the next call on, the rules decide about it again.",
    }


@requires(ANSWER)
@require_POST
def let_pass_end(request: HttpRequest, suppression_id: UUID) -> HttpResponse:
    services.end_suppression(suppression_id=suppression_id, by=actor_of(request), at=now())
    messages.success(request, "It passes no more: from the next call on, the rules decide about it again.")
    return redirect("let_pass")
