"""Every page states who may open it; a guard test finds the ones that do not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from governance.core.actors import Actor
from governance.core.clock import now
from governance.core.errors import NotAllowed
from governance.core.verdict import Denied
from governance.organisation.away import handed_on
from governance.organisation.delegation import HandedOn
from governance.organisation.models import Person
from governance.organisation.permissions import Standing, holders_of, may
from governance.organisation.rules import STEPPED_UP, is_stepped_up
from governance.organisation.selectors import ask_one_of, standing_of, who_may
from governance.web.frame.htmx import go
from governance.web.frame.kept import keep
from governance.web.frame.once import Once

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Access:
    """What a view states: a permission, or the reason why it needs none."""

    permission: str = ""
    step_up: bool = False
    public: str = ""


def public(reason: str) -> Callable[[View], View]:
    """Open a page to everybody, signed in or not. `reason` says why that gives nothing away."""

    def opened(view: View) -> View:
        return _stated(view, Access(public=reason))

    return opened


def signed_in(view: View) -> View:
    """Open a page to everybody who is signed in: it shows each person only what is theirs."""

    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _sign_in(request)
        return view(request, *args, **kwargs)

    return _stated(entered, Access(permission="signed in"))


def requires(permission: str, *, step_up: bool = False, keeps: Sequence[str] = ()) -> Callable[[View], View]:
    """Open a page to those who hold `permission` on any unit; the service or selector then asks about the unit itself.

    With `step_up` the reader must have entered their secret in the last five minutes; the fields `keeps` of what they
    were sending stand in the form again when they come back from that.

    Raises:
        UnknownPermissionError: at start, when the matrix has no such permission.
    """
    holders_of(permission)

    def guarded(view: View) -> View:
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _sign_in(request)
            _require(standing(request), permission)
            if step_up and not stepped_up(request):
                return _step_up(request, keeps)
            return view(request, *args, **kwargs)

        return _stated(entered, Access(permission, step_up))

    return guarded


@Once
def standing(request: HttpRequest) -> Standing:
    """Return what the reader is here."""
    return standing_of(reader(request).pk)


@Once
def handed(_request: HttpRequest) -> list[HandedOn]:
    """Return who decides in whose place just now, of the whole organisation."""
    return handed_on(now())


def reader(request: HttpRequest) -> Person:
    """Return the person who is signed in. Only for views that are not public."""
    return cast("Person", request.user)


def holds(request: HttpRequest, permission: str) -> bool:
    """Return whether the reader holds `permission` on any unit; nobody does before sign-in."""
    return request.user.is_authenticated and bool(may(standing(request), permission, None))


def actor_of(request: HttpRequest) -> Actor:
    person = reader(request)
    return Actor.of_person(person.pk, person.name, request_id=request_id_of(request))


def request_id_of(request: HttpRequest) -> str:
    """Return the id that ties this request's events, log lines and pages together; "" before the middleware ran."""
    return getattr(request, "request_id", "")


def stepped_up(request: HttpRequest) -> bool:
    return is_stepped_up(at=now(), proved_at=request.session.get(STEPPED_UP, 0))


def _require(held: Standing, permission: str) -> None:
    verdict = may(held, permission, None)
    if isinstance(verdict, Denied):
        raise NotAllowed(verdict.code, verdict.reason, remedy=ask_one_of(who_may(permission, None)))


def _sign_in(request: HttpRequest) -> HttpResponse:
    wanted = request.get_full_path() if request.method == "GET" else "/"
    return go(request, f"{reverse('sign_in')}?{urlencode({'next': wanted})}")


def _step_up(request: HttpRequest, keeps: Sequence[str]) -> HttpResponse:
    """Ask who it is. Nothing is done by coming back: the reader stands on the page they sent it from, their words in it."""
    wanted = request.get_full_path() if request.method == "GET" else _came_from(request)
    if request.method == "POST":
        keep(request, keeps, wanted)
    return go(request, f"{reverse('step_up')}?{urlencode({'next': wanted})}")


def _came_from(request: HttpRequest) -> str:
    """Return the path of the page a form was sent from; "/" when that was not one of ours."""
    page = urlsplit(request.headers.get("Referer", ""))
    return page.path if page.netloc == request.get_host() else "/"


def _stated(view: View, access: Access) -> View:
    stated: Any = view
    stated.access = access
    return view
