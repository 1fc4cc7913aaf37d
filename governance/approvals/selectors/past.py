"""Requests as they were asked, for a replay."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils.module_loading import import_string

from governance.approvals.models import Request, Revision
from governance.approvals.replaying import Past
from governance.approvals.selectors.workflows import definition_of
from governance.approvals.shipped import own_kinds

AT_A_TIME = 500


def count_past(last: int) -> int:
    """Return how many requests there are to replay, `last` at most. Those that have rules of their own are not among them."""
    return len(Request.objects.exclude(subject_kind__in=own_kinds()).values_list("pk")[:last])


def past_requests(last: int, *, at: datetime) -> Iterator[Past]:
    """Yield the last requests, newest first, each with what it stated in its newest version; never all at once."""
    numbers = list(
        Request.objects.exclude(subject_kind__in=own_kinds())
        .order_by("-number")
        .values_list("number", flat=True)[:last]
    )
    for start in range(0, len(numbers), AT_A_TIME):
        yield from _some(numbers[start : start + AT_A_TIME], at=at)


def _some(numbers: list[int], *, at: datetime) -> list[Past]:
    newest = Revision.objects.filter(request=OuterRef("pk")).order_by("-number")
    found = Request.objects.filter(number__in=numbers).select_related("workflow").order_by("-number")
    requests = list(found.annotate(facts=Subquery(newest.values("facts")[:1])))
    calls = _calls(requests, at)
    return [
        Past(
            id=str(request.pk),
            number=request.number,
            title=request.title,
            facts=getattr(request, "facts"),  # noqa: B009 - an annotation the model's type does not know
            rules=definition_of(request.workflow),
            calls=calls.get(request.subject_id, 0),
        )
        for request in requests
    ]


def _calls(requests: Sequence[Request], at: datetime) -> dict[UUID, int]:
    """Return how many calls left on the strength of each subject's approval, from the areas that know calls."""
    counted: dict[UUID, int] = {}
    for kind, name in settings.APPROVAL_TRAFFIC.items():
        subjects = [request.subject_id for request in requests if request.subject_kind == kind]
        if subjects:
            counted |= import_string(name)(subjects, at=at)
    return counted
