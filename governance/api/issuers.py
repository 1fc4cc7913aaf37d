"""Who vouches for the end users of an initiative: from then on every call proves by a token who asks, or is refused."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.gateway.end_users import LONGEST_KEYS, LONGEST_URL, USUAL_CLAIM, USUAL_HEADER
from governance.gateway.selectors.issuers import issuer_of
from governance.gateway.services.issuers import end_issuer, set_issuer

READ, EDIT = "gateway:issuer:read", "gateway:issuer:edit"


class IssuerOut(Out):
    id = serializers.UUIDField()
    header = serializers.CharField(help_text="Where calls put the token.")
    issuer = serializers.CharField()
    audience = serializers.CharField()
    claim = serializers.CharField(help_text="What is written down with each call.")
    jwks_url = serializers.CharField(help_text="Where its keys are read; empty when they were pasted.")
    key_ids = serializers.ListField(child=serializers.CharField(), help_text="The ids of pasted keys.")
    set_by = serializers.CharField()
    set_at = serializers.DateTimeField()


class IssuerShownOut(Out):
    initiative = serializers.CharField()
    issuer = IssuerOut(source="row", allow_null=True, help_text="null while nobody has to prove who they are.")


class SeenIn(In):
    replaces = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="The id of the issuer that is replaced or ended."
    )


class IssuerIn(SeenIn):
    header = Text(max_length=60, default=USUAL_HEADER)
    issuer = Text(max_length=LONGEST_URL, help_text="As the token names it (iss).")
    audience = Text(max_length=LONGEST_URL, help_text="What the token has to be made for (aud).")
    claim = Text(max_length=100, default=USUAL_CLAIM)
    jwks_url = Text(max_length=LONGEST_URL, required=False, allow_blank=True, default="", help_text="Public, https.")
    keys = Text(
        max_length=LONGEST_KEYS, required=False, allow_blank=True, default="", help_text="Or a JWK set, as a text."
    )


class Issuer(Endpoint):
    @reads(READ, gives=IssuerShownOut, says="How the end users of an initiative are verified.")
    def get(self, caller: Caller, ask: dict[str, Any], code: str) -> Response:
        return _shown(code, caller)

    @writes(
        EDIT,
        takes=IssuerIn,
        gives=IssuerShownOut,
        says="Have every call prove who asks, from the next on.",
        step_up=True,
    )
    def put(self, caller: Caller, body: dict[str, Any], code: str) -> Response:
        set_issuer(initiative=code, **body, by=caller.actor, at=now())
        return _shown(code, caller)

    @writes(EDIT, takes=SeenIn, says="Let calls pass without a token again.", step_up=True)
    def delete(self, caller: Caller, body: dict[str, Any], code: str) -> Response:
        end_issuer(initiative=code, **body, by=caller.actor, at=now())
        return Response()


def _shown(code: str, caller: Caller) -> Response:
    return Response(IssuerShownOut(issuer_of(code, standing=caller.standing)).data)
