"""People who come from the identity provider: made at their first sign-in, confirmed or let go at every check."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import NotAllowed
from governance.organisation.models import Person, Session
from governance.organisation.rules import Identity, SignInWay, normal_login
from governance.organisation.services.grants import sync_provider_roles
from governance.organisation.services.people import make_person


@transaction.atomic
def admit_from_provider(*, identity: Identity, by: Actor, at: datetime) -> Person:
    """Return the person of an identity, made when they come for the first time, with the roles their groups mean now.

    Nobody is ever matched by login or e-mail: whoever can choose those at the provider would become somebody else here.

    Raises:
        NotAllowed: "not_active" when the person has left here, whatever the provider says.
    """
    person = Person.objects.select_for_update().filter(subject=identity.subject).first() or _make(
        identity, by=by, at=at
    )
    if not person.is_active:
        raise NotAllowed("not_active", "This account is no longer active.", remedy="Ask a platform admin.")
    sync_provider_roles(person_id=person.pk, groups=list(identity.groups), by=by, at=at)
    _confirm(person, at)
    record(EventKind.SIGNED_IN, subject=f"person:{person.pk}", by=by, at=at, way=SignInWay.PROVIDER)
    return person


@transaction.atomic
def confirm_at_provider(*, person_id: UUID, groups: list[str], by: Actor, at: datetime) -> None:
    """Write down that the provider still knows a person, and follow their groups."""
    person = Person.objects.select_for_update().get(pk=person_id)
    sync_provider_roles(person_id=person_id, groups=groups, by=by, at=at)
    _confirm(person, at)
    record(EventKind.PROVIDER_CONFIRMED, subject=f"person:{person_id}", by=by, at=at)


@transaction.atomic
def end_sessions(*, person_id: UUID, code: str, by: Actor, at: datetime) -> int:
    """End every session of a person and return how many there were. `code` says why, such as "left_provider"."""
    ended, _ = Session.objects.filter(person_id=person_id).delete()
    record(EventKind.SIGNED_OUT, subject=f"person:{person_id}", by=by, at=at, code=code, sessions=ended)
    return ended


def _make(identity: Identity, *, by: Actor, at: datetime) -> Person:
    login = normal_login(identity.login)
    if not login or Person.objects.filter(login=login).exists():
        login = f"{login}-{hashlib.sha256(identity.subject.encode()).hexdigest()[:8]}".strip("-")
    return make_person(
        login=login, name=identity.name or login, email=identity.email, subject=identity.subject, by=by, at=at
    )


def _confirm(person: Person, at: datetime) -> None:
    person.verified_at = at
    person.save(update_fields=["verified_at"])
