"""The text of the link that makes the first platform admin: signed, good for a day, and for nothing once there is one."""

from django.core import signing

SALT = "organisation.first_admin"
LINK_LASTS_S = 24 * 60 * 60


def new_token() -> str:
    return signing.dumps("first_admin", salt=SALT)


def is_good(token: str) -> bool:
    """Say whether we signed `token` in the last day. Whether an admin exists by now is asked when it is used."""
    try:
        return bool(signing.loads(token, salt=SALT, max_age=LINK_LASTS_S) == "first_admin")
    except signing.BadSignature:
        return False
