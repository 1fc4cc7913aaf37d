"""Whose notice it is, what a delivery can become, and what a person or a webhook may ask for. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from governance.core.verdict import Allowed, Denied, Verdict
from governance.core.wording import says_nothing
from governance.notices.kinds import Group
from governance.notices.timing import MailWish

KEEP_READ = timedelta(days=90)
KEEP_DELIVERIES = timedelta(days=90)
ROTATION_OVERLAP = timedelta(hours=24)
LONGEST_TITLE, LONGEST_URL = 120, 500
SECRET_PREFIX = "whsec_"  # noqa: S105 - the form of a secret, not one
# Who runs an account must hear when it is misused: these may come later, never not at all.
ALWAYS_MAILED = frozenset({Group.SECURITY})
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Channel(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"


class DeliveryState(StrEnum):
    QUEUED = "queued"  # to be tried, at once or when its time has come
    SENT = "sent"
    FAILED = "failed"  # a try failed; another follows
    GIVEN_UP = "given_up"


OPEN_DELIVERY = (DeliveryState.QUEUED, DeliveryState.FAILED)


class Result(StrEnum):
    SENT = "sent"
    AGAIN = "again"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one try ended. `code` is stable and short, such as "smtp_450" or "http_500": never the other side's own words."""

    result: Result
    code: str


class WebhookState(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"
    REMOVED = "removed"


def may_read(person: UUID | None, addressee: UUID) -> Verdict:
    if person == addressee:
        return Allowed()
    return Denied("not_your_notice", "This notice is for somebody else.")


def may_send_again(state: str) -> Verdict:
    """What is still to be tried goes by itself; a second hand would only send it twice."""
    if state in OPEN_DELIVERY:
        return Denied("delivery_waits", "This delivery is still being tried.", remedy="Wait for its next try.")
    return Allowed()


def wishes_fault(wishes: Mapping[str, str]) -> str:
    """Return what is wrong with a choice of e-mail by group, "" when nothing is."""
    if unknown := sorted(set(wishes) - set(Group)):
        return f"There is no group {unknown[0]}; choose among {', '.join(Group)}."
    for group, wish in sorted(wishes.items()):
        if wish not in set(MailWish):
            return f"{wish} is no choice for {group}; choose among {', '.join(MailWish)}."
        if wish == MailWish.NEVER and group in ALWAYS_MAILED:
            return f"E-mail about {group} can come later, in a digest, but not never."
    return ""


def quiet_fault(start: time | None, end: time | None) -> str:
    """Return what is wrong with quiet hours, "" when nothing is. None and None: no quiet hours."""
    if (start is None) != (end is None):
        return "Quiet hours need both a beginning and an end."
    if start is not None and start == end:
        return "Quiet hours cannot last the whole day: choose another end."
    return ""


def webhook_fault(*, title: str, url: str, plain_allowed: bool) -> tuple[str, str]:
    """Return the field at fault and what is wrong with it, ("", "") when nothing is.

    `plain_allowed`: http without TLS, for networks of our own and for this machine in the demo.
    """
    if says_nothing(title) or len(title) > LONGEST_TITLE:
        return "title", f"Give it a title of at most {LONGEST_TITLE} characters."
    if len(url) > LONGEST_URL:
        return "url", f"An address has at most {LONGEST_URL} characters."
    fault = _url_fault(url, plain_allowed=plain_allowed)
    return ("url", fault) if fault else ("", "")


def _url_fault(url: str, *, plain_allowed: bool) -> str:
    if not url.isascii() or any(character.isspace() or character < " " for character in url):
        return "Write the address in ASCII, without spaces."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "This is no address."
    if parts.scheme not in {"https", "http"} or not parts.hostname or port == 0:
        return "Write an address such as https://hooks.example.com/remit."
    if parts.scheme == "http" and not plain_allowed:
        return "Only https: what is told must not be read on the way."
    if parts.username or parts.password or parts.fragment:
        return "Leave out names, passwords and #fragments: the signature proves who sends."
    return ""


def kinds_fault(kinds: Iterable[str], known: Iterable[str]) -> str:
    """Return what is wrong with the kinds a webhook asks for, "" when nothing is. No kinds: all."""
    unknown = sorted(set(kinds) - set(known))
    return f"There is no kind {unknown[0]}." if unknown else ""


def is_worn_out(*, failing_since: datetime | None, at: datetime, patience: timedelta) -> bool:
    """Say whether a webhook has failed for so long that it is switched off."""
    return failing_since is not None and at - failing_since >= patience
