"""People: made, put into units, and shut out at once when they leave."""

from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from django.contrib.auth.hashers import make_password
from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.core.verdict import require
from governance.core.wording import says_nothing
from governance.organisation.models import Key, Membership, Person, Session, Unit
from governance.organisation.rules import may_deactivate, normal_login, password_fault
from governance.organisation.selectors import authorize, is_last_admin, standing_of, unit
from governance.work.consequences import follow

PERMISSION = "organisation:person:edit"


@transaction.atomic
def make_person(
    *,
    login: str,
    name: str,
    email: str,
    password: str | None = None,
    subject: str | None = None,
    by: Actor,
    at: datetime,
) -> Person:
    """Make a person who can sign in: by `password` (local), or by `subject` ("issuer|sub" at the identity provider).

    Raises:
        Invalid: no login, no name, or a password too weak.
        Conflict: "login_taken" or "subject_taken".
    """
    authorize(by, PERMISSION, None)
    login = normal_login(login)
    _require_shape(login=login, name=name, password=password)
    if Person.objects.filter(login=login).exists():
        raise Conflict("login_taken", "Somebody else has this login.", field="login")
    if subject is not None and Person.objects.filter(subject=subject).exists():
        raise Conflict("subject_taken", "This identity belongs to somebody already.", field="subject")
    person = Person.objects.create(
        login=login,
        name=name.strip(),
        email=email.strip(),
        subject=subject,
        password=make_password(password),
        created_at=at,
    )
    kind = "local" if subject is None else "provider"
    record(EventKind.PERSON_MADE, subject=f"person:{person.pk}", by=by, at=at, sign_in=kind)
    return person


@transaction.atomic
def join_unit(*, person_id: UUID, unit_id: UUID, by: Actor, at: datetime) -> Membership:
    """Make a person a member of a unit from `at` on; a member already stays one.

    Raises:
        NotFound: "no_such_person" or "no_such_unit".
    """
    joined = unit(unit_id)
    authorize(by, PERMISSION, joined.path)
    person = _locked(person_id)
    membership, new = Membership.objects.get_or_create(
        person=person, unit=joined, ends_at=None, defaults={"starts_at": at}
    )
    if new:
        _record_membership(EventKind.UNIT_JOINED, person, joined, by=by, at=at)
    return membership


@transaction.atomic
def leave_unit(*, person_id: UUID, unit_id: UUID, by: Actor, at: datetime) -> None:
    """End a membership.

    Raises:
        NotFound: "not_a_member", "no_such_person" or "no_such_unit".
    """
    left = unit(unit_id)
    authorize(by, PERMISSION, left.path)
    person = _locked(person_id)
    if not Membership.objects.filter(person=person, unit=left, ends_at=None).update(ends_at=at):
        raise NotFound("not_a_member", "This person is not a member of this unit.")
    _record_membership(EventKind.UNIT_LEFT, person, left, by=by, at=at)


@transaction.atomic
def deactivate_person(*, person_id: UUID, by: Actor, at: datetime) -> Person:
    """Shut a person out: no sign-in, sessions gone, keys revoked, slots freed by whoever follows "person_left".

    It holds from the commit on: every request loads its session and its person anew. They are shut out everywhere, so the
    permission must hold wherever they belong.

    Raises:
        NotAllowed: "not_permitted", "own_account" or "last_admin".
        NotFound: "no_such_person".
    """
    authorize(by, PERMISSION, None)
    person = _locked(person_id)
    for path in standing_of(person_id, at).belongs_to:
        authorize(by, PERMISSION, path)
    require(may_deactivate(actor=by.person, person=person_id, last_admin=is_last_admin(person_id)))
    person.is_active = False
    person.revision += 1
    person.save(update_fields=["is_active", "revision"])
    sessions, _ = Session.objects.filter(person_id=person_id).delete()
    keys = Key.objects.filter(made_by=person, revoked_at=None).update(revoked_at=at)
    follow("organisation.person_left", person_id=person_id, by=by, at=at)
    subject = f"person:{person.pk}"
    record(EventKind.PERSON_DEACTIVATED, subject=subject, by=by, at=at, sessions=sessions, keys=keys)
    return person


@transaction.atomic
def set_time_zone(*, person_id: UUID, time_zone: str, by: Actor, at: datetime) -> Person:
    """Set the zone by which a person lives, an IANA name; "" follows their unit. Only for oneself; the same again is no change.

    Raises:
        NotAllowed: "not_yours". NotFound: "no_such_person". Invalid: "unknown_zone".
    """
    if by.person != person_id:
        raise NotAllowed("not_yours", "Everybody sets their own time zone.")
    if time_zone and time_zone not in available_timezones():
        raise Invalid("unknown_zone", "There is no such time zone; write one such as Europe/Zurich.", field="time_zone")
    person = _locked(person_id)
    if person.time_zone != time_zone:
        person.time_zone = time_zone
        person.save(update_fields=["time_zone"])
        record(EventKind.TIME_ZONE_SET, subject=f"person:{person.pk}", by=by, at=at)
    return person


def _locked(person_id: UUID) -> Person:
    """Return the row of an active person, locked until the end of the transaction.

    Raises:
        NotFound: "no_such_person".
    """
    person = Person.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    if person is None:
        raise NotFound("no_such_person", "There is no such person, or they have left.")
    return person


def _record_membership(kind: EventKind, person: Person, where: Unit, *, by: Actor, at: datetime) -> None:
    record(kind, subject=f"person:{person.pk}", by=by, at=at, unit_path=where.path, unit=str(where.pk))


def _require_shape(*, login: str, name: str, password: str | None) -> None:
    if not login:
        raise Invalid("no_login", "A person needs a login.", field="login")
    if says_nothing(name):
        raise Invalid("no_name", "A person needs a name.", field="name")
    fault = password_fault(password) if password is not None else ""
    if fault:
        raise Invalid("weak_password", fault, field="password")
