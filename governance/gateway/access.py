"""What a key may do at this moment, as read from the database. Values only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.gateway.stopping import InForce, Sending


@dataclass(frozen=True, slots=True)
class Offer:
    """A usable grant with its destination: one dataset that may go to one place.

    `conditions` is the grant's own document. Prices are micro-euro per million tokens. `sealed_key` is None when the destination
    needs no key. `keeps_inputs`: by its terms it keeps what it is sent for a day or more, or trains on it.
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
    reply_check: str
    sealed_key: bytes | None


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
    offers: tuple[Offer, ...]
    read_at: datetime

    def sending(self, destination: UUID) -> Sending:
        return Sending(self.made_by, self.initiative, destination)
