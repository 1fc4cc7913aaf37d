"""What Claims may spend: a budget of the unit, one of its letters, calls a minute, and the price of a model that changes."""

from datetime import timedelta
from typing import Any

from governance.core.actors import INSTALLER
from governance.destinations.models import Destination
from governance.destinations.services import set_price
from governance.gateway.limits import LimitKind, LimitScope, Period
from governance.gateway.services.limits import set_limit
from governance.initiatives.models import Initiative
from governance.stack.story.cast import Cast
from governance.stack.story.destinations import STAND_IN
from governance.stack.story.titles import CODE, LETTERS

EURO = 1_000_000
HEAD, ADMIN = "hugo", "paul"


def set_limits(cast: Cast, initiatives: dict[str, Initiative]) -> None:
    """Let the head of Claims look after the money, and a policy admin write prices down."""
    by, at = cast.actor(HEAD), cast.calendar.day(15)
    monthly: dict[str, Any] = {"scope": LimitScope.INITIATIVE, "kind": LimitKind.COST, "period": Period.MONTH}
    set_limit(**monthly, target=initiatives[LETTERS].code, amount=400 * EURO, by=by, at=at)
    a_minute: dict[str, Any] = {"scope": LimitScope.INITIATIVE, "kind": LimitKind.CALLS, "period": Period.MINUTE}
    set_limit(**a_minute, target=initiatives[CODE].code, amount=60, by=INSTALLER, at=at)
    claims: dict[str, Any] = {"scope": LimitScope.UNIT, "kind": LimitKind.COST, "period": Period.MONTH}
    set_limit(**claims, target=cast.units["claims"].ref, amount=2_000 * EURO, by=INSTALLER, at=at)
    place, by = Destination.objects.get(ref=STAND_IN), cast.actor(ADMIN)
    for begins, price_in, price_out in ((at, 2, 8), (cast.calendar.told_at + timedelta(days=30), 1.5, 6)):
        costs: dict[str, Any] = {"price_in": int(price_in * EURO), "price_out": int(price_out * EURO)}
        set_price(destination_id=place.pk, model="", **costs, in_force_from=begins, by=by, at=at)
