"""Builders of what a remit joins: datasets, destinations, initiatives. By the real services; everything synthetic."""

from itertools import count

import builders
from governance.catalogue import services as catalogue
from governance.catalogue.models import Dataset
from governance.core.actors import INSTALLER
from governance.core.vocabulary import Classification, Hosting, WeightsOwner
from governance.destinations import services as destinations
from governance.destinations.models import Destination
from governance.destinations.rules import Dialect
from governance.initiatives import services as initiatives
from governance.initiatives.models import Initiative
from governance.organisation.models import Unit
from governance.organisation.roles import Role

_numbers = count(1)


def dataset(steward_unit: Unit | None = None, *, at=builders.AT, **facts) -> Dataset:
    """Return a new dataset, internal unless told otherwise."""
    number = next(_numbers)
    usual = {"title": f"Dataset {number}", "classification": Classification.INTERNAL}
    steward = steward_unit or builders.organisation(at=at)
    return catalogue.add_dataset(steward_unit_id=steward.pk, by=INSTALLER, at=at, **(usual | facts))


def destination(
    *, cleared_for=Classification.CONFIDENTIAL, opened=True, terms=None, at=builders.AT, **facts
) -> Destination:
    """Return a new destination with terms, open unless told otherwise."""
    number = next(_numbers)
    provider = destinations.add_provider(name=f"Example Provider {number}", by=INSTALLER, at=at)
    usual = {
        "ref": f"destination-{number}",
        "title": f"Destination {number}",
        "model_names": [f"example-model-{number}"],
        "dialect": Dialect.OPENAI,
        "base_url": f"https://api{number}.provider.example/v1",
        "region": "EU",
        "hosting": Hosting.PUBLIC_API,
    }
    made = destinations.propose_destination(provider_id=provider.pk, by=INSTALLER, at=at, **(usual | facts))
    set_terms(made, cleared_for=cleared_for, at=at, **(terms or {}))
    if opened:
        made = destinations.open_destination(destination_id=made.pk, by=INSTALLER, at=at)
    return made


def set_terms(place: Destination, *, at=builders.AT, **changes):
    usual = {
        "retention_days": 30,
        "trains_on_inputs": False,
        "weights_owner": WeightsOwner.US,
        "cleared_for": Classification.CONFIDENTIAL,
    }
    return destinations.set_terms(destination_id=place.pk, by=INSTALLER, at=at, **(usual | changes))


def initiative(unit: Unit | None = None, *, by=None, at=builders.AT, **facts) -> Initiative:
    """Return a new idea of `unit`, proposed by a requester there unless `by` is given."""
    where = unit or builders.organisation(at=at)
    usual = {"title": f"Initiative {next(_numbers)}", "purpose_text": "Synthetic purpose."}
    proposer = by or builders.actor_with(Role.REQUESTER, where, at=at)
    return initiatives.propose_initiative(unit_id=where.pk, by=proposer, at=at, **(usual | facts))
