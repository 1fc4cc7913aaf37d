"""What those who were asked said."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from governance.approvals.models.requests import Request, Revision
from governance.approvals.models.stages import Slot
from governance.approvals.models.workflows import Workflow
from governance.approvals.overriding import OverrideVerdict
from governance.approvals.rules import DecisionKind
from governance.approvals.suggesting import SuggestionState
from governance.core.ids import uuid7
from governance.organisation.models import Person


class Decision(models.Model):
    """What somebody said about exactly this digest. Never changed, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="decisions")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="decisions")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="decisions")
    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT, related_name="+")
    digest = models.TextField()
    kind = models.TextField()
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    comment = models.TextField(default="")
    conditions = models.JSONField(default=dict)  # see approvals/binding.py; tied to a yes
    at = models.DateTimeField()

    class Meta:
        db_table = "approvals_decision"
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["at"], name="approvals_decision_at"),
            models.Index(fields=["actor", "-at"], include=["request"], name="approvals_decision_by_actor"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(DecisionKind)), name="approvals_decision_kind_known"),
            models.CheckConstraint(
                condition=Q(on_behalf_of=None) | ~Q(on_behalf_of=F("actor")), name="approvals_decision_for_another"
            ),
            models.UniqueConstraint(fields=["slot"], name="approvals_decision_one_per_slot"),
            models.UniqueConstraint(fields=["revision", "actor"], name="approvals_decision_one_voice_per_revision"),
            models.UniqueConstraint(fields=["revision", "on_behalf_of"], name="approvals_decision_spoken_for_once"),
        ]


class Suggestion(models.Model):
    """The change that `decision` asks for, whole like a revision. `counts`: sent so, it is the writer's yes: `given`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="suggestion")
    body = models.JSONField()
    digest = models.TextField()
    facts = models.JSONField()
    counts = models.BooleanField()
    state = models.TextField(default=SuggestionState.OPEN)
    answer = models.TextField(default="")
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    given = models.OneToOneField(Decision, null=True, on_delete=models.PROTECT, related_name="came_of")

    class Meta:
        db_table = "approvals_suggestion"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(SuggestionState)), name="approvals_suggestion_known")
        ]


class Override(models.Model):
    """Two people set the decision on a revision aside, for at most a day. Without the second nothing happens."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="overrides")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    hours = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # when its effect was undone
    verdict = models.TextField(default="")
    reviewed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    finding = models.TextField(default="")  # what the reviewer says of it

    class Meta:
        db_table = "approvals_override"
        ordering = ["-asked_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=24), name="approvals_override_within_a_day"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")), name="approvals_override_takes_two"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__lte=F("starts_at") + timedelta(hours=24)),
                name="approvals_override_ends_within_a_day",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["", *OverrideVerdict]), name="approvals_override_verdict_known"
            ),
            models.UniqueConstraint(
                fields=["revision"], condition=~Q(confirmed_by=None), name="approvals_override_once_per_revision"
            ),
        ]
