"""What two people decide about a held request, and the right to send it once that comes of it. Called by the web process."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import NotAllowed, NotFound
from governance.gateway.held_copies import held_folder
from governance.gateway.models import Exchange, Release
from governance.gateway.rules import RELEASE_LIFE, ExchangeState
from governance.organisation.selectors import authorize
from governance.scanning.rules import HoldAct, HoldState
from governance.scanning.services import act_on_hold

PERMISSION = {
    HoldAct.REVEAL: "scanning:hold:reveal",
    HoldAct.RELEASE: "scanning:hold:release",
    HoldAct.DISCARD: "scanning:hold:release",
}


@transaction.atomic
def decide_held(*, exchange_id: UUID, act: HoldAct, reason: str, by: Actor, at: datetime) -> HoldState:
    """Reveal, release or discard a held request. The second person's release lets exactly this request pass once.

    Raises:
        NotFound: `no_such_hold`.
        NotAllowed: `own_request`, `already_released`, `hold_over`, or no permission.
        Invalid: `reason_too_short`.
    """
    exchange = (
        Exchange.objects.select_for_update(of=("self",)).select_related("unit", "key").filter(pk=exchange_id).first()
    )
    if exchange is None or exchange.unit is None or exchange.initiative_id is None:
        raise NotFound("no_such_hold", "There is no such held request.")
    authorize(by, PERMISSION[act], exchange.unit.path)
    sender = exchange.key.made_by_id if exchange.key else None
    held = act_on_hold(subject=f"exchange:{exchange.pk}", act=act, reason=reason, sender=sender, by=by, at=at)
    if held.state == HoldState.RELEASED:
        _let_pass(exchange, exchange.initiative_id, by=by, at=at)
    elif held.state == HoldState.DISCARDED:
        _move(exchange, ExchangeState.DISCARDED)
        transaction.on_commit(lambda: held_folder().delete(held.storage_ref))
    return HoldState(held.state)


def _let_pass(exchange: Exchange, initiative: UUID, *, by: Actor, at: datetime) -> None:
    if exchange.keyed_digest is None or exchange.unit is None:
        raise NotAllowed("hold_over", "This request cannot be released: nothing would know it again.")
    Release.objects.create(
        exchange=exchange,
        initiative_id=initiative,
        keyed_digest=bytes(exchange.keyed_digest),
        made_at=at,
        expires_at=at + RELEASE_LIFE,
    )
    _move(exchange, ExchangeState.RELEASED)
    subject, path = f"exchange:{exchange.pk}", exchange.unit.path
    record(EventKind.EXCHANGE_RELEASED, subject=subject, by=by, at=at, unit_path=path)


def _move(exchange: Exchange, to: ExchangeState) -> None:
    exchange.state = to
    exchange.save(update_fields=["state"])
