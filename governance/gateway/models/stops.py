"""What sends nothing until two people lift it."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from governance.core.ids import uuid7
from governance.destinations.models import Destination
from governance.gateway.stopping import StopScope
from governance.initiatives.models import Initiative
from governance.organisation.models import Person


class Stop(models.Model):
    """What it names sends nothing until two people lift it. A drill holds nothing up: it measures how soon a stop would hold.

    `placed_at` is of the database's clock, as the times of its effects are. `awaited` names the gateway processes alive then.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scope = models.TextField()
    initiative = models.ForeignKey(Initiative, null=True, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Destination, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    drill = models.BooleanField(default=False)
    reason = models.TextField()
    awaited = models.JSONField(default=list)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    placed_at = models.DateTimeField(db_default=Now())
    lift_asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    lift_asked_at = models.DateTimeField(null=True)
    lift_reason = models.TextField(default="")
    lifted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "gateway_stop"
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["scope"], condition=Q(lifted_at=None, drill=False), name="gateway_stop_in_force"),
            models.Index(fields=["-made_at"], name="gateway_stop_made_at"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "initiative", "destination", "person"],
                condition=Q(lifted_at=None, drill=False),
                nulls_distinct=False,
                name="gateway_stop_once_in_force",
            ),
            models.CheckConstraint(
                condition=Q(scope=StopScope.EVERYTHING, initiative=None, destination=None, person=None)
                | Q(scope=StopScope.DESTINATION, initiative=None, destination__isnull=False, person=None)
                | Q(scope=StopScope.INITIATIVE, initiative__isnull=False, destination=None, person=None)
                | Q(scope=StopScope.PERSON, initiative=None, destination=None, person__isnull=False),
                name="gateway_stop_names_its_scope",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(drill=False, lifted_at__isnull=False, lift_asked_by__isnull=False, lifted_by__isnull=False)
                & ~Q(lifted_by=F("lift_asked_by")),
                name="gateway_stop_lifted_by_two",
            ),
        ]


class StopEffect(models.Model):
    """One gateway process had stopped: `milliseconds` after the stop was placed, `calls` of its own ended or, in a drill, seen."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stop = models.ForeignKey(Stop, on_delete=models.PROTECT, related_name="effects")
    process = models.TextField()
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    calls = models.PositiveIntegerField()

    class Meta:
        db_table = "gateway_stop_effect"
        ordering = ["milliseconds", "process"]
        constraints = [models.UniqueConstraint(fields=["stop", "process"], name="gateway_stop_effect_once")]
