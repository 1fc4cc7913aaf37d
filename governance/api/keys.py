"""Keys for programs: made here, shown once, revoked at once."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, writes
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.organisation import services


class KeyIn(In):
    title = Text(max_length=120)
    scope = serializers.ChoiceField(["api:read", "api:write"])
    expires_at = serializers.DateTimeField()


class KeyMadeOut(Out):
    id = serializers.UUIDField()
    prefix = serializers.CharField()
    scope = serializers.CharField()
    expires_at = serializers.DateTimeField()
    text = serializers.CharField(help_text="The key itself: shown this once and kept nowhere.")


class Keys(Endpoint):
    @writes(
        "organisation:key:make_for_api", takes=KeyIn, gives=KeyMadeOut, status=201, says="Make a key for the REST API."
    )
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        key, text = services.make_key(**body, by=caller.actor, at=now())
        made = {"id": key.pk, "prefix": key.prefix, "scope": key.scope, "expires_at": key.expires_at, "text": text}
        return Response(KeyMadeOut(made).data)


class Key(Endpoint):
    @writes("organisation:key:make_for_api", says="Revoke a key of yours, or one you may revoke.")
    def delete(self, caller: Caller, body: dict[str, Any], key: UUID) -> Response:
        services.revoke_key(key_id=key, by=caller.actor, at=now())
        return Response()
