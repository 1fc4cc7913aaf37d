"""The period in which most rules are only observed."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from governance.core.ids import uuid7
from governance.destinations.models import Destination, Terms
from governance.gateway.observing import LONGEST_DAYS, OPEN_OBSERVATION, ObservationState
from governance.initiatives.models import Initiative
from governance.organisation.models import Person


class Observation(models.Model):
    """One initiative toward one destination: while it is in force most rules are only observed. Asked for, and decided by security.

    `terms` are those that were decided on. `days` is how long it was asked for; `starts_at` and `ends_at` stand once it was approved,
    and `ends_at` moves when it is ended early.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="+")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    reason = models.TextField()
    state = models.TextField(default=ObservationState.ASKED)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_because = models.TextField(default="")
    end_reason = models.TextField(default="")

    class Meta:
        db_table = "gateway_observation"
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(
                fields=["initiative", "destination"],
                condition=Q(state=ObservationState.IN_FORCE),
                name="gateway_observation_in_force",
            ),
            models.Index(fields=["destination", "state"], name="gateway_observation_place"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "destination"],
                condition=Q(state__in=list(OPEN_OBSERVATION)),
                name="gateway_observation_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(ObservationState)), name="gateway_observation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + timedelta(days=LONGEST_DAYS)) | Q(starts_at=None),
                name="gateway_observation_not_longer",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None)
                & ~Q(state__in=[ObservationState.IN_FORCE, ObservationState.ENDED])
                | Q(
                    starts_at__isnull=False,
                    ends_at__gte=F("starts_at"),
                    state__in=[ObservationState.IN_FORCE, ObservationState.ENDED],
                ),
                name="gateway_observation_dated",
            ),
        ]
