"""The handling record of a unit: on a page of its own, and as cards beside contests and rounds."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.core.errors import NotFound
from governance.core.percent import percent
from governance.insights.handling import Fault, HandlingRecord, RecordLine, handling_records
from governance.organisation.permissions import may
from governance.organisation.services import comment_on_record
from governance.web.frame import words
from governance.web.frame.access import actor_of, holds, requires, standing
from governance.web.frame.forms import LongText
from governance.web.frame.shapes import Crumb

READ, COMMENT = "insights:handling:read", "organisation:record:comment"
CALLS = "gateway:exchange:read"
EVENTS = "audit:event:read_own_unit"
BEHIND = {  # what leads to the events behind a count: who may open it, where it is
    Fault.REFUSED: (CALLS, "exchanges", "state=refused"),
    Fault.HELD: (CALLS, "exchanges", "state=held"),
    Fault.OVERRIDDEN: (EVENTS, "audit", "kind=approvals.overridden"),
    Fault.LATE: (EVENTS, "audit", "kind=remits.grant_in_grace"),
}


class CommentForm(forms.Form):
    text = LongText(label="What should others know about these figures?")


@requires(READ)
def handling_record(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    found = _found(unit_id)
    return _page(request, found, None)


def _found(unit_id: UUID) -> HandlingRecord:
    found = handling_records([unit_id], at=now()).get(unit_id)
    if found is None:
        raise NotFound("no_such_unit", "There is no such unit.")
    return found


def _page(request: HttpRequest, found: HandlingRecord, form: CommentForm | None) -> HttpResponse:
    may_comment = bool(may(standing(request), COMMENT, found.path))
    context = {
        "trail": [Crumb("Initiatives", "/initiatives/"), Crumb("Handling record")],
        "record": found,
        "lines": [_line(request, line) for line in found.lines],
        "form": (form or CommentForm()) if may_comment else None,
    }
    return render(request, "organisation/handling.html", context, status=422 if form else 200)


@requires(COMMENT)
@require_POST
def record_comment(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _page(request, _found(unit_id), form)
    comment_on_record(unit_id=unit_id, **form.cleaned_data, by=actor_of(request), at=now())
    messages.success(request, "It stands beside the figures now, wherever they are shown.")
    return redirect("handling_record", unit_id)


def record_cards(request: HttpRequest, unit_ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return unit -> what `initiatives/contest_record.html` shows of its record, for contests and rounds."""
    return {
        unit_id: {
            "url": reverse("handling_record", args=[unit_id]),
            "unit": found.unit,
            "lines": [_line(request, line) for line in found.lines],
            "comment": found.comments[0] if found.comments else None,
        }
        for unit_id, found in handling_records(unit_ids, at=now()).items()
    }


def _line(request: HttpRequest, line: RecordLine) -> dict[str, Any]:
    permission, place, query = BEHIND[line.fault]
    return {
        "title": words.word(Fault, line.fault),
        "count": f"{line.number:,} of {line.base:,}" if line.base else "none yet",
        "rate": _rate(line),
        "number": line.number,
        "rated": line.rate is not None,
        "url": f"{reverse(place)}?{query}" if line.number and holds(request, permission) else "",
    }


def _rate(line: RecordLine) -> str:
    if line.rate is None:
        return "too few for a rate" if line.base else "no data yet"
    return f"{line.rate:.1f} per {line.per:,}" if line.per > 1 else percent(line.rate)
