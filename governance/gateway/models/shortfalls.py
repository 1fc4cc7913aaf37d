"""An initiative that looked at fewer answers than its remit promised: warned, then at rest until a person lets it go on."""

from django.db import models
from django.db.models import Q

from governance.core.ids import uuid7
from governance.gateway.oversight import OPEN_SHORTFALL, ShortfallState
from governance.initiatives.models import Initiative
from governance.organisation.models import Person
from governance.remits.models import Remit


class Shortfall(models.Model):
    """`figures` are the tally and the sentences it was warned on, `rest_figures` those it rests on. `due_at`: when grace ends."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    remit = models.ForeignKey(Remit, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(default=ShortfallState.WARNED)
    figures = models.JSONField()
    rest_figures = models.JSONField(default=dict)
    warned_at = models.DateTimeField()
    due_at = models.DateTimeField()
    rested_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    lift_reason = models.TextField(default="")

    class Meta:
        db_table = "gateway_shortfall"
        ordering = ["-warned_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(ShortfallState)), name="gateway_shortfall_state_known"),
            models.UniqueConstraint(
                fields=["initiative"], condition=Q(state__in=sorted(OPEN_SHORTFALL)), name="gateway_shortfall_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(state=ShortfallState.LIFTED) | (Q(lifted_by__isnull=False) & ~Q(lift_reason="")),
                name="gateway_shortfall_lifted_by_somebody",
            ),
        ]
