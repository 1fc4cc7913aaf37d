"""Pages of people: who can sign in, which roles they hold where, and giving or taking one."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.organisation import directory, services
from governance.organisation.directory import HeldRole, PersonEntry
from governance.organisation.models import Person
from governance.organisation.permissions import may
from governance.organisation.roles import Role
from governance.organisation.rules import RoleSource
from governance.organisation.selectors import standing_of, units_tree
from governance.web.frame import words
from governance.web.frame.access import actor_of, holds, reader, requires, standing
from governance.web.frame.forms import form_page, tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb

READ, EDIT, GIVE = "organisation:person:read", "organisation:person:edit", "organisation:role:give"
HOME = Crumb("People", "/people/")
ROLES = {role.value: words.role(role) for role in Role}
SPEC = ListSpec(
    sorts={"name": "Name"},
    default_sort="name",
    filters=(
        Filter("q", "Search", hint="a name or login"),
        Filter("role", "Role", list(ROLES.items())),
        Filter("active", "Status", (("yes", "Active"), ("no", "Left"))),
    ),
    noun="person",
    nouns="people",
)


class PersonForm(forms.Form):
    name = forms.CharField(label="Name", max_length=200)
    login = forms.CharField(label="Login", help_text="What they type to sign in.", max_length=200)
    email = forms.EmailField(label="E-mail", required=False)
    unit_id = forms.TypedChoiceField(label="Unit", coerce=UUID)
    password = forms.CharField(
        label="First password",
        help_text="Tell it to them in person. Leave it empty when they sign in through the identity provider.",
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer_units(self)


class RoleForm(forms.Form):
    role = forms.TypedChoiceField(label="Role", coerce=Role, choices=list(ROLES.items()))
    unit_id = forms.TypedChoiceField(label="On", help_text="It holds for everything below, too.", coerce=UUID)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer_units(self)


def _offer_units(form: forms.Form) -> None:
    unit: Any = form.fields["unit_id"]
    unit.choices = [(str(each.id), "\u2003" * each.depth + each.name) for each in units_tree()]


@requires(READ)
def people(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    found = directory.people(
        standing=standing(request),
        search=state.value("q"),
        role=state.value("role"),
        active={"yes": True, "no": False}.get(state.value("active")),
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [_row(row) for row in found.rows], found.total)
    return page_or_part(request, "people/list.html", "rows", {"page": page, "may_edit": holds(request, EDIT)})


def _row(row: PersonEntry) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "login": row.login,
        "units": words.joined(list(row.units)),
        "roles": words.joined(sorted({ROLES[held.role] for held in row.roles}), "no role"),
        "status": "Active" if row.active else "Left",
        "tone": "good" if row.active else "quiet",
    }


@requires(READ)
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    found = directory.person(person_id, standing=standing(request))
    return render(request, "people/page.html", {"page": _page(request, found)})


def _page(request: HttpRequest, found: PersonEntry) -> dict[str, Any]:
    other = found.id != reader(request).pk
    may_give = found.active and other and holds(request, GIVE)
    return _row(found) | {
        "trail": [HOME, Crumb(found.name)],
        "about": f"{words.joined(list(found.units), 'No unit')}. Signs in as {found.login}.",
        "roles": [_role(held, may_take=may_give) for held in found.roles],
        "form": RoleForm() if may_give else None,
        "may_deactivate": found.active and other and _may_shut_out(request, found.id),
    }


def _may_shut_out(request: HttpRequest, person_id: UUID) -> bool:
    if not holds(request, EDIT):
        return False
    return all(may(standing(request), EDIT, path) for path in standing_of(person_id).belongs_to)


def _role(held: HeldRole, *, may_take: bool) -> dict[str, Any]:
    local = held.source is RoleSource.LOCAL
    return {
        "title": ROLES[held.role],
        "role": held.role,
        "unit_id": held.unit_id,
        "unit": held.unit,
        "since": held.since,
        "source": "a person here" if local else "a group at the identity provider",
        "may_take": may_take and local,
    }


@sensitive_post_parameters("password")
@requires(EDIT, step_up=True)
def person_new(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if form.is_valid():
        made = tried(form, lambda: _make(request, dict(form.cleaned_data)))
        if made:
            messages.success(request, f"{made.name} can sign in. Give a role next.")
            return redirect("person", made.pk)
    trail = [HOME, Crumb("Add a person")]
    return form_page(request, form, title="Add a person", trail=trail, action="Add", back=HOME.url)


def _make(request: HttpRequest, told: dict[str, Any]) -> Person:
    by, at = actor_of(request), now()
    unit_id = told.pop("unit_id")
    made = services.make_person(**told | {"password": told["password"] or None}, by=by, at=at)
    services.join_unit(person_id=made.pk, unit_id=unit_id, by=by, at=at)
    return made


@require_POST
@requires(EDIT, step_up=True)
def person_deactivate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    directory.person(person_id, standing=standing(request))
    gone = services.deactivate_person(person_id=person_id, by=actor_of(request), at=now())
    messages.success(request, f"{gone.name} is signed out and shut out; their keys stopped.")
    return redirect("person", person_id)


@require_POST
@requires(GIVE, step_up=True)
def role_give(request: HttpRequest, person_id: UUID) -> HttpResponse:
    form = RoleForm(request.POST)
    if form.is_valid():
        services.give_role(person_id=person_id, **form.cleaned_data, by=actor_of(request), at=now())
        messages.success(request, "The role holds from now on.")
    else:
        messages.error(request, "Choose a role and a unit.")
    return redirect("person", person_id)


@require_POST
@requires(GIVE, step_up=True)
def role_take(request: HttpRequest, person_id: UUID) -> HttpResponse:
    form = RoleForm(request.POST)
    if form.is_valid():
        services.take_role(person_id=person_id, **form.cleaned_data, by=actor_of(request), at=now())
        messages.success(request, "The role is taken.")
    return redirect("person", person_id)
