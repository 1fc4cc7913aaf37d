"""Pages of keys: made, shown once, seen by their first characters, revoked."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.initiatives.selectors import initiatives_of
from governance.organisation import directory, services
from governance.organisation.directory import KeyEntry
from governance.organisation.permissions import may
from governance.web.frame.access import actor_of, holds, reader, requires, signed_in, standing
from governance.web.frame.forms import Day, end_of, form_page, tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.samples import first_lines
from governance.web.frame.sayings import Said
from governance.web.frame.shapes import Crumb

MAKE, MAKE_FOR_API, REVOKE = "organisation:key:make", "organisation:key:make_for_api", "organisation:key:revoke"
HOME = Crumb("Keys", "/keys/")
STATES = {"active": Said("Active", "good"), "ended": Said("Ended", "quiet"), "revoked": Said("Revoked", "bad")}
API_SCOPES = {"api:read": "Read here what I may read", "api:write": "Read and write here what I may"}
SPEC = ListSpec(
    sorts={"made": "Made"},
    default_sort="-made",
    filters=(
        Filter("state", "Status", [(state, said.text) for state, said in STATES.items()]),
        Filter("whose", "Whose", (("mine", "Mine"),)),
    ),
    noun="key",
)


class KeyForm(forms.Form):
    title = forms.CharField(label="What is it for?", help_text="So that people know it again.", max_length=200)
    scope = forms.ChoiceField(label="What may it do?")
    ends = Day(label="Until when?", help_text="At most a year.")

    def __init__(self, *args: Any, scopes: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        scope: Any = self.fields["scope"]
        scope.choices = scopes


@signed_in
def keys(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    at = now()
    found = directory.keys(
        standing=standing(request),
        at=at,
        state=state.value("state"),
        mine=state.value("whose") == "mine",
        page=state.page,
        size=state.limit,
    )
    titles = dict(_scopes(request))
    page = ListPage(state, [_row(request, row, titles) for row in found.rows], found.total)
    return page_or_part(
        request, "keys/list.html", "rows", {"page": page, "new_url": reverse("key_new"), "may_make": True}
    )


def _row(request: HttpRequest, row: KeyEntry, titles: dict[str, str]) -> dict[str, Any]:
    may_revoke = row.made_by_id == reader(request).pk or bool(may(standing(request), REVOKE, None))
    said = STATES[row.state]
    return {
        "id": row.id,
        "title": row.title,
        "prefix": row.prefix,
        "made_by": row.made_by,
        "purpose": titles.get(row.scope) or API_SCOPES.get(row.scope, "calls for an initiative"),
        "status": said.text,
        "tone": said.tone,
        "last_used_at": row.last_used_at,
        "expires_at": row.expires_at,
        "may_revoke": may_revoke and row.state == "active",
    }


def _scopes(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what the reader may make keys for: initiatives they build, and the REST API."""
    mine = initiatives_of(reader(request).pk) if holds(request, MAKE) else []
    calls = [(f"initiative:{each.pk}", f"Call models for {each.title}") for each in mine]
    return [*calls, *API_SCOPES.items()]


@never_cache
@requires(MAKE_FOR_API, step_up=True)
def key_new(request: HttpRequest) -> HttpResponse:
    ends = timezone.localdate() + timedelta(days=90)
    asked = f"initiative:{request.GET.get('initiative', '')}"
    form = KeyForm(request.POST or None, scopes=_scopes(request), initial={"ends": ends, "scope": asked})
    if form.is_valid():
        made = tried(form, lambda: _make(request, form.cleaned_data))
        if made:
            return _shown(request, form.cleaned_data, made)
    return form_page(request, form, title="Make a key", trail=_trail(), action="Make it", back=HOME.url)


def _shown(request: HttpRequest, told: Mapping[str, Any], secret: str) -> HttpResponse:
    """Show the key this one time; a key that calls models comes with the lines to paste."""
    kind, _, initiative_id = str(told["scope"]).partition(":")
    calls = kind == "initiative"
    context = {
        "secret": secret,
        "key_title": told["title"],
        "trail": _trail(),
        "first": first_lines(initiative_id, key=secret, standing=standing(request), at=now()) if calls else {},
    }
    return render(request, "keys/made.html", context)


def _trail() -> list[Crumb]:
    return [HOME, Crumb("Make a key")]


def _make(request: HttpRequest, told: dict[str, Any]) -> str:
    expires_at = end_of(told["ends"], timezone.get_current_timezone_name())
    _, secret = services.make_key(
        title=told["title"], scope=told["scope"], expires_at=expires_at, by=actor_of(request), at=now()
    )
    return secret


@signed_in
@require_POST
def key_revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    revoked = services.revoke_key(key_id=key_id, by=actor_of(request), at=now())
    messages.success(request, f"“{revoked.title}” is revoked. Programs that use it are refused from now on.")
    return redirect("keys")
