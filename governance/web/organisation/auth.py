"""Signing in and out, proving again who one is, and the first platform admin."""

from django import forms
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from governance.core.clock import now
from governance.core.errors import DomainError, NotFound
from governance.organisation import services
from governance.organisation.backend import person_by_password
from governance.organisation.first_admin import is_good
from governance.organisation.models import Person
from governance.organisation.rules import SignInWay
from governance.organisation.selectors import has_platform_admin, root_unit
from governance.web.frame.access import actor_of, public, reader, signed_in
from governance.web.frame.preferences import local_url
from governance.web.organisation import sessions
from governance.web.organisation.provider_door import door

LONGEST = 200  # of a login, a name, a password: a longer one only makes the digest slow
TOO_MANY = "Too many attempts. Wait a quarter of an hour and try again."
WRONG = "The login or the password is wrong."
NO_PAGE = NotFound(
    "link_not_good",
    "This link is not good, or no longer.",
    remedy="Ask whoever runs Remit for a new one: manage.py first_admin_link prints it.",
)


class SignInForm(forms.Form):
    login = forms.CharField(
        label="Login",
        max_length=LONGEST,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="Password",
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class StepUpForm(forms.Form):
    password = forms.CharField(
        label="Your password",
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
    )


class OrganisationForm(forms.Form):
    organisation = forms.CharField(label="What is your organisation called?", max_length=LONGEST)


class FirstAdminForm(OrganisationForm):
    name = forms.CharField(label="Your name", max_length=LONGEST)
    login = forms.CharField(label="Your login", max_length=LONGEST)
    email = forms.EmailField(label="Your e-mail address", max_length=LONGEST)
    password = forms.CharField(
        label="A password",
        help_text="At least 12 characters; a sentence is good.",
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


@public("The way in; it says nothing about who exists.")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    wanted = _wanted(request)
    if request.user.is_authenticated:
        return redirect(wanted)
    form = SignInForm(_sent(request))
    if request.method == "POST" and settings.LOCAL_PASSWORDS and form.is_valid():
        person = _person_of(request, form)
        if person:
            at = now()
            services.sign_in(person_id=person.pk, way=SignInWay.PASSWORD, by=door(request), at=at)
            sessions.begin(request, person, at=at, proved_at=at)
            return redirect(wanted)
    return _page(request, "auth/sign_in.html", form, wanted, local=settings.LOCAL_PASSWORDS)


@public("Ends the session of this browser, if it has one.")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        services.sign_out(person_id=reader(request).pk, code="asked", by=actor_of(request), at=now())
        auth.logout(request)
    return redirect("sign_in")


@signed_in
@require_http_methods(["GET", "POST"])
def step_up(request: HttpRequest) -> HttpResponse:
    """Ask for the secret again before an act that cannot be taken back (access.requires, step_up=True)."""
    wanted, person = _wanted(request), reader(request)
    local = settings.LOCAL_PASSWORDS and person.has_usable_password()
    form = StepUpForm(_sent(request))
    if request.method == "POST" and local and form.is_valid():
        confirmed = _password_is(request, form, person)
        at = now()
        services.step_up(person_id=person.pk, confirmed=confirmed, by=actor_of(request), at=at)
        if confirmed:
            sessions.confirm(request, at)
            return redirect(wanted)
    return _page(request, "auth/step_up.html", form, wanted, local=local, again="1")


@public("Opens with the link that the installer printed, while there is no platform admin.")
@require_http_methods(["GET", "POST"])
def first_admin(request: HttpRequest, token: str) -> HttpResponse:
    """Make the first platform admin: a new person by password, or whoever came in by the identity provider."""
    if has_platform_admin() or not is_good(token):
        raise NO_PAGE
    form = _first_admin_form(request)
    if request.method == "POST" and form.is_valid():
        try:
            _make_first_admin(request, form.cleaned_data)
            return redirect("/")
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.reason)
    local = settings.LOCAL_PASSWORDS or request.user.is_authenticated
    return _page(request, "auth/first_admin.html", form, request.path, local=local)


def _person_of(request: HttpRequest, form: SignInForm) -> Person | None:
    login, by = form.cleaned_data["login"], door(request)
    if not services.count_attempt(login=login, address=_address(request), by=by, at=now()):
        form.add_error(None, TOO_MANY)
        return None
    person = person_by_password(login, form.cleaned_data["password"])
    if person is None:
        services.refuse_sign_in(login=login, code="wrong_password", by=by, at=now())
        form.add_error(None, WRONG)
    return person


def _password_is(request: HttpRequest, form: StepUpForm, person: Person) -> bool:
    by = actor_of(request)
    if not services.count_attempt(login=person.login, address=_address(request), by=by, at=now()):
        form.add_error(None, TOO_MANY)
        return False
    if person_by_password(person.login, form.cleaned_data["password"]) is None:
        form.add_error("password", "This is not your password.")
        return False
    return True


def _first_admin_form(request: HttpRequest) -> forms.Form:
    kind = OrganisationForm if request.user.is_authenticated else FirstAdminForm
    form = kind(_sent(request))
    if root_unit() is not None:
        del form.fields["organisation"]
    return form


def _make_first_admin(request: HttpRequest, given: dict[str, str]) -> None:
    at, organisation = now(), given.pop("organisation", "")
    if request.user.is_authenticated:
        person_id = reader(request).pk
        services.appoint_first_admin(person_id=person_id, organisation=organisation, by=door(request), at=at)
        return
    person = services.make_first_admin(organisation=organisation, **given, by=door(request), at=at)
    sessions.begin(request, person, at=at, proved_at=at)


def _page(
    request: HttpRequest, template: str, form: forms.Form, wanted: str, *, local: bool, again: str = ""
) -> HttpResponse:
    query = urlencode({"next": wanted} | ({"again": again} if again else {}))
    by_provider = {"url": f"{reverse('provider_start')}?{query}", "title": settings.OIDC_NAME}
    context = {"form": form, "next": wanted, "local": local, "provider": by_provider if settings.OIDC_ISSUER else None}
    return render(request, template, context, status=422 if form.errors else 200)


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _wanted(request: HttpRequest) -> str:
    return local_url(request, request.POST.get("next") or request.GET.get("next", ""))


def _address(request: HttpRequest) -> str:
    """Return the address of the browser; uvicorn has put it there from a proxy it was told to trust."""
    return str(request.META.get("REMOTE_ADDR", ""))
