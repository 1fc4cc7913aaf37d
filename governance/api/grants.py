"""Grants: what an initiative may use, and how a right ends before its time."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, page_shape, whole
from governance.api.parsing import Out
from governance.api.remits import EndingIn
from governance.core.clock import now
from governance.core.vocabulary import Classification, Mode, Purpose
from governance.detection.ways import DEMANDED
from governance.initiatives.selectors import initiative
from governance.remits import selectors, services
from governance.remits.body import RULESETS
from governance.remits.rules import GrantState


class ConditionsOut(Out):
    redact = serializers.ListField(child=serializers.CharField())
    calls_per_day = serializers.IntegerField(allow_null=True)
    ruleset = serializers.ChoiceField(list(RULESETS))
    way = serializers.ChoiceField(
        list(DEMANDED),
        allow_null=True,
        help_text="The most that may be told of what is replaced; null: as the rules say.",
    )


class GrantOut(Out):
    id = serializers.UUIDField()
    remit = serializers.UUIDField(source="remit_id")
    version = serializers.IntegerField()
    sandbox = serializers.BooleanField()
    dataset = serializers.CharField(source="dataset_ref")
    dataset_title = serializers.CharField(source="dataset")
    classification = serializers.ChoiceField(list(Classification))
    purpose = serializers.ChoiceField(list(Purpose))
    mode = serializers.ChoiceField(list(Mode))
    destination = serializers.CharField(source="destination_ref")
    destination_title = serializers.CharField(source="destination")
    conditions = ConditionsOut()
    conditions_text = serializers.CharField()
    state = serializers.ChoiceField(list(GrantState))
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField()
    usable = serializers.BooleanField()
    rests_because = serializers.ListField(
        child=serializers.CharField(), help_text="While it is suspended: every reason."
    )


class GrantsAsk(ListAsk):
    live = serializers.BooleanField(default=True, help_text="False adds what has ended or is pending.")


class Grants(Endpoint):
    @reads("remits:grant:read", asks=GrantsAsk, gives=page_shape(GrantOut), says="The grants of an initiative.")
    def get(self, caller: Caller, ask: dict[str, Any], code: str) -> Response:
        found = initiative(code, standing=caller.standing).row
        return whole(ask, selectors.grants_of(found.id, at=now(), live=ask.pop("live")), GrantOut)


class GrantRevocation(Endpoint):
    @writes("remits:grant:revoke", takes=EndingIn, gives=GrantOut, says="End one grant now.")
    def post(self, caller: Caller, body: dict[str, Any], grant: UUID) -> Response:
        selectors.grant(grant, standing=caller.standing, at=now())
        services.revoke_grant(grant_id=grant, **body, by=caller.actor, at=now())
        return Response(GrantOut(selectors.grant(grant, standing=caller.standing, at=now())).data)
