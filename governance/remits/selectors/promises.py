"""What an initiative has promised of human oversight."""

from uuid import UUID

from governance.remits.models import Remit
from governance.remits.promise import Promise, parse_promise
from governance.remits.rules import RemitState


def promise_of(initiative_id: UUID) -> Promise | None:
    """Return the figures that the remit in force promises, None when there are none."""
    remit = remit_in_force(initiative_id)
    return promise_in(remit) if remit else None


def promise_in(remit: Remit) -> Promise | None:
    """Return the figures of one version."""
    figures = remit.body.get("oversight")
    return parse_promise(figures, "oversight") if figures else None


def remit_in_force(initiative_id: UUID) -> Remit | None:
    """Return the approved remit, never that of a sandbox: nothing was promised for trying out."""
    return Remit.objects.filter(initiative_id=initiative_id, sandbox=False, state=RemitState.APPROVED).first()
