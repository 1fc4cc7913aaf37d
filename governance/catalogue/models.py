"""Catalogued data: who looks after it and how bad a leak would be."""

from django.db import models
from django.db.models import Q

from governance.catalogue.rules import RegisterKind
from governance.core.ids import uuid7
from governance.core.vocabulary import Classification
from governance.organisation.models import Unit


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
    """Fingerprints of the organisation's own code or documents.

    `index_digest` is the SHA-256 of the index, 64 hex characters, "" until the first indexing.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.TextField(unique=True)
    kind = models.TextField()
    index_digest = models.TextField(default="")
    files = models.PositiveIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)
    indexed_at = models.DateTimeField(null=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_source_register"
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=list(RegisterKind)), name="catalogue_source_register_kind_known"
            ),
        ]
