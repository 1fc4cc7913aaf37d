"""What lets one refused request pass once: a member's reason, or two people's release."""

from django.db import models
from django.db.models import F, Q

from governance.core.ids import uuid7
from governance.gateway.models.exchanges import Exchange
from governance.gateway.rules import JustificationOutcome
from governance.initiatives.models import Initiative
from governance.organisation.models import Person


class Justification(models.Model):
    """A signed-in member's reason for exactly this request: one use within fifteen minutes, reviewed afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    keyed_digest = models.BinaryField()
    reason = models.TextField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    outcome = models.TextField(null=True)

    class Meta:
        db_table = "gateway_justification"
        ordering = ["-made_at", "id"]
        indexes = [
            models.Index(fields=["keyed_digest"], condition=Q(used_at=None), name="gateway_justification_unused"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="gateway_justification_expires_later"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("person")),
                name="gateway_justification_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(outcome=None) | Q(outcome__in=list(JustificationOutcome)),
                name="gateway_justification_outcome_known",
            ),
        ]


class Release(models.Model):
    """Two people let exactly this held request pass: one use within a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    exchange = models.OneToOneField(Exchange, on_delete=models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    keyed_digest = models.BinaryField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "gateway_release"
        ordering = ["-made_at", "id"]
        indexes = [models.Index(fields=["keyed_digest"], condition=Q(used_at=None), name="gateway_release_unused")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="gateway_release_expires_later"),
        ]
