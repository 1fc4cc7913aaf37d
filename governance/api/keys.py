"""Keys for programs: made here, shown once, seen by their first characters, revoked at once."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.core.errors import NotAllowed
from governance.initiatives.selectors import initiative, is_member
from governance.organisation import directory, services
from governance.organisation.models import Key as KeyRecord

MAKE, MAKE_FOR_API = "organisation:key:make", "organisation:key:make_for_api"


class KeyOut(Out):
    id = serializers.UUIDField()
    title = serializers.CharField()
    prefix = serializers.CharField()
    scope = serializers.CharField()
    made_by = serializers.UUIDField(source="made_by_id")
    made_by_name = serializers.CharField(source="made_by")
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(["active", "ended", "revoked"])


class KeysAsk(ListAsk):
    state = serializers.ChoiceField(["active", "ended", "revoked"], required=False)
    mine = serializers.BooleanField(required=False)


class GatewayKeyIn(In):
    title = Text(max_length=120)
    expires_at = serializers.DateTimeField()


class KeyIn(GatewayKeyIn):
    scope = serializers.ChoiceField(["api:read", "api:write"])


class KeyMadeOut(Out):
    id = serializers.UUIDField()
    prefix = serializers.CharField()
    scope = serializers.CharField()
    expires_at = serializers.DateTimeField()
    text = serializers.CharField(help_text='The key itself: shown this once and kept nowhere; "" in a repeated answer.')


class Keys(Endpoint):
    @reads(MAKE_FOR_API, asks=KeysAsk, gives=page_shape(KeyOut), says="One's own keys, and those one may read.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, directory.keys, KeyOut, standing=caller.standing, at=now())

    @writes(
        MAKE_FOR_API,
        takes=KeyIn,
        gives=KeyMadeOut,
        status=201,
        says="Make a key for the REST API.",
        step_up=True,
        told_once=("text",),
    )
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        return _made(*services.make_key(**body, by=caller.actor, at=now()))


class Key(Endpoint):
    @writes(MAKE_FOR_API, says="Revoke a key of yours, or one you may revoke.")
    def delete(self, caller: Caller, body: dict[str, Any], key: UUID) -> Response:
        directory.key(key, standing=caller.standing, at=now())
        services.revoke_key(key_id=key, by=caller.actor, at=now())
        return Response()


class InitiativeKeys(Endpoint):
    @reads(
        "initiatives:initiative:read",
        asks=KeysAsk,
        gives=page_shape(KeyOut),
        says="The keys of an initiative that the caller may see.",
    )
    def get(self, caller: Caller, ask: dict[str, Any], code: str) -> Response:
        scope = f"initiative:{initiative(code, standing=caller.standing).row.id}"
        return listed(ask, directory.keys, KeyOut, standing=caller.standing, at=now(), scope=scope)

    @writes(
        MAKE,
        takes=GatewayKeyIn,
        gives=KeyMadeOut,
        status=201,
        says="Make a key for an initiative's calls through the gateway.",
        step_up=True,
        told_once=("text",),
    )
    def post(self, caller: Caller, body: dict[str, Any], code: str) -> Response:
        found = initiative(code, standing=caller.standing).row
        if not is_member(found.id, caller.standing.person):
            raise NotAllowed("not_a_member", "Only its builders make keys.", remedy="Ask one of them to add you.")
        return _made(*services.make_key(**body, scope=f"initiative:{found.id}", by=caller.actor, at=now()))


def _made(key: KeyRecord, text: str) -> Response:
    made = {"id": key.pk, "prefix": key.prefix, "scope": key.scope, "expires_at": key.expires_at, "text": text}
    return Response(KeyMadeOut(made).data)
