"""Limits, what is used, and prices: how many calls, tokens and how much money."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape, whole
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.destinations import selectors as destinations
from governance.destinations.services import set_price
from governance.gateway.limits import MOST, LimitKind, LimitScope, Period, period_end, period_start
from governance.gateway.selectors import limits as selectors
from governance.gateway.services import limits as services
from governance.insights.usage import usage

READ, EDIT, USAGE = "gateway:limit:read", "gateway:limit:edit", "insights:usage:read"
PRICED, PRICE = "destinations:destination:read", "destinations:destination:edit"
LARGEST_PRICE = 10**12
AMOUNT = "Calls a minute, tokens, or micro-euro."


class LimitOut(Out):
    id = serializers.UUIDField()
    scope = serializers.ChoiceField(list(LimitScope))
    target = serializers.CharField(source="ref", help_text="Id of the key or unit, code of the initiative.")
    title = serializers.CharField()
    kind = serializers.ChoiceField(list(LimitKind))
    period = serializers.ChoiceField(list(Period))
    amount = serializers.IntegerField(help_text=AMOUNT)
    spent = serializers.IntegerField(help_text="Of a budget, in this period; of calls always 0.")
    reserved = serializers.IntegerField(help_text="Set aside for calls under way.")
    until = serializers.DateTimeField(allow_null=True, help_text="When the period ends; null for a minute.")
    set_by = serializers.CharField()
    set_at = serializers.DateTimeField()
    revision = serializers.IntegerField()


class LimitsAsk(ListAsk):
    scope = serializers.ChoiceField(list(LimitScope), required=False)
    kind = serializers.ChoiceField(list(LimitKind), required=False)


class LimitIn(In):
    scope = serializers.ChoiceField(list(LimitScope))
    target = Text(
        max_length=200, help_text="Id or beginning of a key, code of an initiative, id or reference of a unit."
    )
    kind = serializers.ChoiceField(list(LimitKind))
    period = serializers.ChoiceField(list(Period), help_text="Calls: minute. Tokens and cost: day or month, of UTC.")
    amount = serializers.IntegerField(min_value=1, max_value=MOST, help_text=AMOUNT)


class LimitChangeIn(In):
    amount = serializers.IntegerField(min_value=1, max_value=MOST, help_text=AMOUNT)
    revision = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class UsageOut(Out):
    initiative = serializers.CharField()
    title = serializers.CharField()
    unit_name = serializers.CharField(source="unit")
    destination = serializers.CharField()
    model = serializers.CharField()
    calls = serializers.IntegerField()
    refused = serializers.IntegerField()
    tokens_in = serializers.IntegerField()
    tokens_out = serializers.IntegerField()
    cost = serializers.IntegerField(help_text="Micro-euro.")
    unpriced = serializers.IntegerField(help_text="Calls that are not in the cost: nobody knew their price or tokens.")


class UsageAsk(ListAsk):
    month = serializers.RegexField(
        r"^20\d\d-(0[1-9]|1[0-2])$", required=False, help_text="YYYY-MM, in UTC; this month."
    )
    initiative = Text(max_length=200, required=False, help_text="The code of one initiative.")


class PriceOut(Out):
    model = serializers.CharField(help_text="Empty: every model without a price of its own.")
    price_in = serializers.IntegerField(help_text="Micro-euro per million tokens sent.")
    price_out = serializers.IntegerField(help_text="Micro-euro per million tokens answered.")
    in_force_from = serializers.DateTimeField()
    set_by = serializers.CharField()


class PriceIn(In):
    model = Text(max_length=200, required=False, help_text="One of the destination's; left out for all others.")
    price_in = serializers.IntegerField(min_value=0, max_value=LARGEST_PRICE)
    price_out = serializers.IntegerField(min_value=0, max_value=LARGEST_PRICE)
    in_force_from = serializers.DateTimeField(required=False, help_text="Now, when left out.")


class Limits(Endpoint):
    @reads(READ, asks=LimitsAsk, gives=page_shape(LimitOut), says="Limits in force that the caller may see.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.limits, LimitOut, standing=caller.standing, at=now())

    @writes(EDIT, takes=LimitIn, gives=LimitOut, status=201, says="Limit what a key, an initiative or a unit uses.")
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        kinds = {"kind": LimitKind(body["kind"]), "period": Period(body["period"])}
        told = {"scope": LimitScope(body["scope"]), "target": body["target"], "amount": body["amount"], **kinds}
        made = services.set_limit(**told, by=caller.actor, at=now())
        return _shown(made.pk, caller)


class Limit(Endpoint):
    @reads(READ, gives=LimitOut, says="One limit, and how much of it is used.")
    def get(self, caller: Caller, ask: dict[str, Any], limit: UUID) -> Response:
        return _shown(limit, caller)

    @writes(EDIT, takes=LimitChangeIn, gives=LimitOut, says="Raise or lower it: it counts from the next call on.")
    def put(self, caller: Caller, body: dict[str, Any], limit: UUID) -> Response:
        services.change_limit(limit_id=limit, **body, by=caller.actor, at=now())
        return _shown(limit, caller)

    @writes(EDIT, says="End it.")
    def delete(self, caller: Caller, body: dict[str, Any], limit: UUID) -> Response:
        services.end_limit(limit_id=limit, by=caller.actor, at=now())
        return Response()


class Usage(Endpoint):
    @reads(USAGE, asks=UsageAsk, gives=page_shape(UsageOut), says="What was used in a month, the dearest first.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        month = ask.pop("month", "")
        since = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC) if month else period_start(Period.MONTH, now())
        period = {"since": since, "until": period_end(Period.MONTH, since)}
        return listed(ask, usage, UsageOut, standing=caller.standing, **period)


class Prices(Endpoint):
    @reads(PRICED, asks=ListAsk, gives=page_shape(PriceOut), says="Prices of a destination, past, present and to come.")
    def get(self, caller: Caller, ask: dict[str, Any], ref: str) -> Response:
        return whole(ask, destinations.prices_of(destinations.destination_row(ref, at=now()).id), PriceOut)

    @writes(PRICE, takes=PriceIn, gives=PriceOut, status=201, says="Write down what a model costs from a moment on.")
    def post(self, caller: Caller, body: dict[str, Any], ref: str) -> Response:
        row, at = destinations.destination_row(ref, at=now()), now()
        dated = {"in_force_from": body.get("in_force_from"), "model": body.get("model", "")}
        costs = {"price_in": body["price_in"], "price_out": body["price_out"]}
        made = set_price(destination_id=row.id, **dated, **costs, by=caller.actor, at=at)
        return Response(PriceOut(next(each for each in destinations.prices_of(row.id) if each.id == made.pk)).data)


def _shown(limit_id: UUID, caller: Caller) -> Response:
    return Response(LimitOut(selectors.limit(limit_id, standing=caller.standing, at=now())).data)
