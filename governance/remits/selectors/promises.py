"""What an initiative has promised of human oversight."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from governance.remits.models import Grant, Remit
from governance.remits.promise import Promise, parse_promise, promises_less
from governance.remits.rules import OVERSIGHT_SHORT, GrantState, RemitState


def promise_of(initiative_id: UUID) -> Promise | None:
    """Return the figures that the remit in force promises, None when there are none."""
    remit = remit_in_force(initiative_id)
    return promise_in(remit.body) if remit else None


def promise_in(body: Mapping[str, Any]) -> Promise | None:
    """Return the figures in one version's body, or in a draft's."""
    figures = body.get("oversight")
    return parse_promise(figures, "oversight") if figures else None


def remit_in_force(initiative_id: UUID) -> Remit | None:
    """Return the approved remit, never that of a sandbox: nothing was promised for trying out."""
    return Remit.objects.filter(initiative_id=initiative_id, sandbox=False, state=RemitState.APPROVED).first()


def resting_for_oversight(initiative_id: UUID) -> QuerySet[Grant]:
    """Return the grants that rest because people looked at less than was promised, whatever else they rest for."""
    resting = Grant.objects.filter(initiative_id=initiative_id, state=GrantState.SUSPENDED)
    return resting.filter(rests_because__contains=[OVERSIGHT_SHORT])


def is_trusted(initiative_id: UUID, promised: Promise | None) -> bool:
    """Say whether a pattern may decide on a version that promises `promised`: never less than before, nor while anything rests."""
    return not promises_less(promise_of(initiative_id), promised) and not resting_for_oversight(initiative_id).exists()
