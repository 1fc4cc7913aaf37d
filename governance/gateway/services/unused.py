"""Grants by which nothing was sent for long: their owners are asked whether they are still needed."""

from datetime import datetime

from governance.core.actors import Actor
from governance.gateway.selectors.unused import unused_grants
from governance.remits.services import propose_lapse


def propose_unused(*, by: Actor, at: datetime) -> int:
    """Ask about every grant unused for GRANT_UNUSED_DAYS; one that its owner kept is left alone for as long again."""
    return propose_lapse(grant_ids=unused_grants(at=at), by=by, at=at)
