"""What models cost, from a day on. A price changes no promise: grants stay as they are."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid
from governance.core.verdict import require
from governance.destinations.models import Price
from governance.destinations.rules import may_price
from governance.destinations.selectors import authorize_for_all, locked_destination


def set_price(
    *,
    destination_id: UUID,
    model: str,
    price_in: int,
    price_out: int,
    in_force_from: datetime | None,
    by: Actor,
    at: datetime,
) -> Price:
    """Write down what a model costs from `in_force_from` on (None: from now), "" for all that have no price of their own.

    Prices are in micro-euro per million tokens.

    Raises:
        Invalid: `bad_price`, `unknown_model`, `price_in_the_past`. Conflict: `priced_already`. NotAllowed: the actor may not.
    """
    authorize_for_all(by, "destinations:destination:edit")
    begins = in_force_from or at
    try:
        with transaction.atomic():
            destination = locked_destination(destination_id)
            require(may_price(price_in, price_out), Invalid)
            if model and model not in destination.model_names:
                raise Invalid("unknown_model", "This destination has no such model.", field="model")
            if begins < at:
                remedy = "What was counted stays counted; choose today or a later day."
                raise Invalid("price_in_the_past", "A price begins now or later.", field="in_force_from", remedy=remedy)
            dated = {"price_in": price_in, "price_out": price_out, "in_force_from": begins, "set_at": at}
            price = Price.objects.create(destination=destination, model=model, set_by_id=by.person, **dated)
            told: dict[str, Any] = {
                "model": model,
                "price_in": price_in,
                "price_out": price_out,
                "from": begins.isoformat(),
            }
            record(EventKind.PRICE_SET, subject=f"destination:{destination.pk}", by=by, at=at, **told)
    except IntegrityError as twice:
        raise Conflict("priced_already", "A price begins at that moment already.", field="in_force_from") from twice
    return price
