"""What the programs of an initiative may call now, with the lines of a first call."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads
from governance.api.parsing import In, Out
from governance.core.clock import now
from governance.destinations.rules import Dialect
from governance.gateway.selectors.connection import connection
from governance.gateway.snippets import Language, snippet


class ConnectionAsk(In):
    language = serializers.ChoiceField(list(Language), default=Language.PYTHON.value)
    stream = serializers.BooleanField(default=False, help_text="Whether the answer is to come piece by piece.")


class SnippetOut(Out):
    client = serializers.CharField()
    install = serializers.CharField(help_text='The command that gets the client; "" when none is needed.')
    lines = serializers.CharField(help_text="They read the key from the environment.")


class ReachOut(Out):
    name = serializers.CharField(help_text="What a call gives as its model.")
    model = serializers.CharField()
    destination = serializers.CharField()
    dialect = serializers.ChoiceField(list(Dialect))
    base_url = serializers.CharField()
    datasets = serializers.ListField(child=serializers.CharField(), help_text="Refs of what may go there.")
    sandbox = serializers.BooleanField(help_text="Only for trying out.")
    ends_at = serializers.DateTimeField()
    snippet = SnippetOut()


class ConnectionOut(Out):
    gateway = serializers.CharField(help_text="The gateway's address.")
    token_header = serializers.CharField(
        help_text="Where each call has to prove who asks, with a token of the issuer; empty where none has to."
    )
    reaches = ReachOut(many=True)


class Connection(Endpoint):
    @reads(
        "gateway:exchange:try",
        asks=ConnectionAsk,
        gives=ConnectionOut,
        says="What a builder's programs may call for an initiative now, and how.",
    )
    def get(self, caller: Caller, ask: dict[str, Any], code: str) -> Response:
        found = connection(code, standing=caller.standing, at=now())
        language, stream = Language(ask["language"]), ask["stream"]
        rows = [
            {
                "name": reach.name,
                "model": reach.model,
                "destination": reach.destination,
                "dialect": reach.dialect,
                "base_url": reach.base_url,
                "datasets": [ref for ref, _ in reach.datasets],
                "sandbox": reach.sandbox,
                "ends_at": reach.ends_at,
                "snippet": snippet(reach.dialect, language, gateway=found.gateway, model=reach.name, stream=stream),
            }
            for reach in found.reaches
        ]
        return Response(
            ConnectionOut({"gateway": found.gateway, "token_header": found.token_header, "reaches": rows}).data
        )
