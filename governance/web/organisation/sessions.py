"""A signed-in browser: begun with a fresh key, ended when idle, old, or no longer known at the identity provider."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse

from governance.core.actors import Actor
from governance.core.clock import now
from governance.core.errors import Unavailable
from governance.organisation.backend import BACKEND
from governance.organisation.models import Person
from governance.organisation.rules import PROVIDER_CHECKED_EVERY, STEPPED_UP, session_end_reason
from governance.organisation.services import confirm_at_provider, end_sessions, sign_out
from governance.web.frame import errors
from governance.web.frame.access import actor_of
from governance.web.organisation import provider

# Kept in the session, all but the last as seconds since the epoch.
SIGNED_IN, SEEN, CHECKED, TOKENS = "signed_in_at", "seen_at", "provider_checked_at", "provider_tokens"
SEEN_WRITTEN_EVERY = timedelta(minutes=1)  # a write at each request would cost more than the request
TOLD = {
    "idle": "You were signed out after 30 minutes without a sign of you.",
    "too_old": "You were signed out: a session lasts 12 hours.",
    "left_provider": "Your organisation's sign-in does not know you any more.",
}


def begin(request: HttpRequest, person: Person, *, at: datetime, proved_at: datetime | None) -> None:
    """Sign a person in: a new session key, a new token for forms, nothing kept of somebody else's session.

    `proved_at` is when they last entered a secret, None when that is not known: it counts for the step-up.
    """
    auth.login(request, person, backend=BACKEND)
    request.session[SIGNED_IN] = request.session[SEEN] = at.timestamp()
    if proved_at is not None:
        confirm(request, proved_at)


def keep_provider(request: HttpRequest, sealed: str, *, at: datetime) -> None:
    """Remember the provider's tokens, sealed, and that it knew the person at `at`."""
    request.session[TOKENS], request.session[CHECKED] = sealed, at.timestamp()


def confirm(request: HttpRequest, at: datetime) -> None:
    """Note that the reader entered their secret at `at`. The key changes with the rights that hang on it."""
    request.session.cycle_key()
    request.session[STEPPED_UP] = at.timestamp()


class SessionLimits:
    """End a session that is idle, too old or unknown at the provider, before anything is done in its name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            try:
                self._limit(request, now())
            except Unavailable as fault:  # could not check, so not known: the session waits, the request is refused
                return errors.page(request, fault)
        return self.get_response(request)

    def _limit(self, request: HttpRequest, at: datetime) -> None:
        times = request.session
        signed_in_at = _moment(times.setdefault(SIGNED_IN, at.timestamp()))
        seen_at = _moment(times.get(SEEN, times[SIGNED_IN]))
        reason = session_end_reason(at=at, signed_in_at=signed_in_at, seen_at=seen_at)
        if reason:
            by = actor_of(request)
            auth.logout(request)
            messages.info(request, TOLD[reason])
            sign_out(person_id=_person_of(by), code=reason, by=by, at=at)
            return
        if CHECKED in times and at - _moment(times[CHECKED]) >= PROVIDER_CHECKED_EVERY:
            _check_at_provider(request, at)
        if at - seen_at >= SEEN_WRITTEN_EVERY:
            request.session[SEEN] = at.timestamp()


def _check_at_provider(request: HttpRequest, at: datetime) -> None:
    by = actor_of(request)
    known = provider.look_again(request, request.session[TOKENS], person=_person_of(by))
    if known is None:
        auth.logout(request)
        messages.info(request, TOLD["left_provider"])
        end_sessions(person_id=_person_of(by), code="left_provider", by=by, at=at)
        return
    keep_provider(request, known.sealed, at=at)
    confirm_at_provider(person_id=_person_of(by), groups=list(known.groups), by=by, at=at)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _person_of(by: Actor) -> UUID:
    return UUID(by.ref)
