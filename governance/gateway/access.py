"""What a key may do at this moment, as read from the database. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.gateway.end_users import Issuer
from governance.gateway.limits import Limit, Price
from governance.gateway.stopping import InForce, Sending
from governance.remits.runs import RunCaps
from governance.remits.tools import ToolRule


@dataclass(frozen=True, slots=True)
class Offer:
    """A usable grant with its destination: one dataset that may go to one place.

    `conditions` is the grant's own document. Prices are micro-euro per million tokens: `prices` are those written down for a model,
    "" for all others, and what stands in the terms counts where there is none. `sealed_key` is None when the destination
    needs no key. `unread` are the kinds of opaque content its policy names; `pictures`: the dataset is made of them. `keeps_inputs`: by
    its terms it keeps what it is sent for a day or more, or trains on it. `observation` is the period in which most rules are only
    observed toward it, None when they hold. `tools` are those its remit lists, `runs` what it allows a run of an agent.
    """

    grant: UUID
    remit: UUID
    sandbox: bool
    dataset: str
    classification: str
    conditions: dict[str, Any]
    cleared_for: str
    keeps_inputs: bool
    price_in: int | None
    price_out: int | None
    destination: UUID
    destination_ref: str
    revision: int
    dialect: str
    base_url: str
    models: tuple[str, ...]
    hosting: str
    cidrs: tuple[str, ...]
    stand_in: bool
    pictures: bool
    unread: tuple[str, ...]
    reply_check: str
    sealed_key: bytes | None
    prices: Mapping[str, tuple[int, int]]
    observation: UUID | None
    tools: tuple[ToolRule, ...]
    runs: RunCaps

    def price_of(self, model: str) -> Price | None:
        """Return what the model costs: its own price, else that of all models there, else that of the terms."""
        own = self.prices.get(model) or self.prices.get("")
        if own is None and self.price_in is not None and self.price_out is not None:
            own = (self.price_in, self.price_out)
        return Price(*own) if own else None


@dataclass(frozen=True, slots=True)
class Access:
    """A key that holds, its initiative, and everything that initiative may send now in mode prompt."""

    key: UUID
    key_expires_at: datetime
    prefix: str
    made_by: UUID
    initiative: UUID
    code: str
    unit: UUID
    unit_path: str
    ruleset: str  # digest of the enforced one
    stops: tuple[InForce, ...]  # all that are in force, whomever they concern
    limits: tuple[Limit, ...]
    issuer: Issuer | None  # who vouches for its end users; None where nobody has to
    offers: tuple[Offer, ...]
    read_at: datetime

    def sending(self, destination: UUID) -> Sending:
        return Sending(self.made_by, self.initiative, destination)
