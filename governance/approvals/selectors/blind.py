"""Blind review: until every seat of a blind stage has spoken, nobody sees what another said there."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from governance.approvals.models import Candidate, Comment, Decision, Request, Slot, Stage
from governance.approvals.rules import LIVE_STAGE


def is_sealed(stage: Stage) -> bool:
    """Return whether somebody has still to speak in this blind stage."""
    unheard = Slot.objects.filter(stage=stage, carried=None, decisions=None)
    return stage.blind and unheard.exists()


def sealed_stages(request_id: UUID) -> list[UUID]:
    """Return the blind stages of a request that are not finished.

    A list: asked within a larger question, the database would look through the stages of the whole organisation.
    """
    blind = Stage.objects.filter(revision__request_id=request_id, blind=True, state__in=sorted(LIVE_STAGE))
    return list(blind.order_by("pk").values_list("pk", flat=True))


def sealed_among(stages: Iterable[Stage]) -> list[UUID]:
    """Return the same of `stages`, all those of a request, that have been read."""
    return [stage.pk for stage in stages if stage.blind and stage.state in LIVE_STAGE]


def is_shown(decision: Decision, reader: UUID, sealed: Sequence[UUID]) -> bool:
    """Say whether `reader` may see a decision: not what others said in the `sealed` stages."""
    return decision.actor_id == reader or decision.slot.stage_id not in sealed


def comments_shown(request: Request, reader: UUID, sealed: Sequence[UUID]) -> QuerySet[Comment]:
    """Return the remarks that `reader` may see: not those of another reviewer in the `sealed` stages.

    The requester sees them all, to answer; a reviewer's question must reach somebody.
    """
    remarks = Comment.objects.filter(request=request)
    seats = Candidate.objects.filter(slot__stage__in=sealed)
    if not sealed or not seats.filter(person_id=reader).exists():
        return remarks
    beside = seats.filter(person_id=OuterRef("author_id"), slot__stage__opened_at__lte=OuterRef("at"))
    return remarks.filter(Q(author_id=reader) | Q(author_id=F("request__requester_id")) | ~Exists(beside))
