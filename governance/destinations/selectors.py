"""Where data can go, on what terms, ready to show."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from governance.core.actors import Actor
from governance.core.errors import Invalid, NotFound
from governance.core.paging import Page, page_window
from governance.core.verdict import Denied, Verdict, require
from governance.core.vocabulary import Classification, Hosting, WeightsOwner
from governance.destinations.models import Destination, Price, Provider, ProviderKey, Terms
from governance.destinations.rules import DestinationState, Dialect, ReplyCheck, TermsFacts, may_move
from governance.detection.documents.reading import Opaque
from governance.organisation.permissions import Standing, may
from governance.organisation.selectors import authorize, root_unit

SORTS = {
    "title": ("title", "id"),
    "-title": ("-title", "-id"),
    "provider": ("provider__name", "title", "id"),
    "created": ("created_at", "id"),
    "-created": ("-created_at", "-id"),
}


@dataclass(frozen=True, slots=True)
class TermsRow:
    """One version of the terms. Prices in micro-euro per million tokens, None when not known."""

    id: UUID
    version: int
    retention_days: int
    trains_on_inputs: bool
    weights_owner: WeightsOwner
    cleared_for: Classification
    price_in: int | None
    price_out: int | None
    contract: str
    digest: str
    in_force_from: datetime

    @classmethod
    def of(cls, terms: Terms) -> "TermsRow":
        return cls(
            id=terms.pk,
            version=terms.version,
            retention_days=terms.retention_days,
            trains_on_inputs=terms.trains_on_inputs,
            weights_owner=WeightsOwner(terms.weights_owner),
            cleared_for=Classification(terms.cleared_for),
            price_in=terms.price_in,
            price_out=terms.price_out,
            contract=terms.contract,
            digest=terms.digest,
            in_force_from=terms.in_force_from,
        )

    def facts(self) -> TermsFacts:
        """Return what the rules ask about."""
        return TermsFacts(
            retention_days=self.retention_days,
            trains_on_inputs=self.trains_on_inputs,
            weights_owner=self.weights_owner,
            cleared_for=self.cleared_for,
            price_in=self.price_in,
            price_out=self.price_out,
            contract=self.contract,
        )


@dataclass(frozen=True, slots=True)
class PriceRow:
    """Micro-euro per million tokens from `in_force_from` on; `model` is "" for every model without a price of its own."""

    id: UUID
    model: str
    price_in: int
    price_out: int
    in_force_from: datetime
    set_by: str


@dataclass(frozen=True, slots=True)
class DestinationRow:
    """`terms` are those in force, None before the first. `has_key`: a provider key is set; nobody here can read it."""

    id: UUID
    ref: str
    title: str
    provider: str
    model_names: tuple[str, ...]
    dialect: Dialect
    base_url: str
    region: str
    hosting: Hosting
    cidrs: tuple[str, ...]
    state: DestinationState
    state_reason: str
    unread: tuple[Opaque, ...]
    reply_check: ReplyCheck
    stand_in: bool
    has_key: bool
    terms: TermsRow | None
    created_at: datetime
    revision: int

    @classmethod
    def of(cls, found: Destination) -> "DestinationRow":
        """`found` comes from `_rows`, which fetches the terms and the key's existence with it."""
        terms = next(iter(found.in_force), None)  # type: ignore[attr-defined]
        return cls(
            id=found.pk,
            ref=found.ref,
            title=found.title,
            provider=found.provider.name,
            model_names=tuple(found.model_names),
            dialect=Dialect(found.dialect),
            base_url=found.base_url,
            region=found.region,
            hosting=Hosting(found.hosting),
            cidrs=tuple(found.cidrs),
            state=DestinationState(found.state),
            state_reason=found.state_reason,
            unread=tuple(map(Opaque, found.unread)),
            reply_check=ReplyCheck(found.reply_check),
            stand_in=found.stand_in,
            has_key=found.has_key,  # type: ignore[attr-defined]
            terms=TermsRow.of(terms) if terms else None,
            created_at=found.created_at,
            revision=found.revision,
        )


@dataclass(frozen=True, slots=True)
class KeyRow:
    """All that is known of a provider key once it is set."""

    last_four: str
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class DestinationPage:
    """A destination, all versions of its terms (newest first), its key in use, and what the reader may do here."""

    row: DestinationRow
    terms: tuple[TermsRow, ...]
    key: KeyRow | None
    may_edit: Verdict
    may_set_key: Verdict
    may_open: Verdict
    may_suspend: Verdict


def destinations(
    *,
    standing: Standing,
    at: datetime,
    search: str = "",
    dialect: str = "",
    hosting: str = "",
    state: str = "",
    cleared_for: str = "",
    sort: str = "title",
    page: int = 1,
    size: int = 50,
) -> Page[DestinationRow]:
    """Return one page of destinations. `cleared_for` keeps those whose terms in force clear data of that height.

    Raises:
        NotAllowed: when the reader's account is not active.
        Invalid: "unknown_sort", "unknown_classification".
    """
    require(may(standing, "destinations:destination:read", None))
    wanted = {"dialect": dialect, "hosting": hosting, "state": state}
    found = Destination.objects.filter(**{name: value for name, value in wanted.items() if value})
    if search:
        found = found.filter(
            Q(title__icontains=search) | Q(ref__icontains=search) | Q(provider__name__icontains=search)
        )
    if cleared_for:
        found = _cleared(found, cleared_for, at)
    start, end = page_window(page, size)
    rows = [DestinationRow.of(each) for each in _rows(found, at).order_by(*_order(sort))[start:end]]
    return Page(rows, found.count(), max(page, 1), end - start)


