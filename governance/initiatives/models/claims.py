"""Who says that something is theirs."""

from django.db import models
from django.db.models import Q

from governance.core.ids import uuid7
from governance.initiatives.models.contests import Contest
from governance.initiatives.models.initiatives import Initiative
from governance.initiatives.models.ownership import Capability, about_one_thing
from governance.initiatives.rules import OPEN_CLAIM, Basis, ClaimState
from governance.organisation.models import Person, Unit


class Claim(models.Model):
    """A unit's statement that it owns an initiative or a capability, or (not accountable) that it has a part in it.

    `vouched_by` heads the unit and stands for the claim by name. `lost_at`: when a ruling gave it to another unit.
    `new_evidence`: what is new since the unit lost.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, null=True, on_delete=models.PROTECT, related_name="claims")
    capability = models.ForeignKey(Capability, null=True, on_delete=models.PROTECT, related_name="claims")
    contest = models.ForeignKey(Contest, null=True, on_delete=models.PROTECT, related_name="claims")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    accountable = models.BooleanField(default=True)
    basis = models.TextField()
    evidence = models.TextField()
    new_evidence = models.TextField(default="")
    vouched_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(default=ClaimState.ASSERTED)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    lost_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "initiatives_claim"
        ordering = ["made_at", "id"]
        constraints = [
            about_one_thing("initiatives_claim_about_one_thing"),
            models.CheckConstraint(condition=Q(basis__in=list(Basis)), name="initiatives_claim_basis_known"),
            models.CheckConstraint(condition=Q(state__in=list(ClaimState)), name="initiatives_claim_state_known"),
            models.UniqueConstraint(
                fields=["initiative", "unit"],
                condition=Q(state__in=sorted(OPEN_CLAIM), initiative__isnull=False),
                name="initiatives_claim_one_per_unit",
            ),
            models.UniqueConstraint(
                fields=["capability", "unit"],
                condition=Q(state__in=sorted(OPEN_CLAIM), capability__isnull=False),
                name="initiatives_claim_one_per_unit_on_capability",
            ),
            models.UniqueConstraint(
                fields=["initiative"],
                condition=Q(state=ClaimState.OWNER, initiative__isnull=False),
                name="initiatives_claim_one_owner",
            ),
            models.UniqueConstraint(
                fields=["capability"],
                condition=Q(state=ClaimState.OWNER, capability__isnull=False),
                name="initiatives_claim_one_owner_of_capability",
            ),
        ]
