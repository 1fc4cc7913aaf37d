"""Batches of an initiative: how each stands, and what it cost. The call that began it is among the exchanges."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import Out, Text
from governance.core.paging import Page
from governance.gateway.batch_states import BatchState
from governance.gateway.selectors import batch_pages as selectors
from governance.gateway.selectors.batch_pages import SORTS, BatchRow
from governance.gateway.selectors.pages import READ

WHEN_ASKED = "As its provider said when its program last asked."


class BatchesAsk(ListAsk):
    state = serializers.ChoiceField(list(BatchState), required=False)
    model = Text(max_length=200, required=False, help_text="Part of its name.")
    since = serializers.DateTimeField(required=False, help_text="Begun then or later.")
    until = serializers.DateTimeField(required=False, help_text="Begun before then.")
    sort = serializers.ChoiceField([*SORTS, *(f"-{name}" for name in SORTS)], required=False)


class BatchOut(Out):
    id = serializers.UUIDField()
    own_id = serializers.CharField(help_text="As its program knows it.")
    state = serializers.ChoiceField(list(BatchState), help_text=WHEN_ASKED)
    surface = serializers.CharField(help_text="As in the record of the call that began it.")
    model = serializers.CharField()
    destination = serializers.CharField()
    records = serializers.IntegerField()
    answered = serializers.IntegerField(help_text=f"Records. {WHEN_ASKED}")
    failed = serializers.IntegerField(help_text=f"Records that came to nothing. {WHEN_ASKED}")
    tokens_in = serializers.IntegerField(allow_null=True)
    tokens_out = serializers.IntegerField(allow_null=True)
    cost = serializers.IntegerField(allow_null=True, help_text="Micro-euro; null without a price.")
    counted = serializers.BooleanField(
        help_text="Whether tokens and cost are what it really used, known once its answers were fetched; else the most it may."
    )
    key = serializers.CharField(help_text='The first part of the key that began it; "" for one that is gone.')
    begun_by = serializers.CharField(help_text='Who made that key; "" for one that is gone.')
    end_user = serializers.CharField(help_text="For whom its program asked.")
    begun_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(help_text="When its program last asked how it stands.")
    exchange = serializers.UUIDField(help_text="The call that began it.")


class Batches(Endpoint):
    @reads(READ, asks=BatchesAsk, gives=page_shape(BatchOut), says="The batches of an initiative.")
    def get(self, caller: Caller, ask: dict[str, Any], code: str) -> Response:
        def read(**wanted: Any) -> Page[BatchRow]:
            return selectors.batches(code, standing=caller.standing, **wanted).batches

        return listed(ask, read, BatchOut)
