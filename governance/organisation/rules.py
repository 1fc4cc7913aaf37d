"""Kinds and rules of units, people and keys. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from governance.core.verdict import Allowed, Denied, Verdict
from governance.core.wording import says_nothing
from governance.organisation.roles import Role

KEY_LONGEST_LIFE = timedelta(days=366)
KEY_USE_WRITTEN_EVERY = timedelta(minutes=1)
PASSWORD_SHORTEST = 12
API_SCOPES = frozenset({"api:read", "api:write"})
INITIATIVE_SCOPE = "initiative:"
# Enough for a person who has forgotten which password it was; an office behind one address has many people.
ATTEMPTS_WINDOW = timedelta(minutes=15)
ATTEMPTS_PER_LOGIN = 10
ATTEMPTS_PER_ADDRESS = 100
SESSION_IDLE = timedelta(minutes=30)
SESSION_LONGEST = timedelta(hours=12)
PROVIDER_CHECKED_EVERY = timedelta(minutes=15)
MOST_VIEWS = 20  # that one person keeps of one list
LONGEST_VIEW_TITLE, LONGEST_VIEW_QUERY = 60, 2000
STEP_UP_LASTS = timedelta(minutes=5)
STEPPED_UP = "stepped_up_at"  # in the session: seconds since the epoch at which a secret was last entered


class UnitKind(StrEnum):
    IT = "it"
    PRODUCT_LINE = "product_line"
    BUSINESS_LINE = "business_line"
    SECURITY = "security"
    LEGAL = "legal"


class RoleSource(StrEnum):
    LOCAL = "local"  # given by a person in Remit
    PROVIDER = "provider"  # follows a group at the identity provider


class SignInWay(StrEnum):
    PASSWORD = "password"  # noqa: S105 - the way of signing in, not a secret
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody as the identity provider describes them. `subject` is "issuer|sub": stable, and unique among providers."""

    subject: str
    login: str
    name: str
    email: str
    groups: tuple[str, ...]


def normal_login(login: str) -> str:
    """Return the form in which a login is kept and compared: "Ana " and "ana" are one person."""
    return login.strip().casefold()


def may_change_roles(*, actor: UUID | None, person: UUID) -> Verdict:
    """Nobody raises or lowers themselves, an admin included. `actor` is None for a process."""
    if actor == person:
        return Denied("own_roles", "You cannot change your own roles.", remedy="Ask another platform admin.")
    return Allowed()


def may_deactivate(*, actor: UUID | None, person: UUID, last_admin: bool) -> Verdict:
    if actor == person:
        return Denied("own_account", "You cannot deactivate yourself.", remedy="Ask another platform admin.")
    if last_admin:
        return Denied("last_admin", "This is the last platform admin.", remedy="Make another one first.")
    return Allowed()


def may_take_role(role: Role, *, last_admin: bool) -> Verdict:
    if role is Role.PLATFORM_ADMIN and last_admin:
        return Denied("last_admin", "This is the last platform admin.", remedy="Make another one first.")
    return Allowed()


def may_dissolve(unit: UUID, *, is_top: bool, has_units: bool, successor: UUID | None) -> Verdict:
    """A unit ends after those below it, and never without somebody to answer for what it leaves."""
    if is_top:
        return Denied("top_unit", "The top unit cannot be dissolved.")
    if has_units:
        return Denied("has_units", "Other units lie below this one.", remedy="Dissolve those first.")
    if successor is None or successor == unit:
        return Denied("no_successor", "Name another unit to take over what this one answers for.")
    return Allowed()


def key_scope_fault(scope: str) -> str:
    """Return what is wrong with the scope of a key, "" when nothing is."""
    if scope in API_SCOPES:
        return ""
    try:
        UUID(scope.removeprefix(INITIATIVE_SCOPE) if scope.startswith(INITIATIVE_SCOPE) else "")
    except ValueError:
        return "The scope must be api:read, api:write or initiative:<id>."
    return ""


def key_life_fault(*, at: datetime, expires_at: datetime) -> str:
    """Return what is wrong with the end of a key made at `at`, "" when nothing is."""
    if expires_at <= at:
        return "The key must end in the future."
    if expires_at - at > KEY_LONGEST_LIFE:
        return f"A key lives at most {KEY_LONGEST_LIFE.days} days."
    return ""


def password_fault(password: str) -> str:
    """Return what is wrong with a new password, "" when nothing is.

    Length is what counts; rules about kinds of characters make people write passwords down.
    Source: NIST SP 800-63B, section 5.1.1.2.
    """
    if len(password) < PASSWORD_SHORTEST:
        return f"The password needs at least {PASSWORD_SHORTEST} characters."
    if len(set(password)) < PASSWORD_SHORTEST // 2:
        return "The password repeats the same few characters."
    return ""


def view_title_fault(title: str) -> str:
    """Return what is wrong with the name of a saved view, "" when nothing is."""
    if says_nothing(title):
        return "Give the view a name."
    if len(title.strip()) > LONGEST_VIEW_TITLE:
        return f"A name has at most {LONGEST_VIEW_TITLE} characters; this one has {len(title.strip())}."
    return ""


def session_end_reason(*, at: datetime, signed_in_at: datetime, seen_at: datetime) -> str:
    """Return why a session is over at `at`: "too_old", "idle", or "" while it is not."""
    if at - signed_in_at >= SESSION_LONGEST:
        return "too_old"
    return "idle" if at - seen_at >= SESSION_IDLE else ""


def is_stepped_up(*, at: datetime, proved_at: float) -> bool:
    """Say whether a secret entered at `proved_at` (seconds since the epoch, 0 for never) is recent enough for a careful act."""
    return at.timestamp() - proved_at <= STEP_UP_LASTS.total_seconds()
