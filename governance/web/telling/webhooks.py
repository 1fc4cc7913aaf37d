"""Pages of webhooks: added with a secret that is shown once, tried, watched, sent again; and how the channels are."""

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
from governance.notices import selectors, services
from governance.notices.kinds import KINDS
from governance.notices.models import Webhook
from governance.notices.rules import LONGEST_TITLE, LONGEST_URL, DeliveryState, WebhookState
from governance.notices.selectors import DeliveryRow, WebhookRow
from governance.organisation.permissions import may
from governance.organisation.roles import Role
from governance.organisation.selectors import units_tree
from governance.web.frame import words
from governance.web.frame.access import actor_of, holds, requires, standing
from governance.web.frame.forms import form_page, tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.samples import webhook_sample
from governance.web.frame.shapes import Crumb
from governance.web.telling.delivery_words import CHANNELS, DELIVERIES, code_said, webhook_said

READ, EDIT, CHANNEL = "notices:webhook:read", "notices:webhook:edit", "notices:channel:read"
HOME = Crumb("Webhooks", "/webhooks/")
SPEC = ListSpec(
    sorts={"title": "Webhook", "added": "Added"},
    default_sort="title",
    filters=(
        Filter("q", "Search", hint="a title, an address or a unit"),
        Filter("state", "Status", (("active", "On"), ("failing", "Failing"), ("disabled", "Off"))),
    ),
    noun="webhook",
)
LOG = ListSpec(
    sorts={},
    default_sort="",
    filters=(Filter("state", "Status", [(state.value, said.text) for state, said in DELIVERIES.items()]),),
    noun="delivery",
    nouns="deliveries",
)
HEARS = {
    kind: known.says[0].upper() + known.says[1:] for kind, known in KINDS.items() if kind != "notices.webhook_test"
}


