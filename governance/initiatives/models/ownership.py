"""Areas of capability, and who answered for what since when."""

from django.db import models
from django.db.models import Q

from governance.core.ids import uuid7
from governance.initiatives.models.initiatives import Initiative
from governance.initiatives.rules import Involvement, Through, TransferState
from governance.organisation.models import Person, Unit


class Capability(models.Model):
    """An area that a unit may claim as a whole, e.g. "document drafting". Nobody need own it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.TextField(unique=True)
    title = models.TextField()
    purpose_text = models.TextField()
    accountable_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "initiatives_capability"
        ordering = ["title", "id"]


def about_one_thing(name: str) -> models.CheckConstraint:
    """Return the constraint that a row is about an initiative or about a capability, never both or neither."""
    return models.CheckConstraint(
        condition=Q(initiative=None, capability__isnull=False) | Q(initiative__isnull=False, capability=None), name=name
    )


class Accountability(models.Model):
    """A unit answers for it from `since` on, until the next row begins: no gap and no overlap can be written down."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, null=True, on_delete=models.PROTECT, related_name="accountabilities")
    capability = models.ForeignKey(Capability, null=True, on_delete=models.PROTECT, related_name="accountabilities")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    through = models.TextField()

    class Meta:
        db_table = "initiatives_accountability"
        ordering = ["since", "id"]
        constraints = [
            about_one_thing("initiatives_accountability_about_one_thing"),
            models.UniqueConstraint(
                fields=["initiative", "since"],
                condition=Q(initiative__isnull=False),
                name="initiatives_accountability_one_unit_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["capability", "since"],
                condition=Q(capability__isnull=False),
                name="initiatives_accountability_one_unit_of_capability",
            ),
            models.CheckConstraint(
                condition=Q(through__in=list(Through)), name="initiatives_accountability_through_known"
            ),
        ]


class Involved(models.Model):
    """A unit with a named part in an initiative or a capability that another unit is accountable for."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, null=True, on_delete=models.PROTECT, related_name="involved")
    capability = models.ForeignKey(Capability, null=True, on_delete=models.PROTECT, related_name="involved")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    involvement = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "initiatives_involved"
        constraints = [
            about_one_thing("initiatives_involved_about_one_thing"),
            models.CheckConstraint(condition=Q(involvement__in=list(Involvement)), name="initiatives_involved_known"),
            models.UniqueConstraint(
                fields=["initiative", "unit"],
                condition=Q(until=None, initiative__isnull=False),
                name="initiatives_involved_once",
            ),
            models.UniqueConstraint(
                fields=["capability", "unit"],
                condition=Q(until=None, capability__isnull=False),
                name="initiatives_involved_once_in_capability",
            ),
        ]


class Transfer(models.Model):
    """An offer to hand an initiative to another unit; both heads must want it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="transfers")
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    state = models.TextField(default=TransferState.OFFERED)
    offered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "initiatives_transfer"
        ordering = ["-offered_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(TransferState)), name="initiatives_transfer_state_known"),
            models.UniqueConstraint(
                fields=["initiative"], condition=Q(state=TransferState.OFFERED), name="initiatives_transfer_one_open"
            ),
        ]
