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
from governance.gateway.selectors.confirmations import ConfirmationRow, ShownCall
from governance.gateway.services.confirmations import PERMISSION, answer_confirmation
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.sayings import Said

SAID = {
    ConfirmationState.WAITING: Said("Waits for a person", "wait"),
    ConfirmationState.CONFIRMED: Said("Confirmed", "good"),
    ConfirmationState.REFUSED: Said("Refused", "bad"),
    ConfirmationState.ENDED: Said("Over: nobody answered in time, or it was stopped", "bad"),
}
NOT_YOURS = "A builder of the initiative can see what would be called, and confirm or refuse it."


@requires(PERMISSION, step_up=True, keeps=("reason",))
@require_POST
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


def shown(found: ConfirmationRow, exchange_id: UUID) -> dict[str, Any]:
    """Return the card of the page of a call."""
    waits = found.state == ConfirmationState.WAITING
    return {
        "said": SAID[ConfirmationState(found.state)],
        "about": _about(found, waits=waits),
        "calls": [_call(call) for call in found.calls],
        "post_to": reverse("exchange_call", args=[exchange_id]) if found.may_answer else "",
        "not_yours": NOT_YOURS if waits and not found.may_answer else "",
        "reason": found.reason,
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
