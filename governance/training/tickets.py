"""A ticket for the page's upload script: the right to send a training set as this person, for ten minutes."""

from uuid import UUID

from django.core import signing

from governance.core.actors import Actor
from governance.core.errors import NotSignedIn

SALT, LIFE_S = "remit.upload", 600


def ticket_for(person: UUID, name: str) -> str:
    return signing.dumps({"person": str(person), "name": name}, salt=SALT)


def holder_of(ticket: str, *, request_id: str) -> Actor:
    """Return who may upload with `ticket`.

    Raises:
        NotSignedIn: `not_signed_in`, for a ticket that is forged or too old.
    """
    try:
        said = signing.loads(ticket, salt=SALT, max_age=LIFE_S)
    except signing.BadSignature:
        raise NotSignedIn("not_signed_in", "Sign in, or send a key.", remedy="Reload the page and try again.") from None
    return Actor.of_person(UUID(said["person"]), said["name"], request_id=request_id)
