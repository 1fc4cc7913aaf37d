"""Durable jobs, calls that may be repeated, and signs of life."""

from django.db import models
from django.db.models import Q

from governance.core.ids import uuid7
from governance.work.rules import JobState


class Job(models.Model):
    """One piece of work for a worker. This row is the truth; the broker only rings the bell.

    `input` holds ids and numbers, never content. `token` is the fencing token of the present lease: a worker whose
    lease was taken over cannot finish the job. `queue` is the Celery queue whose workers may do it. `next_at` is
    when the next try is due, `published_at` when the bell last rang for it; null: not yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.TextField()
    queue = models.TextField()
    input = models.JSONField()
    state = models.TextField(default=JobState.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True)
    leased_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    dedupe_key = models.TextField(null=True, unique=True)
    enqueued_by = models.TextField()
    enqueued_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    error_code = models.TextField(default="")

    class Meta:
        db_table = "work_job"
        ordering = ["enqueued_at", "id"]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(state__in=[JobState.QUEUED, JobState.LEASED, JobState.FAILED]),
                name="work_job_due",
            ),
            models.Index(fields=["queue", "leased_at"], name="work_job_progress"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(JobState)), name="work_job_state_known"),
        ]


class IdempotentCall(models.Model):
    """One write over REST that a client may repeat: the same key and body give the first answer again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.TextField()
    key = models.TextField()
    body_digest = models.TextField()
    status = models.PositiveSmallIntegerField(null=True)
    response = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "work_idempotent_call"
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="work_idempotent_call_once")]


class Heartbeat(models.Model):
    """The last sign of life of one long-running process."""

    process = models.TextField(primary_key=True)
    kind = models.TextField()
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "work_heartbeat"
