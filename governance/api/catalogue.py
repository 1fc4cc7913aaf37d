"""Datasets and source registers."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import In, Out, Text
from governance.catalogue import selectors, services
from governance.core.clock import now
from governance.core.vocabulary import Classification

CLASSIFICATIONS = list(Classification)


class DatasetOut(Out):
    id = serializers.UUIDField()
    ref = serializers.CharField()
    title = serializers.CharField()
    about = serializers.CharField()
    steward_unit = serializers.UUIDField(source="steward_unit_id")
    steward = serializers.CharField()
    classification = serializers.ChoiceField(CLASSIFICATIONS)
    personal_data = serializers.ListField(child=serializers.CharField())
    jurisdictions = serializers.ListField(child=serializers.CharField())
    licence = serializers.CharField()
    crown_jewel = serializers.BooleanField()
    synthetic = serializers.BooleanField()
    pictures = serializers.BooleanField(help_text="It is made of pictures, in which nothing can be scanned.")
    built_in = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    retired_at = serializers.DateTimeField(allow_null=True)
    revision = serializers.IntegerField()


class DatasetsAsk(ListAsk):
    search = Text(required=False, allow_blank=True, max_length=100)
    classification = serializers.ChoiceField(CLASSIFICATIONS, required=False)
    personal_data = Text(required=False, max_length=40)
    steward = serializers.UUIDField(required=False)
    retired = serializers.BooleanField(required=False)
    sort = serializers.ChoiceField(list(selectors.SORTS), required=False)


class DatasetIn(In):
    title = Text(max_length=120)
    steward_unit = serializers.UUIDField(source="steward_unit_id")
    classification = serializers.ChoiceField(CLASSIFICATIONS)
    ref = Text(max_length=48, required=False)
    about = Text(required=False, allow_blank=True)
    personal_data = serializers.ListField(child=Text(max_length=40), required=False, max_length=50)
    jurisdictions = serializers.ListField(child=Text(max_length=2), required=False, max_length=50)
    licence = Text(required=False, allow_blank=True, max_length=200)
    crown_jewel = serializers.BooleanField(required=False)
    synthetic = serializers.BooleanField(required=False)
    pictures = serializers.BooleanField(required=False)


class DatasetChangesIn(In):
    revision = serializers.IntegerField(min_value=1, help_text="The revision you read; a stale one is refused.")
    title = Text(max_length=120, required=False)
    about = Text(required=False, allow_blank=True)
    steward_unit = serializers.UUIDField(source="steward_unit_id", required=False)
    classification = serializers.ChoiceField(CLASSIFICATIONS, required=False)
    personal_data = serializers.ListField(child=Text(max_length=40), required=False, max_length=50)
    jurisdictions = serializers.ListField(child=Text(max_length=2), required=False, max_length=50)
    licence = Text(required=False, allow_blank=True, max_length=200)
    crown_jewel = serializers.BooleanField(required=False)
    synthetic = serializers.BooleanField(required=False)
    pictures = serializers.BooleanField(required=False)


class RevisionIn(In):
    revision = serializers.IntegerField(min_value=1)


class RegistersAsk(ListAsk):
    retired = serializers.BooleanField(required=False)


class RegisterOut(Out):
    id = serializers.UUIDField()
    title = serializers.CharField()
    kind = serializers.CharField()
    unit = serializers.CharField()
    files = serializers.IntegerField()
    lines = serializers.IntegerField()
    indexed_at = serializers.DateTimeField(allow_null=True)
    index_digest = serializers.CharField()
    retired_at = serializers.DateTimeField(allow_null=True)


class Datasets(Endpoint):
    @reads("catalogue:dataset:read", asks=DatasetsAsk, gives=page_shape(DatasetOut), says="Catalogued datasets.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.datasets, DatasetOut, standing=caller.standing)

    @writes("catalogue:dataset:edit", takes=DatasetIn, gives=DatasetOut, status=201, says="Add a dataset.")
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        added = services.add_dataset(**body, by=caller.actor, at=now())
        return _shown(str(added.pk), caller)


class Dataset(Endpoint):
    @reads("catalogue:dataset:read", gives=DatasetOut, says="One dataset, by its ref or id.")
    def get(self, caller: Caller, ask: dict[str, Any], ref: str) -> Response:
        return _shown(ref, caller)

    @writes("catalogue:dataset:edit", takes=DatasetChangesIn, gives=DatasetOut, says="Change a dataset.")
    def patch(self, caller: Caller, body: dict[str, Any], ref: str) -> Response:
        row = selectors.dataset_named(ref)
        services.edit_dataset(dataset_id=row.pk, **body, by=caller.actor, at=now())
        return _shown(ref, caller)


class DatasetRetirement(Endpoint):
    @writes("catalogue:dataset:edit", takes=RevisionIn, gives=DatasetOut, says="Retire a dataset.")
    def post(self, caller: Caller, body: dict[str, Any], ref: str) -> Response:
        row = selectors.dataset_named(ref)
        services.retire_dataset(dataset_id=row.pk, **body, by=caller.actor, at=now())
        return _shown(ref, caller)


class Registers(Endpoint):
    @reads("catalogue:register:read", asks=RegistersAsk, gives=page_shape(RegisterOut), says="Source registers.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.registers, RegisterOut, standing=caller.standing)


class RegisterRetirement(Endpoint):
    @writes("catalogue:register:edit", says="Retire a source register: what it holds is recognised no more.")
    def post(self, caller: Caller, body: dict[str, Any], register: UUID) -> Response:
        services.retire_register(register_id=register, by=caller.actor, at=now())
        return Response(status=204)


def _shown(ref: str, caller: Caller) -> Response:
    return Response(DatasetOut(selectors.dataset(ref, standing=caller.standing, at=now()).row).data)