class WebhookForm(forms.Form):
    title = forms.CharField(
        label="What is it for?", help_text="So that people know it again.", max_length=LONGEST_TITLE
    )
    url = forms.CharField(
        label="Address",
        help_text="Where your program listens, such as https://hooks.example.com/remit.",
        max_length=LONGEST_URL,
    )
    unit_id = forms.TypedChoiceField(
        label="Unit", help_text="It hears what people of this unit and below are told.", coerce=UUID
    )
    role = forms.ChoiceField(
        label="Only what people with this role are told",
        required=False,
        choices=[("", "Whatever their role"), *((role.value, words.role(role)) for role in Role)],
    )
    kinds = forms.MultipleChoiceField(
        label="Only of these",
        help_text="None chosen: all of them, and those that are added later.",
        required=False,
        choices=list(HEARS.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        unit: Any = self.fields["unit_id"]
        unit.choices = units


class ChangeForm(WebhookForm):
    """The unit stays: another unit hears something else."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, units=[], **options)
        del self.fields["unit_id"]


@requires(READ)
def webhooks(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    found = selectors.webhooks(
        standing=standing(request),
        search=state.value("q"),
        state=state.value("state"),
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [_row(row) for row in found.rows], found.total)
    return page_or_part(request, "webhooks/list.html", "rows", {"page": page, "may_edit": holds(request, EDIT)})


def _row(row: WebhookRow) -> dict[str, Any]:
    said = webhook_said(row)
    return {
        "id": row.id,
        "title": row.title,
        "host": row.host,
        "unit": row.unit,
        "hears": _hears(row),
        "status": said.text,
        "tone": said.tone,
        "owner": row.owner,
        "added_at": row.added_at,
        "failing_since": row.failing_since,
    }


def _hears(row: WebhookRow) -> str:
    what = f"{len(row.kinds)} kind{'' if len(row.kinds) == 1 else 's'}" if row.kinds else "everything"
    return f"{what}, told to {words.role(Role(row.role))}s" if row.role else what


@never_cache
@requires(EDIT, step_up=True)
def webhook_new(request: HttpRequest) -> HttpResponse:
    units = [
        (str(each.id), "\u2003" * each.depth + each.name)
        for each in units_tree()
        if may(standing(request), EDIT, each.path)
    ]
    form = WebhookForm(request.POST or None, units=units)
    if form.is_valid():
        made = tried(form, lambda: services.add_webhook(**form.cleaned_data, by=actor_of(request), at=now()))
        if made:
            return _shown(request, *made, about="It is on. Put the secret where your program checks signatures.")
    trail = [HOME, Crumb("Add a webhook")]
    about = "Your program is called once for each thing that people of the unit are told: what, where, never content."
    return form_page(request, form, title="Add a webhook", about=about, trail=trail, action="Add it", back=HOME.url)


@never_cache
@require_POST
@requires(EDIT, step_up=True)
def webhook_secret(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    selectors.webhook(webhook_id, standing=standing(request))
    made = services.replace_secret(webhook_id=webhook_id, by=actor_of(request), at=now())
    return _shown(request, *made, about="For a day the old secret signs beside it, so that no call is refused.")


def _shown(request: HttpRequest, hook: Webhook, secret: str, *, about: str) -> HttpResponse:
    context = {
        "secret": secret,
        "hook": hook.title,
        "about": about,
        "sample": webhook_sample(),
        "trail": [HOME, Crumb(hook.title, reverse("webhook", args=[hook.pk])), Crumb("Secret")],
        "back": reverse("webhook", args=[hook.pk]),
    }
    return render(request, "webhooks/made.html", context)


@requires(READ)
def webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    row = selectors.webhook(webhook_id, standing=standing(request))
    state = ListState.read(request.GET, LOG)
    found = selectors.deliveries(
        webhook_id, standing=standing(request), state=state.value("state"), page=state.page, size=state.limit
    )
    may_edit = bool(may(standing(request), EDIT, row.unit_path))
    active = row.state == WebhookState.ACTIVE
    rows = [_delivery(each, may_send=may_edit and active) for each in found.rows]
    context = {
        "hook": _row(row)
        | {
            "address": row.address,
            "active": active,
            "kinds": [HEARS.get(kind, kind) for kind in row.kinds],
            "role": words.role(Role(row.role)) if row.role else "",
            "before_until": row.before_until if row.before_until and row.before_until > now() else None,
        },
        "page": ListPage(state, rows, found.total),
        "may_edit": may_edit,
        "trail": [HOME, Crumb(row.title)],
    }
    return page_or_part(request, "webhooks/page.html", "rows", context)


def _delivery(row: DeliveryRow, *, may_send: bool) -> dict[str, Any]:
    said = DELIVERIES[DeliveryState(row.state)]
    return {
        "id": row.id,
        "what": HEARS.get(row.kind, "A test" if row.kind == services.TEST else row.kind),
        "sentence": row.sentence,
        "told_at": row.told_at,
        "status": said.text,
        "tone": said.tone,
        "ended": code_said(row.code),
        "tries": row.tries,
        "next_at": row.try_at if row.is_open else None,
        "may_send": may_send and not row.is_open,
    }


@requires(EDIT)
def webhook_edit(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    row = selectors.webhook(webhook_id, standing=standing(request))
    known = {
        "title": row.title,
        "url": row.address,
        "role": row.role,
        "kinds": row.kinds,
        "revision": row.revision,
    }
    form = ChangeForm(request.POST or None, initial=known)
    if form.is_valid():
        told, by = form.cleaned_data, actor_of(request)
        if tried(form, lambda: services.edit_webhook(webhook_id=webhook_id, **told, by=by, at=now())):
            messages.success(request, "Changed. It holds for everything from now on, and for what still waits.")
            return redirect("webhook", webhook_id)
    back = reverse("webhook", args=[webhook_id])
    trail = [HOME, Crumb(row.title, back), Crumb("Change")]
    return form_page(request, form, title=f"Change {row.title}", trail=trail, action="Keep this", back=back)


@requires(EDIT)
@require_POST
def webhook_switch(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    selectors.webhook(webhook_id, standing=standing(request))
    active = request.POST.get("active") == "yes"
    services.switch_webhook(webhook_id=webhook_id, active=active, by=actor_of(request), at=now())
    messages.success(request, "It is on." if active else "It is off, and hears nothing until it is on again.")
    return redirect("webhook", webhook_id)


@requires(EDIT)
@require_POST
def webhook_test(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    selectors.webhook(webhook_id, standing=standing(request))
    services.send_test(webhook_id=webhook_id, by=actor_of(request), at=now())
    messages.success(request, "A test is on its way. How it went stands below in a moment.")
    return redirect("webhook", webhook_id)


@require_POST
@requires(EDIT, step_up=True)
def webhook_remove(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    row = selectors.webhook(webhook_id, standing=standing(request))
    services.remove_webhook(webhook_id=webhook_id, by=actor_of(request), at=now())
    messages.success(request, f"“{row.title}” is removed.")
    return redirect("webhooks")


@requires(EDIT)
@require_POST
def delivery_again(request: HttpRequest, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    selectors.webhook(webhook_id, standing=standing(request))
    services.call_again(webhook_id=webhook_id, delivery_id=delivery_id, by=actor_of(request), at=now())
    messages.success(request, "It is sent again, under the same id.")
    return redirect("webhook", webhook_id)


@requires(CHANNEL)
def channels(request: HttpRequest) -> HttpResponse:
    at = now()
    rows = [
        {
            "title": CHANNELS[row.channel],
            "row": row,
            "ended": code_said(row.last_code),
            "stuck": bool(row.waiting_since),
        }
        for row in selectors.channels(at)
    ]
    context = {"rows": rows, "alive": selectors.outbound_is_alive(at), "failing": _failing(request)}
    return render(request, "webhooks/channels.html", context)


def _failing(request: HttpRequest) -> list[dict[str, Any]]:
    """Return those that fail now and those that failed until they were switched off; one switched off by hand rests."""
    rows = [
        row
        for state in ("failing", "disabled")
        for row in selectors.webhooks(standing=standing(request), state=state).rows
    ]
    return [_row(row) for row in rows if webhook_said(row).tone != "quiet"]
