"""Runs of agents: what each used of the caps of its remit, and the tree of those it began. Their calls are among the exchanges."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import Out, Text
from governance.core.paging import Page
from governance.gateway.selectors import runs as selectors
from governance.gateway.selectors.pages import READ
from governance.gateway.selectors.runs import SORTS, RunRow


class RunsAsk(ListAsk):
    name = Text(max_length=128, required=False, help_text="Part of the name.")
    since = serializers.DateTimeField(required=False, help_text="Began then or later.")
    until = serializers.DateTimeField(required=False, help_text="Began before then.")
    sort = serializers.ChoiceField([*SORTS, *(f"-{name}" for name in SORTS)], required=False)


class RunOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField(help_text="As its program names it: X-Remit-Run.")
    children = serializers.IntegerField(help_text="How many runs it began itself.")
    calls = serializers.IntegerField(help_text="Calls of it and of all below it, as counted against the cap.")
    spent = serializers.IntegerField(help_text="Micro-euro, of it and of all below it.")
    reserved = serializers.IntegerField(help_text="Micro-euro that calls under way have set aside.")
    began_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()


class RunCapsOut(Out):
    depth = serializers.IntegerField(help_text="Levels of runs, the first counting as one.")
    fan_out = serializers.IntegerField(help_text="How many runs one run may begin.")
    calls = serializers.IntegerField(help_text="Of a run with all below it.")
    spend = serializers.IntegerField(help_text="Micro-euro, of a run with all below it.")
    must_be_named = serializers.BooleanField(help_text="Whether a call that names no run is refused.")


class RunNodeOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()
    begun_by = serializers.UUIDField(source="parent", allow_null=True, help_text="The run that began it.")
    depth = serializers.IntegerField()
    children = serializers.IntegerField()
    began_at = serializers.DateTimeField()
    calls = serializers.IntegerField(help_text="Its own, refused ones as well.")
    refused = serializers.IntegerField()
    cost = serializers.IntegerField(help_text="Micro-euro, of its own calls.")


class RunWholeOut(Out):
    initiative = serializers.CharField(source="code")
    caps = RunCapsOut(help_text="Those of the remit in force.")
    first = RunOut(source="root", help_text="The first of those it was begun by, or itself.")
    run = RunNodeOut(source="node")
    tree = RunNodeOut(many=True, help_text="All runs of the tree, each before those it began.")
    more = serializers.BooleanField(help_text="Whether the tree has further runs.")


class Runs(Endpoint):
    @reads(READ, asks=RunsAsk, gives=page_shape(RunOut), says="The runs of an initiative that no other run began.")
    def get(self, caller: Caller, ask: dict[str, Any], code: str) -> Response:
        def read(**wanted: Any) -> Page[RunRow]:
            return selectors.runs(code, standing=caller.standing, **wanted).runs

        return listed(ask, read, RunOut)


class Run(Endpoint):
    @reads(READ, gives=RunWholeOut, says="One run: what it used of its caps, and the tree it belongs to.")
    def get(self, caller: Caller, ask: dict[str, Any], run: UUID) -> Response:
        return Response(RunWholeOut(selectors.run(run, standing=caller.standing)).data)
