"""Providers, destinations, their versioned terms, and provider keys, which go in and never come out."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.core.vocabulary import Classification, Hosting, WeightsOwner
from governance.destinations import selectors, services
from governance.destinations.rules import DestinationState, Dialect, ReplyCheck
from governance.detection.documents.reading import Opaque

EDIT = "destinations:destination:edit"
LARGEST_PRICE = 10**12
LONGEST_RETENTION = 36_500


class TermsOut(Out):
    version = serializers.IntegerField()
    retention_days = serializers.IntegerField()
    trains_on_inputs = serializers.BooleanField()
    weights_owner = serializers.ChoiceField(list(WeightsOwner))
    cleared_for = serializers.ChoiceField(list(Classification))
    price_in = serializers.IntegerField(allow_null=True, help_text="Micro-euro per million tokens.")
    price_out = serializers.IntegerField(allow_null=True, help_text="Micro-euro per million tokens.")
    contract = serializers.CharField()
    digest = serializers.CharField()
    in_force_from = serializers.DateTimeField()


class DestinationOut(Out):
    id = serializers.UUIDField()
    ref = serializers.CharField()
    title = serializers.CharField()
    provider = serializers.CharField()
    model_names = serializers.ListField(child=serializers.CharField())
    dialect = serializers.ChoiceField(list(Dialect))
    base_url = serializers.CharField()
    region = serializers.CharField()
    hosting = serializers.ChoiceField(list(Hosting))
    cidrs = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(list(DestinationState))
    state_reason = serializers.CharField()
    unread = serializers.ListField(
        child=serializers.ChoiceField(list(Opaque)), help_text="What may go there without having been scanned."
    )
    reply_check = serializers.ChoiceField(list(ReplyCheck), help_text="How answers are checked on their way back.")
    stand_in = serializers.BooleanField()
    has_key = serializers.BooleanField()
    terms = TermsOut(allow_null=True)
    created_at = serializers.DateTimeField()
    revision = serializers.IntegerField()


class DestinationsAsk(ListAsk):
    search = Text(required=False, allow_blank=True, max_length=100)
    dialect = serializers.ChoiceField(list(Dialect), required=False)
    hosting = serializers.ChoiceField(list(Hosting), required=False)
    state = serializers.ChoiceField(list(DestinationState), required=False)
    cleared_for = serializers.ChoiceField(list(Classification), required=False)
    sort = serializers.ChoiceField(list(selectors.SORTS), required=False)


class DestinationIn(In):
    provider = serializers.UUIDField(source="provider_id")
    ref = Text(max_length=48)
    title = Text(max_length=120)
    model_names = serializers.ListField(child=Text(max_length=120), min_length=1, max_length=100)
    dialect = serializers.ChoiceField(list(Dialect))
    base_url = Text(max_length=300)
    region = Text(max_length=40)
    hosting = serializers.ChoiceField(list(Hosting))
    cidrs = serializers.ListField(child=Text(max_length=49), required=False, max_length=50)


class DestinationChangesIn(In):
    revision = serializers.IntegerField(min_value=1)
    title = Text(max_length=120)
    model_names = serializers.ListField(child=Text(max_length=120), min_length=1, max_length=100)


class AnswersIn(In):
    revision = serializers.IntegerField(min_value=1)
    reply_check = serializers.ChoiceField(list(ReplyCheck))


class UnreadIn(In):
    revision = serializers.IntegerField(min_value=1)
    unread = serializers.ListField(child=serializers.ChoiceField(list(Opaque)), max_length=len(Opaque))


class TermsIn(In):
    retention_days = serializers.IntegerField(min_value=0, max_value=LONGEST_RETENTION)
    trains_on_inputs = serializers.BooleanField()
    weights_owner = serializers.ChoiceField(list(WeightsOwner))
    cleared_for = serializers.ChoiceField(list(Classification))
    price_in = serializers.IntegerField(min_value=0, max_value=LARGEST_PRICE, required=False, allow_null=True)
    price_out = serializers.IntegerField(min_value=0, max_value=LARGEST_PRICE, required=False, allow_null=True)
    contract = Text(required=False, allow_blank=True, max_length=300)


class ReasonIn(In):
    reason = Text(max_length=500)


class ProviderKeyIn(In):
    secret = Text(max_length=4096, write_only=True)


class ProviderIn(In):
    name = Text(max_length=120)


class ProviderOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()


class Providers(Endpoint):
    @reads("destinations:destination:read", gives=ProviderOut(many=True), says="All providers.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        rows = [{"id": provider_id, "name": name} for provider_id, name in selectors.providers()]
        return Response(ProviderOut(rows, many=True).data)

    @writes(EDIT, takes=ProviderIn, gives=ProviderOut, status=201, says="Add a provider.")
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        return Response(ProviderOut(services.add_provider(**body, by=caller.actor, at=now())).data)


class Destinations(Endpoint):
    @reads(
        "destinations:destination:read",
        asks=DestinationsAsk,
        gives=page_shape(DestinationOut),
        says="Where data can go, with the terms in force.",
    )
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.destinations, DestinationOut, standing=caller.standing, at=now())

    @writes(EDIT, takes=DestinationIn, gives=DestinationOut, status=201, says="Propose a destination.")
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        proposed = services.propose_destination(**body, by=caller.actor, at=now())
        return _shown(proposed.ref, caller)


class Destination(Endpoint):
    @reads("destinations:destination:read", gives=DestinationOut, says="One destination, by its ref or id.")
    def get(self, caller: Caller, ask: dict[str, Any], ref: str) -> Response:
        return _shown(ref, caller)

    @writes(EDIT, takes=DestinationChangesIn, gives=DestinationOut, says="Change the title or the models.")
    def patch(self, caller: Caller, body: dict[str, Any], ref: str) -> Response:
        row = selectors.destination_row(ref, at=now())
        services.edit_destination(destination_id=row.id, **body, by=caller.actor, at=now())
        return _shown(ref, caller)


class Terms(Endpoint):
    @writes(
        EDIT,
        takes=TermsIn,
        gives=DestinationOut,
        status=201,
        says="Set new terms; what depends on the old is asked again.",
    )
    def post(self, caller: Caller, body: dict[str, Any], ref: str) -> Response:
        row = selectors.destination_row(ref, at=now())
        services.set_terms(destination_id=row.id, **body, by=caller.actor, at=now())
        return _shown(ref, caller)


class Answers(Endpoint):
    @writes(EDIT, takes=AnswersIn, gives=DestinationOut, says="Choose how the answers of a destination are checked.")
    def put(self, caller: Caller, body: dict[str, Any], ref: str) -> Response:
        row = selectors.destination_row(ref, at=now())
        services.set_reply_check(destination_id=row.id, **body, by=caller.actor, at=now())
        return _shown(ref, caller)


class Unread(Endpoint):
    @writes(EDIT, takes=UnreadIn, gives=DestinationOut, says="Choose what may go to a destination without a scan.")
    def put(self, caller: Caller, body: dict[str, Any], ref: str) -> Response:
        row = selectors.destination_row(ref, at=now())
        services.set_unread(destination_id=row.id, **body, by=caller.actor, at=now())
        return _shown(ref, caller)


class Opening(Endpoint):
    @writes(EDIT, gives=DestinationOut, says="Open a destination for use.")
    def post(self, caller: Caller, body: dict[str, Any], ref: str) -> Response:
        row = selectors.destination_row(ref, at=now())
        services.open_destination(destination_id=row.id, by=caller.actor, at=now())
        return _shown(ref, caller)


class Suspension(Endpoint):
    @writes(
        "destinations:destination:suspend",
        takes=ReasonIn,
        gives=DestinationOut,
        says="Stop all use of a destination now.",
    )
    def post(self, caller: Caller, body: dict[str, Any], ref: str) -> Response:
        row = selectors.destination_row(ref, at=now())
        services.suspend_destination(destination_id=row.id, **body, by=caller.actor, at=now())
        return _shown(ref, caller)


class ProviderKey(Endpoint):
    @writes(
        "destinations:key:write",
        takes=ProviderKeyIn,
        says="Set the provider's key. It can never be read again.",
        step_up=True,
    )
    def put(self, caller: Caller, body: dict[str, Any], ref: str) -> Response:
        row = selectors.destination_row(ref, at=now())
        services.set_provider_key(destination_id=row.id, **body, by=caller.actor, at=now())
        return Response()


def _shown(ref: str, caller: Caller) -> Response:
    return Response(DestinationOut(selectors.destination(ref, standing=caller.standing, at=now()).row).data)
