"""Views of lists that the reader keeps: saved above the list, renamed and removed on a page of their own."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.core.errors import NotFound
from governance.organisation import saved_views as kept
from governance.organisation import services
from governance.organisation.rules import LONGEST_VIEW_TITLE
from governance.organisation.saved_views import ViewRow
from governance.web.frame.access import actor_of, reader, signed_in
from governance.web.frame.forms import form_page, tried
from governance.web.frame.lists import narrowing
from governance.web.frame.saved import LISTS
from governance.web.frame.shapes import Crumb


class ViewForm(forms.Form):
    title = forms.CharField(
        label="What is it called?",
        widget=forms.TextInput(attrs={"maxlength": LONGEST_VIEW_TITLE}),
        help_text="Only you see it. For example: Refused this month.",
    )
    query = forms.CharField(required=False, widget=forms.HiddenInput)


@signed_in
def saved_views(request: HttpRequest, list_name: str) -> HttpResponse:
    """Show what the reader keeps of one list."""
    home = _home(list_name)
    rows = [
        {"title": row.title, "url": f"{home.url}?{row.query}", "id": row.id, "list_name": row.list_name}
        for row in kept.saved_views(reader(request).pk, list_name)
    ]
    context = {"rows": rows, "home": home, "trail": [home, Crumb("Your views")]}
    return render(request, "organisation/views.html", context)


@signed_in
@require_POST
def view_save(request: HttpRequest, list_name: str) -> HttpResponse:
    home = _home(list_name)
    form = ViewForm(request.POST)
    if form.is_valid():
        title, query = form.cleaned_data["title"], narrowing(form.cleaned_data["query"])
        told = {"list_name": list_name, "title": title, "query": query}
        if made := tried(form, lambda: services.save_view(**told, by=actor_of(request), at=now())):
            messages.success(request, f"Saved as “{made.title}”. Only you see it.")
            return redirect(f"{home.url}?{made.query}")
    return form_page(
        request,
        form,
        title="Save this view",
        trail=[home, Crumb("Save this view")],
        action="Save it",
        back=f"{home.url}?{narrowing(form['query'].value() or '')}",
    )


@signed_in
def view_rename(request: HttpRequest, list_name: str, view_id: UUID) -> HttpResponse:
    home, row = _home(list_name), _own(request, view_id)
    form = ViewForm(request.POST or None, initial={"title": row.title})
    back = reverse("saved_views", args=[list_name])
    if form.is_valid():
        told = {"view_id": view_id, "title": form.cleaned_data["title"]}
        if tried(form, lambda: services.rename_view(**told, by=actor_of(request), at=now())):
            return redirect(back)
    trail = [home, Crumb("Your views", back), Crumb(row.title)]
    return form_page(request, form, title="Rename a view", trail=trail, action="Rename it", back=back)


@signed_in
@require_POST
def view_remove(request: HttpRequest, list_name: str, view_id: UUID) -> HttpResponse:
    _home(list_name)
    gone = services.remove_view(view_id=view_id, by=actor_of(request), at=now())
    messages.success(request, f"Removed: “{gone.title}”.")
    return redirect("saved_views", list_name)


def _home(list_name: str) -> Crumb:
    if list_name not in LISTS:
        raise Http404
    return Crumb(LISTS[list_name], reverse(list_name))


def _own(request: HttpRequest, view_id: UUID) -> ViewRow:
    row = kept.saved_view(reader(request).pk, view_id)
    if row is None:
        raise NotFound("no_such_view", "There is no such view of yours.", remedy="It may have been removed.")
    return row
