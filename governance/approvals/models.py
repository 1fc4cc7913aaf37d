"""How a human decision is asked, in what order, who must give it, and what they said."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from governance.approvals.drafting import DraftState, ReplayState
from governance.approvals.overriding import OverrideVerdict
from governance.approvals.rules import (
    DECIDED_STAGE,
    LIVE_STAGE,
    OPEN_REQUEST,
    DecisionKind,
    Quorum,
    RequestState,
    StageState,
)
from governance.approvals.suggesting import SuggestionState
from governance.approvals.timing import ReminderKind
from governance.core.ids import uuid7
from governance.organisation.models import Person, Unit


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


class Look(models.Model):
    """Somebody who can decide a request had it open at `at`. Others of their pool take up another one meanwhile."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="looks")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "approvals_look"
        constraints = [models.UniqueConstraint(fields=["request", "person"], name="approvals_look_once")]


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
