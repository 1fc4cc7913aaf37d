"""Errors of the domain. They know a code and a sentence; what HTTP makes of them is decided at each door."""

from typing import ClassVar


class DomainError(Exception):
    """A refusal or a fault a caller can answer.

    `code` is stable and machine-read (it is also the key of a translation), `reason` is a sentence for people,
    `field` names the input at fault, `remedy` says what to do next.
    """

    kind: ClassVar[str] = "invalid"

    def __init__(self, code: str, reason: str, *, field: str = "", remedy: str = "") -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
        self.field = field
        self.remedy = remedy


class NotAllowed(DomainError):
    kind = "not_allowed"


class NotSignedIn(DomainError):
    kind = "not_signed_in"


class NotFound(DomainError):
    kind = "not_found"


class Conflict(DomainError):
    kind = "conflict"


class Invalid(DomainError):
    kind = "invalid"


class TooLarge(DomainError):
    kind = "too_large"


class TooMany(DomainError):
    kind = "too_many"


class SlowDown(TooMany):
    """Waiting helps: the same may be sent again after `retry_after_s` seconds."""

    kind = "slow_down"

    def __init__(self, code: str, reason: str, *, retry_after_s: float, remedy: str = "") -> None:
        super().__init__(code, reason, remedy=remedy)
        self.retry_after_s = retry_after_s


class Unavailable(DomainError):
    """Something we need did not answer. Never to be read as "nothing was found"."""

    kind = "unavailable"


class Busy(Unavailable):
    """More came at once than can be done in time; this one was turned away before anything was done, and may come again."""

    retry_after_s = 1.0
