"""Who a session or a password belongs to. Django asks `get_user` at every request, so a leaver is out at the next one."""

from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password

from governance.organisation.models import Person
from governance.organisation.rules import normal_login

BACKEND = "governance.organisation.backend.PersonBackend"


class PersonBackend(BaseBackend):
    """Loads the person of a session. Passwords are checked by `person_by_password`, which counts no one in by itself."""

    def get_user(self, user_id: UUID) -> Person | None:
        return Person.objects.filter(pk=user_id, is_active=True).first()


def person_by_password(login: str, password: str) -> Person | None:
    """Return the active person with this login and password, None otherwise.

    A login that nobody has costs the same time as a wrong password, so that the time does not tell which it was.
    """
    person = Person.objects.filter(login=normal_login(login), is_active=True).first()
    if person is None or not person.has_usable_password():
        make_password(password)
        return None
    return person if check_password(password, person.password) else None
