"""GenAI undertakings and who builds them."""

from django.db import models
from django.db.models import Q

from governance.core.ids import uuid7
from governance.initiatives.rules import AiActClass, InitiativeState, Tier
from governance.organisation.models import Person, Unit


class Initiative(models.Model):
    """One purpose, always exactly one accountable unit. `code` is the readable name in addresses and logs."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.TextField(unique=True)
    title = models.TextField()
    purpose_text = models.TextField()
    state = models.TextField(default=InitiativeState.IDEA)
    tier = models.TextField(default=Tier.LOW)
    ai_act_class = models.TextField(default=AiActClass.MINIMAL)
    accountable_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    human_oversight = models.TextField(default="")
    accuracy_need = models.TextField(default="")
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "initiatives_initiative"
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(InitiativeState)), name="initiatives_initiative_state_known"
            ),
            models.CheckConstraint(condition=Q(tier__in=list(Tier)), name="initiatives_initiative_tier_known"),
            models.CheckConstraint(
                condition=Q(ai_act_class__in=list(AiActClass)), name="initiatives_initiative_ai_act_class_known"
            ),
        ]


class Member(models.Model):
    """A builder of an initiative: may hold its keys and justify its prompts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "initiatives_member"
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "person"], condition=Q(until=None), name="initiatives_member_once"
            ),
        ]
