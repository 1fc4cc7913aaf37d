"""What destinations promise, version by version."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.canonical import digest
from governance.core.errors import Conflict, Invalid
from governance.core.verdict import require
from governance.core.vocabulary import Hosting
from governance.destinations.models import Destination, Terms
from governance.destinations.rules import TermsFacts, may_set_terms
from governance.destinations.selectors import authorize_for_all, locked_destination
from governance.work.consequences import follow


@transaction.atomic
def set_terms(
    *,
    destination_id: UUID,
    retention_days: int,
    trains_on_inputs: bool,
    weights_owner: str,
    cleared_for: str,
    by: Actor,
    at: datetime,
    price_in: int | None = None,
    price_out: int | None = None,
    contract: str = "",
) -> Terms:
    """Put a new version of the terms in force. Grants made under the earlier one are re-opened by those who hold them.

    Prices are in micro-euro per million tokens.

    Raises:
        Invalid: what the rules forbid, with the rule's code. Conflict: "terms_unchanged". NotAllowed: the actor may not.
    """
    authorize_for_all(by, "destinations:destination:edit")
    destination = locked_destination(destination_id)
    facts = TermsFacts(
        retention_days, trains_on_inputs, weights_owner, cleared_for, price_in, price_out, contract.strip()
    )
    require(may_set_terms(facts, Hosting(destination.hosting)), Invalid)
    before = destination.terms.order_by("-version").first()
    stated = _terms_digest(destination, facts)
    if before and before.digest == stated:
        raise Conflict("terms_unchanged", "These are the terms that are already in force.")
    terms = destination.terms.create(
        version=before.version + 1 if before else 1, digest=stated, in_force_from=at, **asdict(facts)
    )
    record(
        EventKind.TERMS_SET,
        subject=f"destination:{destination.pk}",
        by=by,
        at=at,
        version=terms.version,
        digest=terms.digest,
        cleared_for=cleared_for,
    )
    if before:
        follow("destinations.terms_changed", destination_id=destination.pk, terms_id=terms.pk, by=by, at=at)
    return terms


def _terms_digest(destination: Destination, facts: TermsFacts) -> str:
    """Return the digest that approvals bind to. It names the place too: the same promise elsewhere is another one."""
    place = {"destination": destination.ref, "region": destination.region, "hosting": destination.hosting}
    return digest(place | {"base_url": destination.base_url} | asdict(facts))
