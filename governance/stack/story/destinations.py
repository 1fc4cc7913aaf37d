"""Where the data of Alder Mutual could go: one destination for each dialect, and the stand-in provider that answers here.

The providers are invented. Those of other interfaces than OpenAI's are answered for by the stand-in, each in its own; the names of
the rest end in .example (RFC 2606), so that nothing sent by mistake could arrive.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from governance.core.vocabulary import Classification, Hosting, WeightsOwner
from governance.destinations import services
from governance.destinations.models import Destination, Provider
from governance.destinations.rules import Dialect
from governance.stack import stand_in
from governance.stack.story.cast import Cast

EURO = 1_000_000  # prices are kept in micro-euro per million tokens
STAND_IN = "stand-in"
NORTHWIND, QUILLON = "Northwind Models (invented)", "Quillon AI (invented)"


@dataclass(frozen=True, slots=True)
class Promise:
    """Terms, with prices in euro per million tokens."""

    days: int
    cleared_for: Classification
    weights: WeightsOwner
    prices: tuple[float, float] | None = None
    trains: bool = False
    contract: str = ""

    def terms(self) -> dict[str, Any]:
        price_in, price_out = [round(price * EURO) for price in self.prices] if self.prices else (None, None)
        return {
            "retention_days": self.days,
            "cleared_for": self.cleared_for,
            "weights_owner": self.weights,
            "trains_on_inputs": self.trains,
            "price_in": price_in,
            "price_out": price_out,
            "contract": self.contract,
        }


@dataclass(frozen=True, slots=True)
class Place:
    """A destination of the story: where it is, what it promises, and what became of it.

    A base URL that begins with "/" is the stand-in's, which answers there in the destination's interface.
    """

    provider: str
    ref: str
    title: str
    dialect: Dialect
    base_url: str
    region: str
    hosting: Hosting
    models: tuple[str, ...]
    promise: Promise
    later: Promise | None = None
    cidrs: tuple[str, ...] = ()
    with_key: bool = False
    opened: bool = True
    suspended_because: str = ""
    unread: tuple[str, ...] = ()


PLACES = [
    Place(
        provider=NORTHWIND,
        ref="northwind-eu",
        title="Northwind EU",
        dialect=Dialect.OPENAI,
        base_url="https://eu.northwind-models.example/v1",
        region="EU",
        hosting=Hosting.PUBLIC_API,
        models=("northwind-large", "northwind-small"),
        promise=Promise(30, Classification.CONFIDENTIAL, WeightsOwner.US, (2.5, 10), contract="NW-2025-114"),
        later=Promise(0, Classification.CONFIDENTIAL, WeightsOwner.US, (2.5, 10), contract="NW-2025-114/1"),
        with_key=True,
    ),
    Place(
        provider=NORTHWIND,
        ref="northwind-us",
        title="Northwind US",
        dialect=Dialect.OPENAI,
        base_url="https://us.northwind-models.example/v1",
        region="US",
        hosting=Hosting.PUBLIC_API,
        models=("northwind-large",),
        promise=Promise(90, Classification.INTERNAL, WeightsOwner.PROVIDER, (2, 8)),
        suspended_because="Retention went to 90 days without notice. Legal is asking the provider.",
    ),
    Place(
        provider=QUILLON,
        ref="quillon",
        title="Quillon",
        dialect=Dialect.ANTHROPIC,
        base_url="/anthropic",
        region="US",
        hosting=Hosting.PUBLIC_API,
        models=("quillon-writer",),
        promise=Promise(30, Classification.INTERNAL, WeightsOwner.NONE_RESULT, (3, 15)),
        with_key=True,
    ),
    Place(
        provider=QUILLON,
        ref="quillon-eu",
        title="Quillon EU, under review",
        dialect=Dialect.ANTHROPIC,
        base_url="https://eu.quillon.example",
        region="EU",
        hosting=Hosting.PUBLIC_API,
        models=("quillon-writer",),
        promise=Promise(7, Classification.INTERNAL, WeightsOwner.NONE_RESULT, (3.3, 16.5)),
        opened=False,
    ),
    Place(
        provider="Twinstar (invented)",
        ref="twinstar",
        title="Twinstar, free of charge",
        dialect=Dialect.GEMINI,
        base_url="/gemini/v1beta",
        region="US",
        hosting=Hosting.PUBLIC_API,
        models=("twinstar-fast",),
        promise=Promise(540, Classification.PUBLIC, WeightsOwner.PROVIDER, (0, 0), trains=True),
    ),
    Place(
        provider="Alder Mutual's own tenant (invented)",
        ref="lakehouse",
        title="Lakehouse in our tenant",
        dialect=Dialect.DATABRICKS,
        base_url="/databricks/serving-endpoints",
        region="CH",
        hosting=Hosting.TENANT_CLOUD,
        models=("alder-claims-8b", "alder-embed"),
        promise=Promise(0, Classification.RESTRICTED, WeightsOwner.US, (1.1, 1.1)),
        unread=("pictures",),
    ),
    Place(
        provider="Alder Mutual's data centre (invented)",
        ref="datacentre",
        title="Models in our data centre",
        dialect=Dialect.OLLAMA,
        base_url="/ollama",
        region="CH",
        hosting=Hosting.SELF_HOSTED,
        models=("alder-8b",),
        promise=Promise(0, Classification.RESTRICTED, WeightsOwner.US),
        cidrs=("10.40.0.0/16",),
    ),
]


def _stand_in() -> Place:
    return Place(
        provider="Remit's stand-in (answers on this machine)",
        ref=STAND_IN,
        title="Stand-in provider",
        dialect=Dialect.OPENAI,
        base_url="/v1",
        region="This machine",
        hosting=Hosting.PUBLIC_API,
        models=stand_in.MODELS,
        promise=Promise(0, Classification.CONFIDENTIAL, WeightsOwner.NONE_RESULT, (0.4, 1.6), contract="None: a demo."),
    )


def open_destinations(cast: Cast, *, stand_in_url: str) -> None:
    """Write down every destination with its terms; open, suspend or leave it waiting as the story goes."""
    providers: dict[str, Provider] = {}
    root = stand_in_url.removesuffix("/v1")
    for place in [_stand_in(), *PLACES]:
        if place.provider not in providers:
            at = cast.calendar.day(1, hour=3)
            providers[place.provider] = services.add_provider(name=place.provider, by=cast.actor("paul"), at=at)
        _settle(cast, place, _propose(cast, place, providers[place.provider], stand_in_root=root))


def _propose(cast: Cast, place: Place, provider: Provider, *, stand_in_root: str) -> Destination:
    answered = place.base_url.startswith("/")
    return services.propose_destination(
        provider_id=provider.pk,
        ref=place.ref,
        title=place.title,
        model_names=place.models,
        dialect=place.dialect,
        base_url=stand_in_root + place.base_url if answered else place.base_url,
        region=place.region,
        hosting=place.hosting,
        cidrs=place.cidrs,
        stand_in=answered,
        by=cast.actor("paul"),
        at=cast.calendar.day(1, hour=3),
    )


def _settle(cast: Cast, place: Place, made: Destination) -> None:
    at, by = cast.calendar.day(1, hour=4), cast.actor("paul")
    services.set_terms(destination_id=made.pk, by=by, at=at, **place.promise.terms())
    if place.with_key:
        secret = f"synthetic-{secrets.token_urlsafe(24)}"
        services.set_provider_key(destination_id=made.pk, secret=secret, by=cast.actor("pia"), at=at)
    if place.unread:
        made.refresh_from_db()
        services.set_unread(destination_id=made.pk, unread=place.unread, revision=made.revision, by=by, at=at)
    if place.opened:
        services.open_destination(destination_id=made.pk, by=by, at=at)
    if place.later:
        services.set_terms(destination_id=made.pk, by=by, at=cast.calendar.day(2), **place.later.terms())
    if place.suspended_because:
        services.suspend_destination(
            destination_id=made.pk, reason=place.suspended_because, by=cast.actor("nora"), at=cast.calendar.day(12)
        )
