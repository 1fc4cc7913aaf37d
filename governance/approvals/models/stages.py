"""Who must decide a version, in what order, and who was reminded."""

from django.db import models
from django.db.models import Q

from governance.approvals.models.requests import Revision
from governance.approvals.rules import DECIDED_STAGE, LIVE_STAGE, Quorum, StageState
from governance.approvals.timing import ReminderKind
from governance.core.ids import uuid7
from governance.organisation.models import Person, Unit


class Stage(models.Model):
    """One step of the route of a revision. It opens when every stage that `after` names is passed.

    `position` is its depth in that order, for showing. `sla_hours` are working hours; None: nobody is hurried.
    In a `blind` stage nobody sees what another said until every seat has spoken.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="stages")
    position = models.PositiveSmallIntegerField()
    name = models.TextField()
    reason = models.TextField()  # why this stage is asked, or why it is skipped
    quorum = models.TextField(default=Quorum.ALL)
    needed = models.PositiveSmallIntegerField(default=1)
    after = models.JSONField(default=list)
    blind = models.BooleanField(default=False)
    sla_hours = models.PositiveSmallIntegerField(null=True)
    state = models.TextField(default=StageState.WAITING)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    next_step = models.PositiveSmallIntegerField(default=0)  # see approvals.timing
    next_reminder_at = models.DateTimeField(null=True)  # None: nothing is due by time

    class Meta:
        db_table = "approvals_stage"
        ordering = ["position", "id"]
        indexes = [
            models.Index(
                fields=["next_reminder_at"],
                condition=Q(next_reminder_at__isnull=False),
                name="approvals_stage_reminder",
            ),
            models.Index(fields=["revision"], condition=Q(state__in=sorted(LIVE_STAGE)), name="approvals_stage_live"),
            models.Index(fields=["closed_at"], condition=Q(closed_at__isnull=False), name="approvals_stage_closed"),
            models.Index(
                fields=["name", "-closed_at"],
                include=["opened_at"],
                condition=Q(state__in=sorted(DECIDED_STAGE)),
                name="approvals_stage_decided",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(StageState)), name="approvals_stage_state_known"),
            models.CheckConstraint(condition=Q(quorum__in=list(Quorum)), name="approvals_stage_quorum_known"),
            models.CheckConstraint(condition=Q(needed__gte=1), name="approvals_stage_needs_somebody"),
        ]


class Slot(models.Model):
    """A seat in a stage: one person holding `role` on `unit` or above it, or one of `people`, must fill it.

    `group` names the side it speaks for: a stage needs at least one voice from each side. "" belongs to none.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="slots")
    label = models.TextField()  # "steward of Claims letters 2024"
    role = models.TextField(default="")  # "" when the people are named
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    people = models.JSONField(default=list)  # ids; empty when a role is asked
    group = models.TextField(default="")
    # The decision that fills this seat though it was given in another: in an earlier revision that differs in nothing
    # material, or by the same person in the seat of another unit's steward beside it.
    carried = models.ForeignKey("Decision", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "approvals_slot"
        ordering = ["label", "id"]


class Candidate(models.Model):
    """Who may fill a slot, frozen when its stage opens; those named later, because others were silent, say why.

    `live` until the review of that version ends: an inbox looks only among these, not among all that was ever asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="candidates")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(default="")  # why named without the role: "" for whoever holds it
    live = models.BooleanField(default=True)

    class Meta:
        db_table = "approvals_candidate"
        indexes = [models.Index(fields=["person"], condition=Q(live=True), name="approvals_candidate_live")]
        constraints = [models.UniqueConstraint(fields=["slot", "person"], name="approvals_candidate_once")]


class Reminder(models.Model):
    """A step taken because somebody is silent: a seat of a stage, or, where `slot` is None, the asker who owes an answer.

    `person` is who was named by it, None where those asked already were told again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="reminders")
    slot = models.ForeignKey(Slot, null=True, on_delete=models.PROTECT, related_name="reminders")
    step = models.PositiveSmallIntegerField()
    kind = models.TextField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "approvals_reminder"
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(ReminderKind)), name="approvals_reminder_kind_known"),
            models.UniqueConstraint(fields=["slot", "step"], name="approvals_reminder_once_per_step"),
            models.UniqueConstraint(
                fields=["revision", "step"], condition=Q(slot=None), name="approvals_reminder_once_per_warning"
            ),
        ]
