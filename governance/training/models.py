"""Data meant to fine-tune or train a model, identified by the SHA-256 of its bytes."""

from django.db import models
from django.db.models import F, Q

from governance.core.ids import uuid7
from governance.destinations.models import Destination, Terms
from governance.initiatives.models import Initiative
from governance.organisation.models import Person
from governance.training.rules import TrainingSetState


class TrainingSet(models.Model):
    """An immutable upload. Any edit, redaction too, is a new set with `parent` pointing at this one.

    Its bytes lie in sealed storage under `storage_ref`, never plain on disk. `counts` is {type: number of findings}. `demand` is
    the most that the grants let a redacted copy tell of what it replaces, when it was made; "" for no demand, and for no copy.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    title = models.TextField()
    format = models.TextField(default="")
    digest = models.TextField()
    bytes = models.PositiveBigIntegerField()
    records = models.PositiveBigIntegerField(default=0)
    broken_lines = models.PositiveBigIntegerField(default=0)
    storage_ref = models.TextField(unique=True)
    state = models.TextField(default=TrainingSetState.RECEIVED)
    verdict = models.TextField(default="")
    counts = models.JSONField(default=dict)
    ruleset_digest = models.TextField(default="")
    demand = models.TextField(db_default="", default="")
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    scanned_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "training_set"
        ordering = ["-uploaded_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(TrainingSetState)), name="training_set_state_known"),
            models.UniqueConstraint(fields=["initiative", "digest"], name="training_set_once_per_initiative"),
        ]


class Chunk(models.Model):
    """A run of whole lines of a training set, [first_byte, end_byte), scanned as one job."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    training_set = models.ForeignKey(TrainingSet, on_delete=models.PROTECT, related_name="chunks")
    number = models.PositiveIntegerField()
    first_byte = models.PositiveBigIntegerField()
    end_byte = models.PositiveBigIntegerField()
    first_line = models.PositiveBigIntegerField()
    lines = models.PositiveIntegerField()
    digest = models.TextField()
    receipt = models.JSONField(null=True)
    complete = models.BooleanField(null=True)  # null: not scanned yet
    records = models.PositiveIntegerField(default=0)
    broken_lines = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    findings = models.JSONField(
        default=list
    )  # the first places of each type: {"type","line","path","start","end","score"}
    broken = models.JSONField(default=list)  # the first broken lines: {"line","code","reason"}
    scanned_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "training_chunk"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["training_set", "number"], name="training_chunk_number_once"),
            models.CheckConstraint(condition=Q(end_byte__gt=F("first_byte")), name="training_chunk_not_empty"),
        ]


class ReleasePermit(models.Model):
    """The signed right to send exactly these bytes to exactly one destination, until `expires_at`, once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    training_set = models.ForeignKey(TrainingSet, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="+")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+")
    digest = models.TextField()
    body = models.JSONField()
    signature = models.BinaryField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "training_release_permit"
        ordering = ["-issued_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="training_release_permit_expires_later"
            ),
        ]


class ReleaseRequest(models.Model):
    """A question to the approvers: may this set go to this destination? The approval's subject."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    training_set = models.ForeignKey(TrainingSet, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="+")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    permit = models.OneToOneField(ReleasePermit, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "training_release_request"
        ordering = ["-asked_at", "id"]
