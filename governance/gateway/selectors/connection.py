"""What an initiative may call now and how its programs call it, for the people who build them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from governance.core.errors import NotAllowed
from governance.core.vocabulary import Mode
from governance.destinations.rules import Dialect
from governance.destinations.selectors import DestinationRow, open_destinations
from governance.gateway.routes import format_named
from governance.gateway.selectors.access import RUNNING
from governance.gateway.selectors.issuers import token_header_of
from governance.gateway.snippets import base_url
from governance.initiatives.selectors import InitiativePage, initiative
from governance.organisation.permissions import Standing
from governance.remits.selectors import GrantRow, grants_of


@dataclass(frozen=True, slots=True)
class Reach:
    """A model that prompts may be sent to now.

    `name` is what a call gives as its model, `destination/model`; `base_url` what a client of `interface` is pointed at.
    `datasets` are (ref, title) of what may go there; `sandbox`: only for trying out. `ends_at`: when the last right to it ends.
    """

    name: str
    model: str
    destination: str
    dialect: Dialect
    interface: str
    base_url: str
    datasets: tuple[tuple[str, str], ...]
    sandbox: bool
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Connection:
    """An initiative as one of its builders sees it from their program.

    `token_header` is where each call has to prove who asks, "" where none has to.
    """

    initiative: InitiativePage
    gateway: str
    reaches: list[Reach]
    token_header: str

    def reach(self, name: str) -> Reach:
        """Return what a call means by `name`. Raises KeyError for a model that is none of these."""
        return {reach.name: reach for reach in self.reaches}[name]


def connection(code: str, *, standing: Standing, at: datetime) -> Connection:
    """Return what the builder `standing` can call for an initiative.

    Raises:
        NotFound: "no_such_initiative".
        NotAllowed: "not_a_member", to whoever sees it and is none of its builders.
    """
    found = built(code, standing=standing)
    granted = grants_of(found.row.id, at=at) if found.row.state in RUNNING else []
    grants = [grant for grant in granted if grant.usable and grant.mode is Mode.PROMPT]
    places = open_destinations(at=at) if grants else []
    reaches = [reach for place in places for reach in _reaches(place, _toward(place, grants))]
    ordered = sorted(reaches, key=lambda reach: reach.name)
    return Connection(found, settings.GATEWAY_URL, ordered, token_header_of(found.row.id))


def built(code: str, *, standing: Standing) -> InitiativePage:
    """Return an initiative that `standing` is a builder of.

    Raises:
        NotFound: "no_such_initiative".
        NotAllowed: "not_a_member".
    """
    found = initiative(code, standing=standing)
    if not found.is_member:
        names = ", ".join(member.name for member in found.members) or "the unit that answers for it"
        raise NotAllowed("not_a_member", "Only its builders can call models for it.", remedy=f"Ask {names}.")
    return found


def _toward(place: DestinationRow, grants: Sequence[GrantRow]) -> list[GrantRow]:
    """Return the grants that count for a destination, as the gateway counts them."""
    found = [grant for grant in grants if grant.destination_id == place.id]
    return [grant for grant in found if not grant.sandbox] or found


def _reaches(place: DestinationRow, grants: Sequence[GrantRow]) -> list[Reach]:
    spoken = format_named(place.dialect)
    if not grants or spoken is None:
        return []
    shared: dict[str, Any] = {
        "destination": place.title,
        "dialect": place.dialect,
        "interface": spoken.title,
        "base_url": base_url(place.dialect, gateway=settings.GATEWAY_URL),
        "datasets": tuple(sorted({(grant.dataset_ref, grant.dataset) for grant in grants})),
        "sandbox": all(grant.sandbox for grant in grants),
        "ends_at": max(grant.ends_at for grant in grants),
    }
    return [Reach(name=f"{place.ref}/{model}", model=model, **shared) for model in place.model_names]
