"""A remit in force goes on for longer, in one step."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from governance.core.clock import now
from governance.core.errors import NotFound
from governance.initiatives import selectors
from governance.organisation.selectors import authorize, time_zone_of, unit
from governance.remits import services
from governance.remits.rules import RemitState, usual_end
from governance.remits.selectors import remits_of
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.forms import Day, form_page, tried
from governance.web.frame.shapes import Crumb

SUBMIT = "remits:remit:submit"
HOME = Crumb("Initiatives", "/initiatives/")


class ExtensionForm(forms.Form):
    ends = Day(label="New last day", help_text="Only the end moves. Grants that end with the remit move along.")


@requires(SUBMIT)
def extend(request: HttpRequest, code: str) -> HttpResponse:
    row = selectors.initiative(code, standing=standing(request)).row
    authorize(actor_of(request), SUBMIT, unit(row.unit_id).path)
    remit_id = remit_in_force(row.id)
    form = ExtensionForm(request.POST or None, initial={"ends": _usual(row.unit_id)})
    if form.is_valid():
        told: dict[str, Any] = {"remit_id": remit_id, "ends": form.cleaned_data["ends"]}
        if outcome := tried(form, lambda: services.extend_remit(**told, by=actor_of(request), at=now())):
            messages.success(request, "Sent. Until it is decided, what is in force stays as it is.")
            if outcome.request_id:
                return redirect("request", outcome.request_id)
            return redirect("initiative", code)
    here = Crumb(row.title, reverse("initiative", args=[code]))
    about = "A new version with a later end and nothing else. Whoever decides sees just that."
    trail = [HOME, here, Crumb("Extend")]
    return form_page(
        request, form, title=f"Extend {row.title}", about=about, trail=trail, action="Ask for it", back=here.url
    )


def remit_in_force(initiative_id: UUID) -> UUID:
    """Return the version that can be extended.

    Raises:
        NotFound: when none is in force.
    """
    for row in remits_of(initiative_id):
        if row.state is RemitState.APPROVED and not row.sandbox:
            return row.id
    raise NotFound("nothing_in_force", "Nothing is in force that could be extended.")


def _usual(unit_id: UUID) -> date:
    return usual_end(now(), time_zone_of(unit(unit_id)))
