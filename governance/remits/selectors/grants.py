"""What an initiative may use, ready to show and to enforce."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from governance.core.errors import NotFound
from governance.core.vocabulary import Classification, Mode, Purpose, WeightsOwner
from governance.destinations.models import Terms
from governance.destinations.rules import DestinationState, TermsFacts
from governance.initiatives.selectors import visible_ids
from governance.organisation.permissions import Standing
from governance.organisation.selectors import paths_for, within
from governance.remits.body import Conditions, parse_conditions
from governance.remits.changes import conditions_in_words
from governance.remits.models import Grant
from governance.remits.rules import USABLE_GRANT, GrantState, GrantValues, strictest, usable


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One grant. `usable` at the moment asked for; `conditions` also in words. `rests_because`: the reasons while it is suspended."""

    id: UUID
    remit_id: UUID
    version: int
    sandbox: bool
    dataset: str
    dataset_ref: str
    classification: Classification
    purpose: Purpose
    mode: Mode
    destination: str
    destination_ref: str
    destination_id: UUID
    conditions: Conditions
    conditions_text: str
    state: GrantState
    starts_at: datetime | None
    ends_at: datetime
    usable: bool
    rests_because: tuple[str, ...]


def grants_of(initiative_id: UUID, *, at: datetime, live: bool = True) -> list[GrantRow]:
    """Return the initiative's grants, those that end first on top. `live` False adds what has ended or is pending."""
    found = Grant.objects.filter(initiative_id=initiative_id).select_related("remit", "dataset", "destination")
    if live:
        found = found.filter(state__in=[*USABLE_GRANT, GrantState.SUSPENDED])
    return [_row(grant, at) for grant in found.order_by("ends_at", "id")]


def grant(grant_id: UUID, *, standing: Standing, at: datetime) -> GrantRow:
    """Return one grant: of an initiative the reader sees, or on a dataset whose steward may revoke it.

    Raises:
        NotFound: when there is none, or the reader may not see it.
    """
    stewards = within(paths_for(standing, "remits:grant:revoke"), "dataset__steward_unit__path")
    found = Grant.objects.filter(stewards | Q(initiative__in=visible_ids(standing)), pk=grant_id)
    row = found.select_related("remit", "dataset", "destination").first()
    if row is None:
        raise NotFound("grant_not_found", "There is no such grant, or you may not see it.")
    return _row(row, at)


def usable_grants(initiative_id: UUID, destination_id: UUID, mode: Mode, *, at: datetime) -> list[GrantRow]:
    """Return the grants that let the initiative use `mode` toward the destination at `at`."""
    rows = grants_of(initiative_id, at=at)
    return [row for row in rows if row.usable and row.destination_id == destination_id and row.mode is mode]


def conditions_of(grants: Iterable[GrantRow]) -> Conditions:
    """Return the strictest conditions of `grants`: what a call that names no dataset is held to."""
    return strictest(grant.conditions for grant in grants)


def values_of(grant: Grant) -> GrantValues:
    """Return what `usable` asks about; `grant` comes with its destination."""
    return GrantValues(
        state=GrantState(grant.state),
        starts_at=grant.starts_at,
        ends_at=grant.ends_at,
        destination_state=DestinationState(grant.destination.state),
    )


def terms_facts(terms: Terms) -> TermsFacts:
    return TermsFacts(
        retention_days=terms.retention_days,
        trains_on_inputs=terms.trains_on_inputs,
        weights_owner=WeightsOwner(terms.weights_owner),
        cleared_for=Classification(terms.cleared_for),
        price_in=terms.price_in,
        price_out=terms.price_out,
        contract=terms.contract,
    )


def _row(grant: Grant, at: datetime) -> GrantRow:
    conditions = parse_conditions(grant.conditions, "conditions")
    return GrantRow(
        id=grant.pk,
        remit_id=grant.remit_id,
        version=grant.remit.version,
        sandbox=grant.remit.sandbox,
        dataset=grant.dataset.title,
        dataset_ref=grant.dataset.ref,
        classification=Classification(grant.dataset.classification),
        purpose=Purpose(grant.purpose),
        mode=Mode(grant.mode),
        destination=grant.destination.title,
        destination_ref=grant.destination.ref,
        destination_id=grant.destination_id,
        conditions=conditions,
        conditions_text=conditions_in_words(conditions),
        state=GrantState(grant.state),
        starts_at=grant.starts_at,
        ends_at=grant.ends_at,
        usable=usable(values_of(grant), at),
        rests_because=tuple(grant.rests_because),
    )
