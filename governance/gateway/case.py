"""What is known of one exchange while it runs, and how it ended. Values only, and never a text."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from governance.core.actors import GATEWAY, Actor
from governance.core.vocabulary import Mode
from governance.destinations.rules import ReplyCheck
from governance.detection.policy import Decision, Verdict
from governance.detection.report import Report
from governance.detection.spans import Finding
from governance.detection.ways import Way
from governance.gateway.access import Access
from governance.gateway.address import Target
from governance.gateway.confirming import ConfirmationState
from governance.gateway.limits import Price, Taking, Use
from governance.gateway.replies.seen import Seen
from governance.gateway.rules import ExchangeState
from governance.gateway.runs import Entered, RunTaking


@dataclass(frozen=True, slots=True)
class Held:
    """The sealed copy of a request: where it lies, and the SHA-256 of its bytes."""

    storage_ref: str
    digest: str


@dataclass(frozen=True, slots=True)
class Answered:
    """How what came back was checked, and what was seen."""

    check: ReplyCheck
    seen: Seen


class Publishing(NamedTuple):
    """Which training set is sent where, by which release permit, in which exchange. `digest` is that of its bytes."""

    exchange: UUID
    training_set: UUID
    digest: str
    destination: UUID
    permit: UUID


class Confirmed(NamedTuple):
    """An answer that waits for a person: which confirmation, where it lies sealed, and how it stood when it was read."""

    id: UUID
    storage_ref: str
    state: ConfirmationState


@dataclass(slots=True)
class Case:
    """What is known of one exchange so far; the later parts are None until the handler gets there. Never a text."""

    id: UUID
    at: datetime
    surface: str
    access: Access | None = None
    target: Target | None = None
    report: Report | None = None
    decision: Decision | None = None
    ways: Mapping[Finding, Way] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    mode: Mode = Mode.PROMPT
    stream: bool = False
    records: int = 1  # how many calls it stands for
    end_user: str = ""
    verified_user: str = ""
    datasets: tuple[str, ...] = ()
    bytes_in: int = 0
    bytes_out: int = 0
    request_digest: str = ""
    keyed_digest: bytes | None = None
    justified: bool = False
    released: bool = False
    held: Held | None = None
    waits_as: UUID | None = None  # the exchange in which the same request waits already
    publishing: Publishing | None = None
    taken: tuple[Taking, ...] = ()
    run: Entered | None = None
    taken_of_run: RunTaking | None = None
    observation: UUID | None = None
    confirmation: Confirmed | None = None
    reply: Answered | None = None
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        return self.decision.verdict if self.decision else Verdict.BLOCK

    @property
    def would_be(self) -> str:
        """The verdict were no rule only observed; "" where none is."""
        return str(self.decision.would_be) if self.observation and self.decision else ""

    @property
    def relaxed_by(self) -> UUID | None:
        """The period but for which this would not leave as it does; None when it would."""
        return self.observation if self.would_be != self.verdict else None

    @property
    def actor(self) -> Actor:
        if self.access is None:
            return replace(GATEWAY, request_id=str(self.id))
        return Actor.of_key(self.access.prefix, person=self.access.made_by, request_id=str(self.id))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a sent exchange ended. `used` counts against budgets, None when nothing was sent; where no provider told, it is a guess."""

    state: ExchangeState
    error_code: str = ""
    bytes_out: int = 0
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: int | None = None
    used: Use | None = None
    price: Price | None = None
