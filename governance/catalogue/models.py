"""Catalogued data: who looks after it and how bad a leak would be."""

from django.db import models
from django.db.models import Q

from governance.catalogue.rules import ExamState, RegisterKind, Secrecy
from governance.core.ids import uuid7
from governance.core.vocabulary import Classification
from governance.organisation.models import Person, Unit


class Dataset(models.Model):
    """A catalogued body of data. `built_in` marks "what staff type", which serves prompts without a dataset of their own.

    `personal_data` lists kinds ("names", "health"), `jurisdictions` ISO 3166-1 codes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    ref = models.TextField(unique=True)
    title = models.TextField()
    about = models.TextField(default="")
    steward_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    classification = models.TextField()
    personal_data = models.JSONField(default=list)
    jurisdictions = models.JSONField(default=list)
    licence = models.TextField(default="")
    crown_jewel = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)
    pictures = models.BooleanField(default=False)  # nothing in it can be scanned
    built_in = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "catalogue_dataset"
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(classification__in=list(Classification)), name="catalogue_dataset_classification_known"
            ),
            models.UniqueConstraint(
                fields=["built_in"], condition=Q(built_in=True), name="catalogue_dataset_one_built_in"
            ),
        ]


class SourceRegister(models.Model):
    """Fingerprints of the organisation's own code or documents, or of text that it says is public.

    `index_digest` is the SHA-256 of the index, 64 hex characters, "" until the first indexing. What is retired is scanned for no more.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.TextField(unique=True)
    kind = models.TextField()
    index_digest = models.TextField(default="")
    files = models.PositiveIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)
    indexed_at = models.DateTimeField(null=True)
    left_out = models.JSONField(null=True)  # {reason: files}, None until an indexing has counted them
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "catalogue_source_register"
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=list(RegisterKind)), name="catalogue_source_register_kind_known"
            ),
        ]


class EvaluationSet(models.Model):
    """An exam for models. Of its items only keyed fingerprints stay; findings and folders carry its `ref`.

    `index_digest` is the SHA-256 of the fingerprints, "" until its items have been read once; `storage_ref` names the sealed file that
    waits to be read, "" when none does; `fault` says why the last one could not be read. `too_short` items cannot be recognised.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    ref = models.TextField(unique=True)
    title = models.TextField()
    secrecy = models.TextField(default=Secrecy.SECRET)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(default=ExamState.EMPTY)
    index_digest = models.TextField(default="")
    items = models.PositiveIntegerField(default=0)
    too_short = models.PositiveIntegerField(default=0)
    storage_ref = models.TextField(default="")
    fault = models.TextField(default="")
    added_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "catalogue_evaluation_set"
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(ExamState)), name="catalogue_evaluation_set_state_known"),
            models.CheckConstraint(
                condition=Q(secrecy__in=list(Secrecy)), name="catalogue_evaluation_set_secrecy_known"
            ),
        ]
