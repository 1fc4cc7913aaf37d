"""Contests: two or more units claim the same, each says why, somebody rules, and one may appeal."""

from django.db import models
from django.db.models import F, Q

from governance.core.ids import uuid7
from governance.initiatives.models.initiatives import Initiative
from governance.initiatives.models.ownership import Capability, about_one_thing
from governance.initiatives.rules import APPEAL, FIRST, LIVE_CONTEST, ContestState, Outcome
from governance.organisation.models import Person, Unit

LEVELS = [FIRST, APPEAL]


class Contest(models.Model):
    """`interim_unit` answers for it meanwhile. `standing_unit` owned it when it began, None for a capability nobody owned.

    `arbiter_on` is the unit on which the arbiter holds the role; an appeal goes above it. Without an arbiter the clock
    looks for one. `remind_at` is when half the time of this level is over; `reminded_at`, when arbiter and sides were told so.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, null=True, on_delete=models.PROTECT, related_name="contests")
    capability = models.ForeignKey(Capability, null=True, on_delete=models.PROTECT, related_name="contests")
    state = models.TextField(default=ContestState.OPEN)
    level = models.PositiveSmallIntegerField(default=FIRST)
    standing_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    interim_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    arbiter = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    arbiter_on = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    level_opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    remind_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "initiatives_contest"
        ordering = ["-opened_at", "id"]
        indexes = [models.Index(fields=["state", "due_at"], name="initiatives_contest_due")]
        constraints = [
            about_one_thing("initiatives_contest_about_one_thing"),
            models.CheckConstraint(condition=Q(state__in=list(ContestState)), name="initiatives_contest_state_known"),
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="initiatives_contest_level_known"),
            models.CheckConstraint(condition=Q(due_at__gt=F("opened_at")), name="initiatives_contest_due_later"),
            models.UniqueConstraint(
                fields=["initiative"],
                condition=Q(state__in=sorted(LIVE_CONTEST), initiative__isnull=False),
                name="initiatives_contest_one_live",
            ),
            models.UniqueConstraint(
                fields=["capability"],
                condition=Q(state__in=sorted(LIVE_CONTEST), capability__isnull=False),
                name="initiatives_contest_one_live_of_capability",
            ),
        ]


class Statement(models.Model):
    """What one side says, beside what the others say; it may be rewritten until the ruling of its level."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="statements")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    text = models.TextField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "initiatives_statement"
        constraints = [
            models.UniqueConstraint(fields=["contest", "unit", "level"], name="initiatives_statement_one_per_side"),
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="initiatives_statement_level_known"),
        ]


class ContestComment(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "initiatives_contest_comment"
        ordering = ["at", "id"]


class Ruling(models.Model):
    """What was decided and why. `plan` is rules.Plan as JSON; it is carried out once, on `effective_date`.

    Without `ruled_by` the due date passed and the interim owner was confirmed. `ruled_on` is the unit on which the arbiter
    held the role: an appeal goes above it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="rulings")
    level = models.PositiveSmallIntegerField()
    outcome = models.TextField()
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    plan = models.JSONField()
    reasons = models.TextField()
    effective_date = models.DateField()
    effective_at = models.DateTimeField()
    review_date = models.DateField()
    review_told_at = models.DateTimeField(null=True)
    ruled_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ruled_on = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)
    appeal_of = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "initiatives_ruling"
        ordering = ["level"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "level"], name="initiatives_ruling_one_per_level"),
            models.CheckConstraint(condition=Q(outcome__in=list(Outcome)), name="initiatives_ruling_outcome_known"),
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="initiatives_ruling_level_known"),
            models.CheckConstraint(condition=~Q(reasons=""), name="initiatives_ruling_has_reasons"),
        ]


class Appeal(models.Model):
    """A side that lost asks once for a second ruling."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contest = models.OneToOneField(Contest, on_delete=models.PROTECT, related_name="appeal")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reasons = models.TextField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "initiatives_appeal"
