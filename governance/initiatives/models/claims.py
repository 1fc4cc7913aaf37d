"""Who says that something is theirs."""

from django.db import models
from django.db.models import Q

from governance.core.ids import uuid7
from governance.initiatives.models.initiatives import Initiative
from governance.initiatives.rules import Basis, ClaimState
from governance.organisation.models import Person, Unit


class Claim(models.Model):
    """A unit's statement that it owns an initiative."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="claims")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    basis = models.TextField()
    evidence = models.TextField()
    state = models.TextField(default=ClaimState.ASSERTED)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "initiatives_claim"
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(basis__in=list(Basis)), name="initiatives_claim_basis_known"),
            models.CheckConstraint(condition=Q(state__in=list(ClaimState)), name="initiatives_claim_state_known"),
            models.UniqueConstraint(
                fields=["initiative", "unit"],
                condition=~Q(state=ClaimState.WITHDRAWN),
                name="initiatives_claim_one_per_unit",
            ),
        ]
