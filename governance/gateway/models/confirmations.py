"""Calls of tools in an answer that wait for a person."""

from django.db import models
from django.db.models import Q

from governance.core.ids import uuid7
from governance.gateway.confirming import ConfirmationState
from governance.gateway.models.exchanges import Exchange
from governance.initiatives.models import Initiative
from governance.organisation.models import Person


class Confirmation(models.Model):
    """One answer whose calls a person must confirm. The answer lies sealed at `storage_ref`, and is given out once.

    `tools` are the names of what would be called, never with what. `keyed_digest` knows the same request again.
    `told_at` is when members were told; `served_at` when the answer went out.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    exchange = models.OneToOneField(Exchange, on_delete=models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    keyed_digest = models.BinaryField()
    tools = models.JSONField(default=list)
    storage_ref = models.TextField()
    state = models.TextField(default=ConfirmationState.WAITING)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")
    served_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "gateway_confirmation"
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["keyed_digest"], condition=Q(served_at=None), name="gateway_confirmation_unserved"),
            models.Index(
                fields=["initiative", "-asked_at"],
                condition=Q(state=ConfirmationState.WAITING),
                name="gateway_confirmation_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(ConfirmationState)), name="gateway_confirmation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(served_at=None) | Q(state=ConfirmationState.CONFIRMED),
                name="gateway_confirmation_served_confirmed",
            ),
        ]
