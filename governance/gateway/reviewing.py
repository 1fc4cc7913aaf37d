"""What a person did with a model's answer, as an application reports it, and which answers anybody could have looked at. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from governance.core.errors import Invalid
from governance.core.verdict import Allowed, Denied, Verdict
from governance.gateway.rules import ExchangeState

LONGEST_REVIEWER = 200
# How far the clock of an application may be from ours.
SKEW = timedelta(minutes=5)
# An answer may be in somebody's hands a moment before its end is written down.
ANSWERED = (ExchangeState.INTENDED, ExchangeState.SENT, ExchangeState.COMPLETED)
# Interfaces whose answers are words for people. The others give numbers, counts or marks, which nobody looks at one by one.
SPEAKING = (
    "anthropic.messages",
    "databricks.invocations",
    "gemini.generate_content",
    "gemini.stream_generate_content",
    "ollama.chat",
    "ollama.generate",
    "openai.chat_completions",
    "openai.completions",
    "openai.responses",
)
FIELDS = ("exchange", "outcome", "shown_at", "decided_at")


class AnswerOutcome(StrEnum):
    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Review:
    """One look at one answer. `verified`: somebody vouches for who took it; else `reviewer` is a name that was only claimed."""

    outcome: AnswerOutcome
    reviewer: str
    verified: bool
    shown_at: datetime
    decided_at: datetime

    @property
    def seconds(self) -> float:
        return (self.decided_at - self.shown_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Report:
    """The body of a report, read. Who took the look stands beside it, in the headers of the call."""

    exchange: UUID
    outcome: AnswerOutcome
    shown_at: datetime
    decided_at: datetime

    def by(self, reviewer: str, *, verified: bool) -> Review:
        return Review(self.outcome, reviewer, verified, self.shown_at, self.decided_at)


def read_report(value: Any) -> Report:
    """Return the report that JSON writes down.

    Raises:
        Invalid: names the field and the remedy.
    """
    if not isinstance(value, Mapping):
        raise Invalid("not_a_mapping", "A report is an object with named values.", remedy=f"Give {', '.join(FIELDS)}.")
    if unknown := sorted(str(key) for key in value if key not in FIELDS):
        raise Invalid(
            "unknown_field", f"A report has no field {unknown[0]!r:.80}.", remedy=f"Give {', '.join(FIELDS)}."
        )
    if absent := [name for name in FIELDS if name not in value]:
        raise Invalid("missing", f"{absent[0]} is missing.", field=absent[0], remedy=f"Give {', '.join(FIELDS)}.")
    return Report(
        _exchange(value["exchange"]),
        _outcome(value["outcome"]),
        _moment(value["shown_at"], "shown_at"),
        _moment(value["decided_at"], "decided_at"),
    )


def reviewer_named(verified: str, claimed: str) -> tuple[str, bool]:
    """Return who took the look, and whether somebody vouches for it.

    Raises:
        Invalid: `reviewer_missing`, `reviewer_too_long`.
    """
    name = " ".join((verified or claimed).split())
    if not name:
        raise Invalid("reviewer_missing", "Who looked is missing.", remedy="Name them in the header X-Remit-Actor.")
    if len(name) > LONGEST_REVIEWER:
        raise Invalid("reviewer_too_long", f"The name of who looked has at most {LONGEST_REVIEWER} characters.")
    return name, bool(verified)


def may_review(review: Review, *, state: str, asked_at: datetime, at: datetime) -> Verdict:
    """Say whether an answer asked for at `asked_at` can have been looked at so."""
    if state not in ANSWERED:
        return Denied("no_answer", f"This exchange is {state}: there is no answer to look at.")
    if review.decided_at < review.shown_at:
        return Denied("decided_before_shown", "decided_at lies before shown_at.", "Give both by the same clock.")
    if review.shown_at < asked_at - SKEW:
        return Denied(
            "shown_before_asked", "shown_at lies before the call.", "Set the clock, or give the right exchange."
        )
    if review.decided_at > at + SKEW:
        return Denied("decided_later", "decided_at lies in the future.", "Set the clock of your program.")
    return Allowed()


def _exchange(value: Any) -> UUID:
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        remedy = "Give the header x-remit-exchange of the answer."
        raise Invalid("not_an_id", "exchange must be the id of an exchange.", field="exchange", remedy=remedy) from None


def _outcome(value: Any) -> AnswerOutcome:
    if value not in list(AnswerOutcome):
        words = ", ".join(AnswerOutcome)
        raise Invalid("not_in_list", f"outcome must be one of: {words}.", field="outcome", remedy="Choose one of them.")
    return AnswerOutcome(value)


def _moment(value: Any, field: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        pass
    remedy = "Write it as 2027-03-31T09:30:00Z."
    raise Invalid("not_a_time", f"{field} must be a time with its zone.", field=field, remedy=remedy)
