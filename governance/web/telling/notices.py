"""Pages of notices: what the reader was told, and how they want to hear of it elsewhere."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from governance.core.clock import now
from governance.notices import selectors, services
from governance.notices.kinds import GROUP_TITLES, Group, kinds_of, meaning_of
from governance.notices.rules import ALWAYS_MAILED
from governance.notices.selectors import Hearing, NoticeRow
from governance.notices.timing import MailWish
from governance.web.frame.access import actor_of, reader, signed_in
from governance.web.frame.forms import tried, zones
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb

HOME = Crumb("Notices", "/notices/")
SPEC = ListSpec(
    sorts={"made": "When"},
    default_sort="-made",
    filters=(
        Filter("show", "Show", (("unread", "Unread"),)),
        Filter("about", "About", [(group.value, title) for group, title in GROUP_TITLES.items()]),
    ),
    noun="notice",
)
WISHES = {
    MailWish.AT_ONCE: "At once",
    MailWish.DAILY: "Once a day, in the morning",
    MailWish.WEEKLY: "Once a week, on Monday morning",
    MailWish.NEVER: "Never",
}
ABOUT = {
    Group.DECISIONS: "A request waits for you, or has waited too long.",
    Group.REQUESTS: "What became of what you asked for.",
    Group.OWNERSHIP: "Claims, contests and rulings about your initiatives.",
    Group.REFUSALS: "Prompts and training sets that may not leave as they are.",
    Group.SECURITY: "Your account, your keys, your webhooks. It can come later, not never.",
    Group.DIGESTS: "Overviews of what you watch.",
}


@signed_in
def notices(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    about = state.value("about")
    found = selectors.notices_of(
        reader(request).pk,
        unread_only=state.value("show") == "unread",
        group=Group(about) if about else None,
        oldest_first=not state.descending,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [_row(row) for row in found.rows], found.total)
    unread = selectors.unread_count(reader(request).pk)
    return page_or_part(request, "notices/list.html", "rows", {"page": page, "any_unread": unread > 0})


def _row(row: NoticeRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "text": row.text,
        "group": GROUP_TITLES[row.group],
        "made_at": row.made_at,
        "unread": not row.is_read,
    }


@signed_in
@require_safe
def notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Go to what a notice is about. Who goes there has read it."""
    found = selectors.notice(notice_id, person=reader(request).pk)
    services.mark_read(notice_id=notice_id, by=actor_of(request), at=now())
    return redirect(found.link)


@signed_in
@require_POST
def notice_read(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    selectors.notice(notice_id, person=reader(request).pk)
    services.mark_read(notice_id=notice_id, by=actor_of(request), at=now())
    return redirect("notices")


@signed_in
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    count = services.mark_all_read(by=actor_of(request), at=now())
    messages.success(request, f"{count} notice{'' if count == 1 else 's'} marked as read.")
    return redirect("notices")


class PreferencesForm(forms.Form):
    """One choice a group, then quiet hours and the zone by which the reader lives."""

    quiet_from = forms.TimeField(
        label="From", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label="Until", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    time_zone = forms.ChoiceField(label="Your time zone", required=False)

    def __init__(self, *args: Any, unit_zone: str, **options: Any) -> None:
        super().__init__(*args, **options)
        zone: Any = self.fields["time_zone"]
        zone.choices = [("", f"As my unit: {unit_zone}"), *((name, name) for name in zones())]
        for group in Group:
            self.fields[group.value] = forms.ChoiceField(
                label=GROUP_TITLES[group], help_text=ABOUT[group], choices=_choices(group)
            )

    @property
    def groups(self) -> list[forms.BoundField]:
        return [self[group.value] for group in Group]

    def chosen(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {
            "mail": {group.value: told[group.value] for group in Group},
            "quiet_from": told["quiet_from"],
            "quiet_until": told["quiet_until"],
            "time_zone": told["time_zone"],
        }


def _choices(group: Group) -> list[tuple[str, str]]:
    return [
        (wish.value, said) for wish, said in WISHES.items() if not (wish is MailWish.NEVER and group in ALWAYS_MAILED)
    ]


@signed_in
def notice_preferences(request: HttpRequest) -> HttpResponse:
    held = selectors.hearing_of(reader(request).pk)
    form = PreferencesForm(request.POST or None, unit_zone=held.unit_zone, initial=_initial(held))
    if form.is_valid():
        kept = tried(form, lambda: services.set_preferences(**form.chosen(), by=actor_of(request), at=now()))
        if kept:
            messages.success(request, "Kept. It holds for everything you are told from now on.")
            return redirect("notice_preferences")
    context = {
        "form": form,
        "trail": [HOME, Crumb("How I am told")],
        "address": held.address,
        "sends_mail": bool(settings.MAIL_FROM),
        "kinds": [(GROUP_TITLES[group], [meaning_of(kind) for kind in kinds_of(group)]) for group in Group],
        "back": reverse("notices"),
    }
    return render(request, "notices/preferences.html", context, status=422 if form.errors else 200)


def _initial(held: Hearing) -> dict[str, Any]:
    quiet = held.quiet
    return {group.value: wish for group, wish in held.mail.items()} | {
        "quiet_from": quiet.start if quiet else None,
        "quiet_until": quiet.end if quiet else None,
        "time_zone": held.own_zone,
    }
