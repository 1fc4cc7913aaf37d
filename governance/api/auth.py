"""Who calls: a key in the Authorization header, or the session of a signed-in person."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from governance.core.actors import Actor
from governance.core.clock import now
from governance.organisation.models import Person
from governance.organisation.permissions import Standing
from governance.organisation.rules import STEPPED_UP, is_stepped_up
from governance.organisation.selectors import key_from_text, standing_of
from governance.organisation.services import touch_key

READ, WRITE = "api:read", "api:write"
SCHEME = "bearer"


@dataclass(frozen=True, slots=True)
class Caller:
    """`writes` is False for a key that may only read. The rights are those of the person, or of the maker of the key.

    `in_person`: somebody signed in, not a program with a key. `stepped_up`: careful acts are open; a person opens them by
    entering their secret, the maker of a key did so when they made it.
    """

    actor: Actor
    standing: Standing
    writes: bool
    in_person: bool
    stepped_up: bool


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer rmt_...` with a key whose scope is api:read or api:write."""

    def authenticate(self, request: Request) -> tuple[Person, str] | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        key = key_from_text(text.strip(), at=now())
        if key is None:
            raise AuthenticationFailed("This key is unknown, expired or revoked.", code="key_refused")
        if key.scope not in {READ, WRITE}:
            raise AuthenticationFailed("This key is for prompts, not for the REST API.", code="key_scope")
        touch_key(key_id=key.pk, by=Actor.of_key(key.prefix, person=key.made_by_id), at=now())
        request._request.api_key = key  # type: ignore[attr-defined]  # noqa: SLF001 - read by caller_of
        return key.made_by, key.scope

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="remit"'


class SignedIn(SessionAuthentication):
    """The session of the pages, with its protection against forged requests."""

    def authenticate_header(self, request: HttpRequest) -> Any:
        return 'Bearer realm="remit"'


def caller_of(request: Request) -> Caller:
    """Return who calls. Authentication has passed before."""
    person: Person = request.user  # type: ignore[assignment]
    request_id = getattr(request._request, "request_id", "")  # noqa: SLF001 - set by our middleware
    standing = standing_of(person.pk)
    if isinstance(request.auth, str):
        prefix = request._request.api_key.prefix  # type: ignore[attr-defined]  # noqa: SLF001 - set above
        actor = Actor.of_key(prefix, person=person.pk, request_id=request_id)
        return Caller(actor, standing, writes=request.auth == WRITE, in_person=False, stepped_up=True)
    proved = is_stepped_up(at=now(), proved_at=request._request.session.get(STEPPED_UP, 0))  # noqa: SLF001 - Django's own
    actor = Actor.of_person(person.pk, person.name, request_id=request_id)
    return Caller(actor, standing, writes=True, in_person=True, stepped_up=proved)
