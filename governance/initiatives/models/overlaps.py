"""Initiatives that seem to do the same, what was said about it, and who asked to join instead of starting anew."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from governance.core.ids import uuid7
from governance.initiatives.models.initiatives import Initiative
from governance.initiatives.rules.overlaps import JoinState, Resolution
from governance.organisation.models import Person


class PurposeTerms(models.Model):
    """The index of an initiative's words (`rules.overlaps.terms_of`), of which revision, and when it was last compared."""

    initiative = models.OneToOneField(Initiative, primary_key=True, on_delete=models.CASCADE, related_name="+")
    terms = ArrayField(models.IntegerField())
    revision = models.PositiveIntegerField()
    compared_at = models.DateTimeField()

    class Meta:
        db_table = "initiatives_purpose_terms"
        indexes = [
            GinIndex(fields=["terms"], name="initiatives_terms_gin"),
            models.Index(fields=["compared_at"], name="initiatives_terms_compared"),
        ]


class Overlap(models.Model):
    """Two initiatives that seem to do the same, the one with the smaller id first. `resolution` is "" while it waits.

    `signals` holds what both share ({"words": [...], "datasets": [...]}). `seen_terms` are the terms of both when it was
    resolved, so that a purpose that changes later can be told from the one that was looked at.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    first = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    score = models.FloatField()
    signals = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    resolution = models.TextField(default="", blank=True)
    reasons = models.TextField(default="", blank=True)
    remains = models.ForeignKey(Initiative, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    seen_terms = models.JSONField(default=dict)

    class Meta:
        db_table = "initiatives_overlap"
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="initiatives_overlap_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="initiatives_overlap_in_order"),
            models.CheckConstraint(
                condition=Q(resolution__in=["", *Resolution]), name="initiatives_overlap_resolution_known"
            ),
            models.CheckConstraint(
                condition=Q(resolution="", resolved_at=None)
                | (~Q(resolution="") & Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(reasons="")),
                name="initiatives_overlap_resolved_with_reasons",
            ),
        ]


class JoinRequest(models.Model):
    """Somebody would rather build along in an initiative than start the same again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    state = models.TextField(default=JoinState.ASKED)
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "initiatives_join_request"
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(JoinState)), name="initiatives_join_request_state_known"),
            models.UniqueConstraint(
                fields=["initiative", "person"],
                condition=Q(state=JoinState.ASKED),
                name="initiatives_join_request_one_open",
            ),
        ]
