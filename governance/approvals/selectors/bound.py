"""The conditions that people tied to their yes."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from governance.approvals.attached import attached_of
from governance.approvals.binding import Binding, parse_binding, strictest
from governance.approvals.models import Decision, Request, Revision, Slot
from governance.approvals.rules import DecisionKind
from governance.approvals.selectors.blind import sealed_stages
from governance.approvals.selectors.seats import latest_revision
from governance.organisation.selectors import time_zone_of


def counting_among(
    made: Iterable[Decision], revision: Revision, slots: Iterable[Slot], sealed: Sequence[UUID]
) -> list[Decision]:
    """Return the same as bindings_in of the decisions `made` on a request; `slots` are those of `revision`."""
    carried = {slot.carried_id for slot in slots}
    yes = (each for each in made if each.kind == DecisionKind.APPROVE and each.conditions)
    here = (each for each in yes if each.revision_id == revision.pk or each.pk in carried)
    return [each for each in here if each.slot.stage_id not in sealed]


def bindings_in(revision: Revision, sealed: Sequence[UUID]) -> list[Decision]:
    """Return the approvals that count in `revision` and have conditions tied to them, in the order they were given.

    Without those in the `sealed` stages: a condition would tell that somebody said yes.
    """
    counting = Decision.objects.filter(kind=DecisionKind.APPROVE).exclude(conditions={})
    counting = counting.exclude(slot__stage__in=sealed).order_by().select_related("actor")
    given = counting.filter(revision=revision)
    carried = counting.filter(pk__in=Slot.objects.filter(stage__revision=revision).values("carried"))
    return list(given.union(carried).order_by("at", "id"))


def bound_in(requests: Collection[UUID]) -> dict[UUID, list[Binding]]:
    """Return what was tied to the yes to each of `requests` in its newest revision, for those that came to an end."""
    if not requests:
        return {}
    asked = Revision.objects.filter(request__in=requests).order_by("request_id", "-number")
    newest = asked.distinct("request_id").values("pk")
    given = Decision.objects.filter(revision__in=newest, kind=DecisionKind.APPROVE).exclude(conditions={}).order_by()
    carried = Slot.objects.filter(stage__revision__in=newest, carried__kind=DecisionKind.APPROVE)
    carried = carried.exclude(carried__conditions={}).order_by()
    found: dict[UUID, list[Binding]] = {}
    rows = given.values_list("request_id", "conditions")
    beside = carried.values_list("carried__request_id", "carried__conditions")
    for request, conditions in rows.union(beside, all=True):
        found.setdefault(request, []).append(parse_binding(conditions))
    return found


def binding_of(subject_kind: str, subject_id: UUID) -> Binding:
    """Return what was tied to the approval of a subject as it was last asked, by rule or by people, the strictest."""
    asked = Request.objects.filter(subject_kind=subject_kind, subject_id=subject_id).select_related("unit")
    request = asked.order_by("-number").first()
    if request is None:
        return Binding()
    revision = latest_revision(request)
    zone = ZoneInfo(time_zone_of(request.unit))
    begins_on = (request.decided_at or revision.made_at).astimezone(zone).date()
    sealed = sealed_stages(request.pk)
    by_rule = [attached_of(each).binding(begins_on) for each in revision.attached]
    return strictest([*by_rule, *(parse_binding(decision.conditions) for decision in bindings_in(revision, sealed))])