def destination_names(standing: Standing, *, most: int) -> list[tuple[str, str]]:
    """Return (reference, title) of the destinations, by title, at most `most`; [] for whoever may not read them."""
    if isinstance(may(standing, "destinations:destination:read", None), Denied):
        return []
    return list(Destination.objects.order_by("title", "id").values_list("ref", "title")[:most])


def destination(ref_or_id: str | UUID, *, standing: Standing, at: datetime) -> DestinationPage:
    """Return one destination by its reference or id.

    Raises:
        NotFound: "no_such_destination".
        NotAllowed: when the reader's account is not active.
    """
    require(may(standing, "destinations:destination:read", None))
    row = destination_row(ref_or_id, at=at)
    history = Terms.objects.filter(destination_id=row.id).order_by("-version")
    key = ProviderKey.objects.filter(destination_id=row.id, replaced_at=None).select_related("set_by").first()
    root = root_unit()
    path = root.path if root else None
    may_edit = may(standing, "destinations:destination:edit", path)
    may_halt = may(standing, "destinations:destination:suspend", path)
    return DestinationPage(
        row=row,
        terms=tuple(TermsRow.of(terms) for terms in history),
        key=KeyRow(key.last_four, key.set_by.name if key.set_by else "", key.set_at) if key else None,
        may_edit=may_edit,
        may_set_key=may(standing, "destinations:key:write", path),
        may_open=may_edit and may_open(row),
        may_suspend=may_halt and may_move(row.state, DestinationState.SUSPENDED),
    )


def destination_row(ref_or_id: str | UUID, *, at: datetime) -> DestinationRow:
    """Return one destination with its terms in force, for the areas above.

    Raises:
        NotFound: "no_such_destination".
    """
    key = _as_id(ref_or_id)
    wanted = Q(ref=str(ref_or_id)) if key is None else Q(pk=key)
    found = _rows(Destination.objects.filter(wanted), at).first()
    if found is None:
        raise NotFound("no_such_destination", "There is no such destination.", field="destination")
    return DestinationRow.of(found)


def open_destinations(*, at: datetime) -> list[DestinationRow]:
    """Return every open destination that has terms in force, by title: what a request can choose from."""
    found = _rows(Destination.objects.filter(state=DestinationState.OPEN), at).order_by("title", "id")
    return [row for each in found if (row := DestinationRow.of(each)).terms]


def terms_in_force(destination_id: UUID, *, at: datetime) -> Terms:
    """Return the terms that hold at `at`.

    Raises:
        NotFound: "no_terms".
    """
    found = Terms.objects.filter(destination_id=destination_id, in_force_from__lte=at).order_by("-version").first()
    if found is None:
        raise NotFound("no_terms", "This destination has no terms yet.")
    return found


def providers() -> list[tuple[UUID, str]]:
    """Return id and name of every provider, by name."""
    return list(Provider.objects.order_by("name").values_list("pk", "name"))


def prices_of(destination_id: UUID) -> list[PriceRow]:
    """Return the prices of a destination, those to come and those of the past among them, the newest first."""
    found = Price.objects.filter(destination=destination_id).select_related("set_by")
    return [
        PriceRow(
            each.pk,
            each.model,
            each.price_in,
            each.price_out,
            each.in_force_from,
            each.set_by.name if each.set_by else "Remit",
        )
        for each in found.order_by("-in_force_from", "-id")
    ]


def authorize_for_all(by: Actor, permission: str) -> None:
    """Do nothing when the actor holds the permission for the whole organisation.

    Raises:
        NotAllowed: otherwise.
    """
    root = root_unit()
    authorize(by, permission, root.path if root else None)


def locked_destination(destination_id: UUID) -> Destination:
    """Return the row, locked until the end of the transaction.

    Raises:
        NotFound: "no_such_destination".
    """
    found = Destination.objects.select_for_update().filter(pk=destination_id).first()
    if found is None:
        raise NotFound("no_such_destination", "There is no such destination.", field="destination")
    return found


def may_open(row: DestinationRow) -> Verdict:
    """A destination opens only once its terms are known."""
    if row.terms is None:
        return Denied("no_terms", "Nobody has written down this destination's terms.", remedy="Set the terms first.")
    return may_move(row.state, DestinationState.OPEN)


def _rows(found: QuerySet[Destination], at: datetime) -> QuerySet[Destination]:
    in_force = Terms.objects.filter(in_force_from__lte=at).order_by("-version")
    key = ProviderKey.objects.filter(destination=OuterRef("pk"), replaced_at=None)
    return (
        found.select_related("provider")
        .annotate(has_key=Exists(key))
        .prefetch_related(Prefetch("terms", queryset=in_force, to_attr="in_force"))
    )


def _cleared(found: QuerySet[Destination], classification: str, at: datetime) -> QuerySet[Destination]:
    if classification not in list(Classification):
        raise Invalid("unknown_classification", f"Choose one of: {', '.join(Classification)}.", field="cleared_for")
    enough = [each for each in Classification if each.height >= Classification(classification).height]
    in_force = Terms.objects.filter(destination=OuterRef("pk"), in_force_from__lte=at).order_by("-version")
    return found.annotate(clears=Subquery(in_force.values("cleared_for")[:1])).filter(clears__in=enough)


def _order(sort: str) -> tuple[str, ...]:
    if sort not in SORTS:
        raise Invalid("unknown_sort", f"Sort by one of: {', '.join(SORTS)}.", field="sort")
    return SORTS[sort]


def _as_id(ref_or_id: str | UUID) -> UUID | None:
    if isinstance(ref_or_id, UUID):
        return ref_or_id
    try:
        return UUID(ref_or_id)
    except ValueError:
        return None
