"""Signing in and being refused, written down. The doors decide nothing here but call these."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import DomainError, NotFound
from governance.organisation.models import Attempts, Person, Session
from governance.organisation.rules import (
    ATTEMPTS_PER_ADDRESS,
    ATTEMPTS_PER_LOGIN,
    ATTEMPTS_WINDOW,
    SignInWay,
    normal_login,
)

COUNT_ONE = """
    INSERT INTO organisation_attempts AS tally (subject, since, count) VALUES (%(subject)s, %(at)s, 1)
    ON CONFLICT (subject) DO UPDATE SET
        count = CASE WHEN tally.since <= %(cutoff)s THEN 1 ELSE tally.count + 1 END,
        since = CASE WHEN tally.since <= %(cutoff)s THEN %(at)s ELSE tally.since END
    RETURNING count
"""


@transaction.atomic
def count_attempt(*, login: str, address: str, by: Actor, at: datetime) -> bool:
    """Count one attempt to sign in and say whether it is still within the limits.

    Counted before it is tried, in one statement each, so that attempts made at once cannot slip past together.
    """
    by_login = _count(_login_subject(login), at)
    by_address = _count(_hashed("address", address), at)
    within = by_login <= ATTEMPTS_PER_LOGIN and by_address <= ATTEMPTS_PER_ADDRESS
    if not within:
        record(EventKind.SIGN_IN_REFUSED, subject=_login_subject(login), by=by, at=at, code="too_many_attempts")
    return within


@transaction.atomic
def sign_in(*, person_id: UUID, way: SignInWay, by: Actor, at: datetime) -> Person:
    """Write down that a person signed in by `way`, give the login its attempts back, and sweep out ended sessions.

    Raises:
        NotFound: "no_such_person" when they have left meanwhile.
    """
    person = Person.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    if person is None:
        raise NotFound("no_such_person", "There is no such person, or they have left.")
    Attempts.objects.filter(subject=_login_subject(person.login)).delete()
    Session.objects.filter(expire_date__lte=at).delete()
    record(EventKind.SIGNED_IN, subject=f"person:{person.pk}", by=by, at=at, way=way)
    return person


@transaction.atomic
def refuse_sign_in(*, login: str, code: str, by: Actor, at: datetime) -> None:
    """Write down a refused sign-in. `login` is what was typed: it is kept as a digest, for people type passwords there."""
    record(EventKind.SIGN_IN_REFUSED, subject=_login_subject(login), by=by, at=at, code=code)


@transaction.atomic
def step_up(*, person_id: UUID, confirmed: bool, by: Actor, at: datetime) -> None:
    """Write down that a signed-in person proved again who they are, or failed to."""
    kind = EventKind.STEPPED_UP if confirmed else EventKind.STEP_UP_REFUSED
    record(kind, subject=f"person:{person_id}", by=by, at=at)


@transaction.atomic
def sign_out(*, person_id: UUID, code: str, by: Actor, at: datetime) -> None:
    """Write down the end of one session. `code`: asked, idle, too_old."""
    record(EventKind.SIGNED_OUT, subject=f"person:{person_id}", by=by, at=at, code=code)


@transaction.atomic
def refuse_attempt(*, error: DomainError, door: str, subject: str, by: Actor, at: datetime) -> None:
    """Write down a refusal, in a transaction of its own: the one that was refused has been rolled back.

    `door` is web, api or gateway; `subject` names what it was about, "kind:id" or the path of the page.
    """
    record(EventKind.ATTEMPT_REFUSED, subject=subject, by=by, at=at, code=error.code, error=error.kind, door=door)


def _count(subject: str, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ONE, {"subject": subject, "at": at, "cutoff": at - ATTEMPTS_WINDOW})
        return int(cursor.fetchone()[0])


def _login_subject(login: str) -> str:
    return _hashed("login", normal_login(login))


def _hashed(kind: str, value: str) -> str:
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()[:32]}"
