"""The rules that route a request, the next of them in the making, and what they would have done."""

from django.db import models
from django.db.models import Q

from governance.approvals.drafting import DraftState, ReplayState
from governance.core.ids import uuid7
from governance.organisation.models import Person


class Workflow(models.Model):
    """One immutable version of the rules that route a request. Open requests stay on the version they began with."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.TextField()
    version = models.PositiveIntegerField()
    definition = models.JSONField()
    source = models.TextField(default="")  # the text it was written as, with its remarks
    digest = models.TextField()
    active_from = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "approvals_workflow"
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="approvals_workflow_version_once")]


class WorkflowDraft(models.Model):
    """Rules that are being written. `based_on` is the version it would follow, `version` the one it became.

    `revision` guards it against stale forms; `authors` are ids of everybody who saved it: none of them puts it in force.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.TextField()
    source = models.TextField()
    state = models.TextField(default=DraftState.WRITING)
    based_on = models.ForeignKey(Workflow, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Workflow, null=True, on_delete=models.PROTECT, related_name="+")
    authors = models.JSONField(default=list)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "approvals_workflow_draft"
        ordering = ["-changed_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(DraftState)), name="approvals_draft_state_known"),
        ]


class Replay(models.Model):
    """A draft asked about real requests of the past. `report` is what would have been different: see approvals.replaying.

    `digest` is that of the rules that were asked, so that a later edit is not taken for what was replayed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.ForeignKey(WorkflowDraft, on_delete=models.PROTECT, related_name="replays")
    digest = models.TextField()
    definition = models.JSONField()
    state = models.TextField(default=ReplayState.WAITING)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "approvals_replay"
        ordering = ["-asked_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(ReplayState)), name="approvals_replay_state_known"),
        ]
