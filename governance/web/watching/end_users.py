"""The page on which an initiative's end users come to be verified: who vouches for them, and where their token stands."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.gateway.end_users import LONGEST_KEYS, LONGEST_URL, USUAL_CLAIM, USUAL_HEADER
from governance.gateway.selectors.issuers import IssuerPage, IssuerRow, issuer_of
from governance.gateway.services.issuers import end_issuer, set_issuer
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.forms import tried
from governance.web.frame.shapes import Crumb

READ, EDIT = "gateway:issuer:read", "gateway:issuer:edit"


class SeenForm(forms.Form):
    """Names the issuer that was shown, so that nobody replaces what somebody else has just set."""

    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)


class IssuerForm(SeenForm):
    use_required_attribute = False
    issuer = forms.CharField(label="Issuer", help_text="As the token names it (iss).", max_length=LONGEST_URL)
    audience = forms.CharField(
        label="Audience", help_text="What the token has to be made for (aud).", max_length=LONGEST_URL
    )
    claim = forms.CharField(
        label="Who it is",
        help_text="The claim that is written down with each call.",
        initial=USUAL_CLAIM,
        max_length=100,
    )
    header = forms.CharField(
        label="Header", help_text="Where the application puts the token.", initial=USUAL_HEADER, max_length=60
    )
    jwks_url = forms.CharField(
        label="Where its keys are read",
        help_text="Its JWKS address, public and https.",
        required=False,
        max_length=LONGEST_URL,
    )
    keys = forms.CharField(
        label="Or its keys",
        help_text="A JWK set, pasted: public keys only.",
        required=False,
        max_length=LONGEST_KEYS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@requires(READ)
def end_users(request: HttpRequest, code: str) -> HttpResponse:
    found = issuer_of(code, standing=standing(request))
    return _shown(request, found, IssuerForm(initial=_initial(found.row)))


@require_POST
@requires(EDIT, step_up=True)
def end_users_set(request: HttpRequest, code: str) -> HttpResponse:
    form, by = IssuerForm(request.POST), actor_of(request)
    if form.is_valid():
        told = form.cleaned_data
        if tried(form, lambda: set_issuer(initiative=code, **told, by=by, at=now())):
            messages.success(request, "From the next call on, every call proves who asks, or is refused.")
            return redirect("end_users", code)
    return _shown(request, issuer_of(code, standing=standing(request)), form)


@require_POST
@requires(EDIT, step_up=True)
def end_users_end(request: HttpRequest, code: str) -> HttpResponse:
    form, by = SeenForm(request.POST), actor_of(request)
    seen = form.cleaned_data["replaces"] if form.is_valid() else None
    end_issuer(initiative=code, replaces=seen, by=by, at=now())
    messages.success(request, "Nobody has to prove who they are any more.")
    return redirect("end_users", code)


def _initial(row: IssuerRow | None) -> dict[str, Any]:
    if row is None:
        return {}
    told = {"issuer": row.issuer, "audience": row.audience, "claim": row.claim, "header": row.header}
    return told | {"jwks_url": row.jwks_url, "replaces": row.id}


def _shown(request: HttpRequest, found: IssuerPage, form: IssuerForm) -> HttpResponse:
    here = reverse("initiative", args=[found.initiative])
    page = {
        "code": found.initiative,
        "trail": [Crumb("Initiatives", "/initiatives/"), Crumb(found.initiative_title, here), Crumb("Who asks")],
        "row": _row(found.row) if found.row else None,
        "form": form if found.may_edit else None,
        "action": "Replace it" if found.row else "Verify from now on",
    }
    return render(request, "exchanges/end_users.html", {"page": page}, status=422 if form.errors else 200)


def _row(row: IssuerRow) -> dict[str, Any]:
    keys = (
        f"{words.several(len(row.key_ids), 'pasted key')}: {', '.join(filter(None, row.key_ids)) or 'without a name'}"
    )
    return {
        "id": row.id,
        "facts": [
            ("Issuer", row.issuer),
            ("Audience", row.audience),
            ("Written down", f"the claim {row.claim}"),
            ("Header", row.header),
            ("Keys", f"read from {row.jwks_url}" if row.jwks_url else keys),
        ],
        "set_by": row.set_by,
        "set_at": row.set_at,
    }
