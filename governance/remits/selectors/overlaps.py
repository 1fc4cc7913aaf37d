"""What initiatives use, gathered from their remits, and which of them are near a purpose. Comparing is initiatives' rule."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from governance.catalogue.models import Dataset
from governance.catalogue.rules import BUILT_IN_REF
from governance.destinations.models import Destination
from governance.initiatives.models import Initiative
from governance.initiatives.rules.overlaps import Described, Resemblance, resemblance, terms_of
from governance.initiatives.selectors import visible_ids
from governance.initiatives.selectors.overlaps import OverlapSide, nearest, running, side_of
from governance.organisation.permissions import Standing
from governance.remits.models import Remit
from governance.remits.rules import RemitState

MOST_SIMILAR = 5
TOLD = [RemitState.DRAFT, RemitState.SUBMITTED, RemitState.APPROVED]  # what is used, asked for or planned


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """An initiative near a purpose that somebody is writing down. No shared words of what they may not read."""

    side: OverlapSide
    resemblance: Resemblance


def described(initiatives: Collection[Initiative]) -> dict[UUID, Described]:
    """Return what each says and uses by its newest version that is planned, asked for or in force: three queries."""
    bodies = _bodies(initiatives)
    grants = [grant for body in bodies.values() for grant in body.get("grants", [])]
    data = _titles(Dataset, {grant.get("dataset", "") for grant in grants} - {BUILT_IN_REF})
    places = _titles(Destination, {grant.get("destination", "") for grant in grants})
    return {each.pk: _described(each, bodies.get(each.pk, {}), data, places) for each in initiatives}


def uses_of(ids: Collection[UUID]) -> dict[UUID, Described]:
    """Return what each of `ids` says and uses, ended or not."""
    return described(list(Initiative.objects.filter(pk__in=ids).order_by("pk")))


def _bodies(initiatives: Collection[Initiative]) -> dict[UUID, dict[str, Any]]:
    found = Remit.objects.filter(initiative__in=[each.pk for each in initiatives], sandbox=False, state__in=TOLD)
    # Later rows replace earlier ones: the newest version is what the initiative is up to.
    return dict(found.order_by("version", "pk").values_list("initiative_id", "body"))


def _titles(model: type[Dataset] | type[Destination], refs: set[str]) -> dict[str, str]:
    return dict(model.objects.filter(ref__in=refs).values_list("ref", "title"))


def _described(initiative: Initiative, body: dict[str, Any], data: dict[str, str], places: dict[str, str]) -> Described:
    grants = body.get("grants", [])
    return Described(
        terms=terms_of(initiative.title, initiative.purpose_text),
        # A draft names a technique before anybody chose one, so it counts with the first right that is asked for.
        purposes=frozenset(filter(None, [body.get("purpose")])),
        techniques=frozenset(filter(None, [body.get("technique")])) if grants else frozenset(),
        datasets={ref: data[ref] for ref in (grant.get("dataset", "") for grant in grants) if ref in data},
        destinations={ref: places[ref] for ref in (grant.get("destination", "") for grant in grants) if ref in places},
    )


def likely_overlaps(initiative: Initiative) -> dict[UUID, Resemblance]:
    """Return the initiatives that seem to do the same, at most MOST_SIMILAR, the likeliest first."""
    found = running(nearest(terms_of(initiative.title, initiative.purpose_text), but=initiative.pk))
    about = described([initiative, *found.values()])
    return _likeliest(about.pop(initiative.pk), about)


def similar_initiatives(
    *, title: str, purpose_text: str, purpose: str, standing: Standing, but: UUID | None = None
) -> list[SimilarRow]:
    """Return what already does something near this purpose, the likeliest first, whoever's it is.

    Of an initiative that the reader may not see only title, unit and whom to talk to.
    """
    asked = Described(terms=terms_of(title, purpose_text), purposes=frozenset(filter(None, [purpose])))
    found = running(nearest(asked.terms, but=but))
    likeliest = _likeliest(asked, described(list(found.values())))
    seen = set(visible_ids(standing).filter(pk__in=likeliest))
    return [
        SimilarRow(side_of(found[ref], visible=ref in seen), alike if ref in seen else replace(alike, words=()))
        for ref, alike in likeliest.items()
    ]


def _likeliest(asked: Described, others: dict[UUID, Described]) -> dict[UUID, Resemblance]:
    alike = {ref: resemblance(asked, other) for ref, other in others.items()}
    likely = sorted((ref for ref in alike if alike[ref].is_likely), key=lambda ref: (-alike[ref].score, ref))
    return {ref: alike[ref] for ref in likely[:MOST_SIMILAR]}
