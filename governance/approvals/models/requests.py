"""What is asked, version by version, and what was said and seen of it."""

from django.db import models
from django.db.models import Q

from governance.approvals.models.workflows import Workflow
from governance.approvals.rules import OPEN_REQUEST, RequestState
from governance.core.ids import uuid7
from governance.organisation.models import Person, Unit


class Request(models.Model):
    """A request for approval. `subject_kind` names an entry of APPROVAL_SUBJECTS, `subject_id` its row, as text."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveBigIntegerField(unique=True)
    subject_kind = models.TextField()
    subject_id = models.UUIDField()
    title = models.TextField()  # the sentence that is decided: "... wants to send claims data to ..."
    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(default=RequestState.SUBMITTED)
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    # While the asker owes an answer (changes requested, stale): when the request lapses, and when they are warned next.
    answer_due_at = models.DateTimeField(null=True)
    next_reminder_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "approvals_request"
        ordering = ["-opened_at", "id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="approvals_request_subject"),
            models.Index(fields=["requester", "-opened_at"], name="approvals_request_asked"),
            models.Index(fields=["opened_at"], name="approvals_request_opened"),
            models.Index(fields=["decided_at"], name="approvals_request_decided"),
            models.Index(
                fields=["opened_at", "id"], condition=Q(state__in=sorted(OPEN_REQUEST)), name="approvals_request_open"
            ),
            models.Index(
                fields=["next_reminder_at"],
                condition=Q(next_reminder_at__isnull=False),
                name="approvals_request_reminder",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(RequestState)), name="approvals_request_state_known"),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=Q(state__in=sorted(OPEN_REQUEST)),
                name="approvals_request_one_open",
            ),
        ]


class Revision(models.Model):
    """What is asked, as of one edit. Decisions bind to its digest."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    digest = models.TextField()
    facts = models.JSONField()  # what the policy was asked with
    attached = models.JSONField(default=list)  # conditions the workflow attaches: see approvals/attached.py
    authors = models.JSONField(default=list)  # ids of the people who wrote part of it: none of them may decide it
    likeness = models.TextField(default="")  # equal for requests for the same data, the same way, to the same place
    editor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "approvals_revision"
        ordering = ["number"]
        indexes = [models.Index(fields=["likeness"], condition=~Q(likeness=""), name="approvals_revision_likeness")]
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="approvals_revision_number_once")]


class Comment(models.Model):
    """A remark on a request, shown to everyone in it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    told = models.JSONField(default=list)  # ids of the people it mentions, each of whom may read the request
    at = models.DateTimeField()

    class Meta:
        db_table = "approvals_comment"
        ordering = ["at", "id"]


class Look(models.Model):
    """Somebody who can decide a request had it open at `at`. Others of their pool take up another one meanwhile."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="looks")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "approvals_look"
        constraints = [models.UniqueConstraint(fields=["request", "person"], name="approvals_look_once")]
