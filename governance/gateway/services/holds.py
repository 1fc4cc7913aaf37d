"""What two people are told of and decide about a held request, the right to send it once that comes of it, and its end by time. Called by web and clock."""

from collections import defaultdict
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
from governance.notices.services import notify
from governance.organisation.selectors import authorize, who_may
from governance.scanning.models import Hold
from governance.scanning.rules import HoldAct, HoldState
from governance.scanning.services import act_on_hold, end_hold
from governance.work.batches import each_row

PERMISSION = {
    HoldAct.REVEAL: "scanning:hold:reveal",
    HoldAct.RELEASE: "scanning:hold:release",
    HoldAct.DISCARD: "scanning:hold:release",
}
SUBJECT = "exchange:"
MOST_ENDED = 200
MOST_TOLD = 500


@transaction.atomic
def decide_held(*, exchange_id: UUID, act: HoldAct, reason: str, by: Actor, at: datetime) -> HoldState:
    """Reveal, release or discard a held request. The second person's release lets exactly this request pass once.

    Raises:
        NotFound: `no_such_hold`.
        NotAllowed: `own_request`, `already_released`, `hold_over`, or no permission.
        Invalid: `reason_too_short`.
    """
    exchange = _locked(exchange_id)
    if exchange is None or exchange.unit is None or exchange.initiative_id is None:
        raise NotFound("no_such_hold", "There is no such held request.")
    authorize(by, PERMISSION[act], exchange.unit.path)
    sender = exchange.key.made_by_id if exchange.key else None
    held = act_on_hold(subject=f"{SUBJECT}{exchange.pk}", act=act, reason=reason, sender=sender, by=by, at=at)
    if held.state == HoldState.RELEASED:
        _let_pass(exchange, exchange.initiative_id, by=by, at=at)
        _erase(held)
    elif held.state == HoldState.DISCARDED:
        _discard(exchange, held, "security discarded it", by=by, at=at)
    return HoldState(held.state)


def tell_of_holds(*, by: Actor, at: datetime) -> int:
    """Tell those who can release them of the held requests that are new, once for all of one initiative. Return of how many."""
    new = Hold.objects.filter(state=HoldState.HELD, told_at=None, expires_at__gt=at, subject__startswith=SUBJECT)
    subjects = new.order_by("held_at", "pk").values_list("subject", flat=True)[:MOST_TOLD]
    keys = [UUID(subject.removeprefix(SUBJECT)) for subject in subjects]
    of_each: defaultdict[UUID | None, list[UUID]] = defaultdict(list)
    for key, initiative in Exchange.objects.filter(pk__in=keys).order_by("at", "pk").values_list("pk", "initiative"):
        of_each[initiative].append(key)
    return each_row("tell_of_holds", [(each,) for each in of_each.values()], lambda row: _tell_of(row[0], by=by, at=at))


@transaction.atomic
def _tell_of(keys: list[UUID], *, by: Actor, at: datetime) -> int:
    told = Hold.objects.filter(subject__in=[f"{SUBJECT}{key}" for key in keys], told_at=None).update(told_at=at)
    exchanges = list(Exchange.objects.filter(pk__in=keys).select_related("unit", "key", "initiative"))
    first = exchanges[0]
    if not told or first.unit is None or first.initiative is None:
        return 0
    senders = {each.key.made_by_id for each in exchanges if each.key}
    alone = senders if len(senders) == 1 else set()  # who made the only key that sent them decides about none
    people = {each.id for each in who_may(PERMISSION[HoldAct.RELEASE], first.unit.path)} - alone
    title, one = first.initiative.title, len(keys) == 1
    text = f"A request of {title} waits for two people." if one else f"{told} requests of {title} wait for two people."
    link = f"/exchanges/{first.pk}/hold/" if one else "/reviews/"
    notify(people=people, kind="gateway.hold_waits", text=text, link=link, by=by, at=at)
    return told


def end_holds(*, by: Actor, at: datetime) -> int:
    """End the held requests that nobody decided about in time: their sealed copies go. Return how many."""
    over = Hold.objects.filter(state=HoldState.HELD, expires_at__lte=at, subject__startswith=SUBJECT)
    rows = over.order_by("expires_at", "pk").values_list("subject")[:MOST_ENDED]
    return each_row("end_holds", list(rows), lambda row: _end(row[0], by=by, at=at))


@transaction.atomic
def _end(subject: str, *, by: Actor, at: datetime) -> bool:
    exchange = _locked(UUID(subject.removeprefix(SUBJECT)))
    held = end_hold(subject=subject, by=by, at=at)
    if exchange is None or held is None:
        return False
    _discard(exchange, held, "nobody decided about it in time", by=by, at=at)
    return True


def _locked(exchange_id: UUID) -> Exchange | None:
    found = Exchange.objects.select_for_update(of=("self",)).select_related("unit", "key", "initiative")
    return found.filter(pk=exchange_id).first()


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
    subject, path = f"{SUBJECT}{exchange.pk}", exchange.unit.path
    record(EventKind.EXCHANGE_RELEASED, subject=subject, by=by, at=at, unit_path=path)
    said = "was released: exactly the same passes once within a day."
    _tell(exchange, "gateway.hold_released", said, by=by, at=at)


def _discard(exchange: Exchange, held: Hold, why: str, *, by: Actor, at: datetime) -> None:
    _move(exchange, ExchangeState.DISCARDED)
    subject, path = f"{SUBJECT}{exchange.pk}", exchange.unit.path if exchange.unit else ""
    record(EventKind.EXCHANGE_DISCARDED, subject=subject, by=by, at=at, unit_path=path)
    _erase(held)
    _tell(exchange, "gateway.hold_discarded", f"does not leave: {why}.", by=by, at=at)


def _erase(held: Hold) -> None:
    """Remove the sealed copy: once it is decided nobody reads it any more, and its digest is enough to know it again."""
    transaction.on_commit(lambda: held_folder().delete(held.storage_ref))


def _tell(exchange: Exchange, kind: str, said: str, *, by: Actor, at: datetime) -> None:
    """Tell whoever made the key that wanted to send it."""
    if exchange.key is None or exchange.initiative is None:
        return
    text = f"What {exchange.initiative.title} wanted to send {said}"
    notify(people={exchange.key.made_by_id}, kind=kind, text=text, link=f"/exchanges/{exchange.pk}/", by=by, at=at)


def _move(exchange: Exchange, to: ExchangeState) -> None:
    exchange.state = to
    exchange.save(update_fields=["state"])
