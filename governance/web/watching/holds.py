"""Pages of a held request: read it masked, say why it must be read as it is, release it with a second person, or discard it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.gateway.held_copies import held_folder
from governance.gateway.selectors.holds import HeldPage, HeldText, held_request
from governance.gateway.services.holds import decide_held
from governance.scanning.rules import HoldAct, HoldState
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.forms import LongText, tried
from governance.web.frame.kept import first_of, put_back
from governance.web.frame.shapes import Crumb

READ, REVEAL, RELEASE = "scanning:hold:read", "scanning:hold:reveal", "scanning:hold:release"
DECIDE = "Two people release; one is enough to discard. Nobody decides about a request of their own key."
RELEASED_IT = "You would release it. Until a second person does, you can still discard it."


class WhyForm(forms.Form):
    reason = LongText(label="Why?", help_text="It stays with the request, with your name.")


class RevealForm(forms.Form):
    reason = LongText(label="Why must you read it as it is?", help_text="It stays with the request, with your name.")

    def __init__(self, data: Any = None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(
            data, initial=initial, auto_id="id_reveal_%s"
        )  # two forms of one page: each label names its own


@requires(READ)
@never_cache
def hold(request: HttpRequest, exchange_id: UUID) -> HttpResponse:
    # What was typed before they said who they are stands in both forms again: nobody but the reader knows which they meant.
    told = {"reason": first_of(put_back(request), "reason")}
    return _shown(request, exchange_id, reveal=RevealForm(initial=told), decide=WhyForm(initial=told))


@require_POST
@requires(REVEAL, step_up=True, keeps=("reason",))
@never_cache
def hold_reveal(request: HttpRequest, exchange_id: UUID) -> HttpResponse:
    """Show it as it is, once, in the answer to who said why: there is no address that shows it again."""
    form, by = RevealForm(request.POST), actor_of(request)
    done = tried(form, lambda: decide(exchange_id, HoldAct.REVEAL, form, by)) if form.is_valid() else None
    return _shown(request, exchange_id, reveal=None if done else form, revealed=done is not None)


@require_POST
@requires(RELEASE, step_up=True, keeps=("reason",))
def hold_release(request: HttpRequest, exchange_id: UUID) -> HttpResponse:
    return _decided(request, exchange_id, HoldAct.RELEASE)


@require_POST
@requires(RELEASE, step_up=True, keeps=("reason",))
def hold_discard(request: HttpRequest, exchange_id: UUID) -> HttpResponse:
    return _decided(request, exchange_id, HoldAct.DISCARD)


def _decided(request: HttpRequest, exchange_id: UUID, act: HoldAct) -> HttpResponse:
    form, by = WhyForm(request.POST), actor_of(request)
    state = tried(form, lambda: decide(exchange_id, act, form, by)) if form.is_valid() else None
    if state is None:
        return _shown(request, exchange_id, decide=form)
    messages.success(request, SAID[state])
    return redirect("exchange_hold", exchange_id)


SAID = {
    HoldState.HELD: "Noted. A second person has to release it too.",
    HoldState.RELEASED: "Released: exactly the same request passes once within 24 hours.",
    HoldState.DISCARDED: "Discarded. The sealed copy is gone.",
}


def decide(exchange_id: UUID, act: HoldAct, form: WhyForm | RevealForm, by: Any) -> HoldState:
    return decide_held(exchange_id=exchange_id, act=act, reason=form.cleaned_data["reason"], by=by, at=now())


def _shown(
    request: HttpRequest,
    exchange_id: UUID,
    *,
    reveal: RevealForm | None = None,
    decide: WhyForm | None = None,
    revealed: bool = False,
) -> HttpResponse:
    found = held_request(exchange_id, standing=standing(request), folder=held_folder(), at=now(), revealed=revealed)
    wrong = any(form is not None and form.errors for form in (reveal, decide))
    context = {"page": _page(found, reveal or RevealForm(), decide or WhyForm(), revealed=revealed)}
    return render(request, "exchanges/hold.html", context, status=422 if wrong else 200)


def _page(found: HeldPage, reveal: RevealForm, decide: WhyForm, *, revealed: bool) -> dict[str, Any]:
    releases = sum(act.kind == HoldAct.RELEASE for act in found.acts)
    return {
        "id": found.exchange,
        "trail": [Crumb("To look at", reverse("reviews")), Crumb("Held request")],
        "title": f"Held: {found.reason or 'it waits for two people'}".rstrip("."),
        "about": f"{found.initiative} ({found.unit}) wanted to send this to {found.destination}.",
        "said": words.state(HoldState, found.state),
        "stand": _stand(found, releases),
        "revealed": revealed,
        "texts": [_text(text) for text in found.texts],
        "acts": [
            {"person": act.person, "at": act.at, "reason": act.reason, "said": words.word(HoldAct, act.kind)}
            for act in found.acts
        ],
        "decide": decide if found.may_decide else None,
        "may_release": found.may_release,
        "decide_title": "Decide" if found.may_release else "Change your mind",
        "decide_about": DECIDE if found.may_release else RELEASED_IT,
        "released_until": found.released_until,
        "used_at": found.used_at,
        "waits": found.state == HoldState.HELD,
        "reveal": reveal if found.may_reveal and not revealed else None,
        "held_at": found.held_at,
        "expires_at": found.expires_at,
    }


def _stand(found: HeldPage, releases: int) -> str:
    if found.used_at:
        return "It was sent after its release."
    if found.released_until:
        return "The builder sends exactly the same again: it passes once."
    if found.may_decide and not found.may_release:
        return "You would release it; a second person has to."
    if found.state == HoldState.HELD:
        return "One person would release it; a second has to." if releases else "Nobody has decided yet."
    return "The sealed copy is gone; nothing of it can be read any more."


def _text(text: HeldText) -> dict[str, Any]:
    pieces = [{"text": piece.text, "kind": words.finding(piece.kind) if piece.kind else ""} for piece in text.pieces]
    return {"place": text.place, "pieces": pieces}
