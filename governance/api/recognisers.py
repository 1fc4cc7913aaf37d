"""The organisation's own recognisers: words and patterns that are looked for everywhere."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.detection import recognisers as limits
from governance.detection.recognisers import Recogniser as Definition
from governance.scanning import selectors, services

READ, EDIT = "scanning:recogniser:read", "scanning:recogniser:edit"


class RecogniserOut(Out):
    ref = serializers.CharField()
    title = serializers.CharField()
    type = serializers.CharField(source="definition.type")
    level = serializers.SerializerMethodField(
        help_text='Of a marking: internal, confidential, restricted or canary; else "".'
    )
    score = serializers.IntegerField(source="definition.score", help_text="In per cent.")
    word_count = serializers.IntegerField()
    pattern_count = serializers.IntegerField()
    deny = serializers.ListField(
        source="definition.deny", child=serializers.CharField(), help_text="Shown to who may change it; [] to others."
    )
    patterns = serializers.ListField(source="definition.patterns", child=serializers.CharField())
    context_words = serializers.ListField(source="definition.context", child=serializers.CharField())
    example = serializers.CharField(source="definition.example")
    version = serializers.IntegerField()
    is_on = serializers.BooleanField()
    owner = serializers.CharField()
    changed_at = serializers.DateTimeField()

    def get_level(self, row: selectors.RecogniserRow) -> str:
        level: str = row.definition.get("level", "")
        return level


class _DefinitionIn(In):
    title = Text(max_length=120)
    type = Text(max_length=40, help_text="Capitals, digits and _; MARKING with a level.")
    level = serializers.ChoiceField(["", *limits.LEVELS], required=False, default="", help_text="Of a marking.")
    score = serializers.IntegerField(min_value=1, max_value=100, help_text="In per cent; from 40 on it is said.")
    deny = serializers.ListField(
        child=Text(max_length=limits.LONGEST_WORD), max_length=limits.MOST_WORDS, required=False, default=list
    )
    patterns = serializers.ListField(
        child=Text(max_length=limits.LONGEST_PATTERN),
        max_length=limits.MOST_PATTERNS,
        required=False,
        default=list,
        help_text="RE2.",
    )
    context_words = serializers.ListField(
        source="context",
        child=Text(max_length=limits.LONGEST_WORD),
        max_length=limits.MOST_CONTEXT,
        required=False,
        default=list,
        help_text="What makes it surer when it stands near.",
    )
    example = Text(max_length=limits.LONGEST_EXAMPLE, help_text="A synthetic text in which it must find something.")


class RecogniserIn(_DefinitionIn):
    ref = Text(max_length=64)


class RecogniserChangeIn(_DefinitionIn):
    revision = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text="The version you read; a stale one is refused."
    )


class RecogniserSwitchIn(In):
    on = serializers.BooleanField()


class Recognisers(Endpoint):
    @reads(READ, asks=ListAsk, gives=page_shape(RecogniserOut), says="The organisation's own recognisers.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.recognisers, RecogniserOut, standing=caller.standing)

    @writes(EDIT, takes=RecogniserIn, gives=RecogniserOut, status=201, says="Look for something of our own.")
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        ref, title = body["ref"], body["title"]
        services.add_recogniser(definition=_definition(ref, body), title=title, by=caller.actor, at=now())
        return _shown(ref, caller)


class Recogniser(Endpoint):
    @reads(READ, gives=RecogniserOut, says="One recogniser, by its ref.")
    def get(self, caller: Caller, ask: dict[str, Any], ref: str) -> Response:
        return _shown(ref, caller)

    @writes(EDIT, takes=RecogniserChangeIn, gives=RecogniserOut, says="Look for something else under the same name.")
    def put(self, caller: Caller, body: dict[str, Any], ref: str) -> Response:
        row = selectors.recogniser(ref, standing=caller.standing)
        told = {"revision": body["revision"], "definition": _definition(ref, body), "title": body["title"]}
        services.edit_recogniser(recogniser_id=row.id, **told, by=caller.actor, at=now())
        return _shown(ref, caller)


class RecogniserSwitch(Endpoint):
    @writes(EDIT, takes=RecogniserSwitchIn, gives=RecogniserOut, says="Look for it, or no longer.")
    def post(self, caller: Caller, body: dict[str, Any], ref: str) -> Response:
        row = selectors.recogniser(ref, standing=caller.standing)
        services.switch_recogniser(recogniser_id=row.id, on=body["on"], by=caller.actor, at=now())
        return _shown(ref, caller)


def _definition(ref: str, body: dict[str, Any]) -> Definition:
    deny, patterns, context = (tuple(body[name]) for name in ("deny", "patterns", "context"))
    score, example, level = body["score"] / 100, body["example"], body["level"]
    return Definition(ref, body["type"], score, deny, patterns, context, example, level)


def _shown(ref: str, caller: Caller) -> Response:
    return Response(RecogniserOut(selectors.recogniser(ref, standing=caller.standing)).data)
