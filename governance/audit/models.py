"""The tables of the log. The application may INSERT into the outbox and SELECT leaves; only the sequencer writes leaves."""

from django.db import models
from django.db.models import Q


class OutboxEvent(models.Model):
    """An event on its way: written in the transaction of the change it tells of, numbered later by the sequencer."""

    event_id = models.UUIDField(primary_key=True, editable=False)
    occurred_at = models.DateTimeField()
    kind = models.TextField()
    subject = models.TextField()
    actor = models.TextField()
    unit_path = models.TextField(default="")
    canonical = models.BinaryField()

    class Meta:
        db_table = "audit_outbox"
        ordering = ["occurred_at", "event_id"]


class Leaf(models.Model):
    """An event with its place in the log. `canonical` is the RFC 8785 text that the hash is over, byte for byte."""

    idx = models.BigIntegerField(primary_key=True)
    event_id = models.UUIDField(unique=True, editable=False)
    occurred_at = models.DateTimeField()
    kind = models.TextField()
    subject = models.TextField()
    actor = models.TextField()
    unit_path = models.TextField(default="")
    canonical = models.BinaryField()
    leaf_hash = models.BinaryField()
    integrated_at = models.DateTimeField()

    class Meta:
        db_table = "audit_leaf"
        ordering = ["idx"]
        indexes = [
            models.Index(fields=["kind", "idx"], name="audit_leaf_kind"),
            models.Index(fields=["subject", "idx"], name="audit_leaf_subject"),
            models.Index(fields=["actor", "idx"], name="audit_leaf_actor"),
            models.Index(fields=["occurred_at", "idx"], name="audit_leaf_occurred"),
            # By the beginning of the path: a unit and all below it are counted without reading the events themselves.
            models.Index(
                fields=["unit_path", "idx"], name="audit_leaf_unit", opclasses=["text_pattern_ops", "int8_ops"]
            ),
        ]
        constraints = [models.CheckConstraint(condition=Q(idx__gte=0), name="audit_leaf_idx_from_zero")]
