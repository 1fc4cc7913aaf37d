"""Which destination a request means: `destination/model`, or the model alone when only one granted destination has it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from governance.core.errors import Invalid, NotAllowed
from governance.gateway.access import Offer
from governance.gateway.limits import Price

NAMES_IN_AN_ERROR = 12
MODEL_UNKNOWN = "model_unknown"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes, by which grants. `model` is the provider's own name."""

    model: str
    offers: tuple[Offer, ...]

    @property
    def first(self) -> Offer:
        """Any of the offers: what it says of the destination holds for all of them."""
        return self.offers[0]

    @property
    def destination(self) -> UUID:
        return self.first.destination

    @property
    def price(self) -> Price | None:
        """What the model costs there now, None when nobody has written that down."""
        return self.first.price_of(self.model)

    @property
    def grants(self) -> tuple[UUID, ...]:
        return tuple(offer.grant for offer in self.offers)


def target_of(model: str, offers: Sequence[Offer]) -> Target:
    """Return where `model` leads among the granted offers.

    Raises:
        Invalid: `model_ambiguous` or `model_unknown`, with the names that can be addressed.
    """
    bare = {offer.destination: model for offer in offers if model in offer.models}
    full = {
        offer.destination: name for offer in offers if (name := _after(offer.destination_ref, model)) in offer.models
    }
    found = full or bare
    if len(found) > 1:
        raise Invalid(
            "model_ambiguous", f"More than one granted destination has this model. {_choices(offers)}", field="model"
        )
    if not found:
        raise Invalid(MODEL_UNKNOWN, f"No granted destination has this model. {_choices(offers)}", field="model")
    ((destination, name),) = found.items()
    return Target(str(name), toward(destination, offers))


def toward(destination: UUID, offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Return the offers that count for a destination: a sandbox grant only where no ordinary grant leads."""
    found = tuple(offer for offer in offers if offer.destination == destination)
    return tuple(offer for offer in found if not offer.sandbox) or found


def speaking(dialect: str | None, offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Return the offers whose destination has this interface, all of them for None."""
    return tuple(offer for offer in offers if dialect in {None, offer.dialect})


def names_of(offers: Sequence[Offer]) -> list[tuple[str, str]]:
    """Return (`destination/model`, destination) of everything that can be addressed, sorted."""
    return sorted(
        {(f"{offer.destination_ref}/{model}", offer.destination_ref) for offer in offers for model in offer.models}
    )


def destination_named(model: str) -> str:
    """Return the destination that a name spells out, "" when it names a model alone."""
    return model.split("/", 1)[0] if "/" in model else ""


def declared_datasets(header: str) -> tuple[str, ...]:
    """Return the refs in an X-Remit-Datasets header, comma-separated, in order, each once."""
    return tuple(dict.fromkeys(ref.strip() for ref in header.split(",") if ref.strip()))


def check_declared(declared: Sequence[str], target: Target) -> None:
    """Refuse a declared dataset that no grant allows toward this destination. Declaring can only add refusals.

    Raises:
        NotAllowed: `dataset_not_granted`.
    """
    missing = set(declared) - {offer.dataset for offer in target.offers}
    if missing:
        raise NotAllowed(
            "dataset_not_granted",
            f"{len(missing)} of the declared datasets may not go to {target.first.destination_ref}.",
            field="X-Remit-Datasets",
            remedy="Ask for a grant of each dataset toward this destination.",
        )


def _after(ref: str, model: str) -> str | None:
    return model.removeprefix(f"{ref}/") if model.startswith(f"{ref}/") else None


def _choices(offers: Sequence[Offer]) -> str:
    names = [name for name, _ in names_of(offers)]
    more = f" and {len(names) - NAMES_IN_AN_ERROR} more" if len(names) > NAMES_IN_AN_ERROR else ""
    return f"You can address: {', '.join(names[:NAMES_IN_AN_ERROR])}{more}." if names else "No grant is in force."
