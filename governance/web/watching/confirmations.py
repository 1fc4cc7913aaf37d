"""What an answer would call and waits for a person, on the page of its call; and the person's word."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.core.errors import Conflict, Invalid
from governance.gateway.confirming import ConfirmationState
from governance.gateway.selectors import exchange
from governance.gateway.selectors.confirmations import ConfirmationRow, ShownCall, calls_of
from governance.gateway.services.confirmations import PERMISSION, answer_confirmation
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.calls import SAID, call_count, call_row
from governance.web.frame.htmx import page_or_part
from governance.web.frame.kept import first_of
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState

SPEC = ListSpec(
    sorts={"asked": "Asked"},
    default_sort="-asked",
    filters=(
        Filter(
            "state",
            "What came of it",
            [(each.value, SAID[each].text) for each in ConfirmationState if each is not ConfirmationState.WAITING],
            otherwise=SAID[ConfirmationState.WAITING].text,
        ),
    ),
    noun="call",
)
NOT_YOURS = "A builder of the initiative can see what would be called, and confirm or refuse it."


@requires(PERMISSION)
def calls(request: HttpRequest) -> HttpResponse:
    """Show what waits for a builder's word, and what became of it before."""
    state = ListState.read(request.GET, SPEC)
    show = state.value("state") or ConfirmationState.WAITING
    found = calls_of(standing(request), at=now(), state=show, sort=state.sort, page=state.page, size=state.limit)
    waiting = call_count(request)
    page = ListPage(state, [call_row(row, at=now()) for row in found.rows], found.total, found.more)
    headline = f"{words.several(waiting, 'call')} to confirm" if waiting else "No call waits for you"
    return page_or_part(request, "calls/list.html", "rows", {"page": page, "headline": headline})


@require_POST
@requires(PERMISSION, step_up=True, keeps=("reason",))
def exchange_call(request: HttpRequest, exchange_id: UUID) -> HttpResponse:
    exchange(
        exchange_id, standing=standing(request), at=now()
    )  # whoever may not see the call is told that there is none
    confirm, reason = request.POST.get("answer") == "confirm", request.POST.get("reason", "")
    try:
        answer_confirmation(exchange_id=exchange_id, confirm=confirm, reason=reason, by=actor_of(request), at=now())
    except (Invalid, Conflict) as refused:
        messages.error(request, f"{refused.reason} {refused.remedy}".strip())
    else:
        done = "Confirmed: the application gets the answer now." if confirm else "Refused: the application is told so."
        messages.success(request, done)
    return redirect("exchange", exchange_id)


def title(found: ConfirmationRow) -> str:
    """Return the title of the page of a call by what a person said of it; "" once the answer went on: then it is a call like others."""
    tools = words.joined(found.tools)
    match ConfirmationState(found.state):
        case ConfirmationState.WAITING:
            return f"A call of {tools} waits for a person"
        case ConfirmationState.CONFIRMED:
            return "" if found.served_at else f"A call of {tools} is confirmed, and its answer may be fetched once"
        case ConfirmationState.REFUSED:
            return f"A call of {tools} is refused"
        case ConfirmationState.ENDED:
            return f"A call of {tools} was not confirmed in time"


def shown(found: ConfirmationRow, exchange_id: UUID, *, kept: dict[str, list[str]]) -> dict[str, Any]:
    """Return the card of the page of a call. `kept`: what was typed before the reader said who they are."""
    waits = found.state == ConfirmationState.WAITING
    return {
        "said": SAID[ConfirmationState(found.state)],
        "about": _about(found, waits=waits),
        "calls": [_call(call) for call in found.calls],
        "post_to": reverse("exchange_call", args=[exchange_id]) if found.may_answer else "",
        "not_yours": NOT_YOURS if waits and not found.may_answer else "",
        "reason": found.reason,
        "kept": first_of(kept, "reason"),
        "until": found.expires_at if waits else None,
    }


def _about(found: ConfirmationRow, *, waits: bool) -> str:
    wanted = f"The model wants to call {words.joined(found.tools)}"
    if waits:
        return f"{wanted}. Nothing is called before one of you has said yes."
    by = f", by {found.answered_by}" if found.answered_by else ""
    out = " The answer went out once." if found.served_at else ""
    return f"{wanted}{by}.{out}"


def _call(call: ShownCall) -> dict[str, Any]:
    rows = [
        {
            "name": each.name or "text",
            "pieces": [
                {"text": piece.text, "kind": words.finding(piece.kind) if piece.kind else ""} for piece in each.pieces
            ],
        }
        for each in call.arguments
    ]
    return {"tool": call.tool, "rows": rows}
