"""The approved scope of an initiative and the grants it gives."""

from django.db import models
from django.db.models import F, Q

from governance.catalogue.models import Dataset, EvaluationSet
from governance.core.ids import uuid7
from governance.core.vocabulary import Mode, Purpose
from governance.destinations.models import Destination, Terms
from governance.initiatives.models import Initiative
from governance.organisation.models import Person, Unit
from governance.remits.allocations import USUAL_ROUND_DAYS, Division, EntryState, RoundState, Scarcity
from governance.remits.evidence import ExamOutcome
from governance.remits.recertifying import OPEN_RECERTIFICATION, RecertificationState
from governance.remits.rules import GrantState, PatternState, RemitState, SampleOutcome


class Pattern(models.Model):
    """A remit template approved once. A request wholly inside it is decided at once and sampled afterwards.

    `body` bounds a request: see `remits.rules.covers`. `sampling_rate` is the share, 0 to 1, that is looked at later.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.TextField()
    version = models.PositiveIntegerField(default=1)
    body = models.JSONField()
    digest = models.TextField()
    state = models.TextField(default=PatternState.DRAFT)
    sandbox = models.BooleanField(default=False)
    sampling_rate = models.FloatField(default=0.1)
    owner_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)  # when it was last said that it ends

    class Meta:
        db_table = "remits_pattern"
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="remits_pattern_version_once"),
            models.CheckConstraint(condition=Q(state__in=list(PatternState)), name="remits_pattern_state_known"),
            models.CheckConstraint(
                condition=Q(sampling_rate__gte=0, sampling_rate__lte=1), name="remits_pattern_sampling_rate_0_to_1"
            ),
        ]


class Remit(models.Model):
    """One version of an initiative's scope. `body` is canonical (RFC 8785) once submitted and `digest` is over it.

    A draft keeps the wizard's unfinished answers in `body`; `revision` guards it against stale forms.
    `sandbox` marks the small remit every initiative gets at submission; it counts its versions apart.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    body = models.JSONField()
    digest = models.TextField(default="")
    state = models.TextField(default=RemitState.DRAFT)
    sandbox = models.BooleanField(default=False)
    pattern = models.ForeignKey(Pattern, null=True, on_delete=models.PROTECT, related_name="+")
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    authors = models.JSONField(default=list)  # ids of everybody who saved a draft: none of them may decide it
    submitted_at = models.DateTimeField(null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "remits_remit"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "sandbox", "version"], name="remits_remit_version_once"),
            models.CheckConstraint(condition=Q(state__in=list(RemitState)), name="remits_remit_state_known"),
            models.UniqueConstraint(
                fields=["initiative", "sandbox"],
                condition=Q(state=RemitState.APPROVED),
                name="remits_remit_one_in_force",
            ),
        ]


class Grant(models.Model):
    """The right to use a dataset, for a purpose, in a mode, toward a destination, over [starts_at, ends_at).

    `conditions` is {"redact": [types], "calls_per_day": n or null, "ruleset": "strict" or "standard"}.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    remit = models.ForeignKey(Remit, on_delete=models.PROTECT, related_name="grants")
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField()
    mode = models.TextField()
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="+")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+")
    conditions = models.JSONField(default=dict)
    state = models.TextField(default=GrantState.PENDING)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField()
    recertify_at = models.DateTimeField(null=True)
    rests_because = models.JSONField(default=list)  # while suspended: all the reasons, of which each goes by itself
    by_override = models.BooleanField(default=False)  # for at most a day, though the remit is not approved

    class Meta:
        db_table = "remits_grant"
        ordering = ["ends_at", "id"]
        indexes = [
            models.Index(
                fields=["initiative", "destination", "mode"],
                condition=Q(state__in=[GrantState.ACTIVE, GrantState.GRACE]),
                name="remits_grant_usable",
            ),
            models.Index(
                fields=["recertify_at"], condition=Q(recertify_at__isnull=False), name="remits_grant_recertify"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(GrantState)), name="remits_grant_state_known"),
            models.CheckConstraint(condition=Q(purpose__in=list(Purpose)), name="remits_grant_purpose_known"),
            models.CheckConstraint(condition=Q(mode__in=list(Mode)), name="remits_grant_mode_known"),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at__gt=F("starts_at")), name="remits_grant_ends_later"
            ),
            models.UniqueConstraint(
                fields=["remit", "dataset", "purpose", "mode", "destination"],
                condition=Q(by_override=False),
                name="remits_grant_once_per_remit",
            ),
        ]


class Recertification(models.Model):
    """The question whether a grant is still needed, and what became of it. `due_at` is when grace begins without answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="recertifications")
    reason = models.TextField()
    state = models.TextField(default=RecertificationState.ASKED)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    grace_ends_at = models.DateTimeField(null=True)
    warnings = models.PositiveSmallIntegerField(default=0)
    next_reminder_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    comment = models.TextField(default="")

    class Meta:
        db_table = "remits_recertification"
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(
                fields=["next_reminder_at"],
                condition=Q(next_reminder_at__isnull=False),
                name="remits_recertify_reminder",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(RecertificationState)), name="remits_recertification_state_known"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("answered_by")),
                name="remits_recertification_two_people",
            ),
            models.UniqueConstraint(
                fields=["grant"],
                condition=Q(state__in=sorted(OPEN_RECERTIFICATION)),
                name="remits_recertification_one_open",
            ),
        ]


class Sample(models.Model):
    """A remit decided by a pattern and picked for a look afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    remit = models.OneToOneField(Remit, on_delete=models.PROTECT, related_name="sample")
    pattern = models.ForeignKey(Pattern, on_delete=models.PROTECT, related_name="+")
    picked_at = models.DateTimeField()
    outcome = models.TextField(null=True)
    reviewed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    comment = models.TextField(default="")

    class Meta:
        db_table = "remits_sample"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=None) | Q(outcome__in=list(SampleOutcome)), name="remits_sample_outcome_known"
            ),
        ]


class ScarceDataset(models.Model):
    """A dataset that its steward marked: requests for it enter a round of `round_days` days. `until` None: until unmarked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dataset = models.OneToOneField(Dataset, on_delete=models.PROTECT, related_name="+")
    scarcity = models.TextField()
    why = models.TextField()
    until_at = models.DateTimeField(null=True)
    round_days = models.PositiveIntegerField(default=USUAL_ROUND_DAYS)
    marked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        db_table = "remits_scarce_dataset"
        constraints = [
            models.CheckConstraint(
                condition=Q(scarcity__in=list(Scarcity)), name="remits_scarce_dataset_scarcity_known"
            ),
        ]


class Allocation(models.Model):
    """A round over one dataset: requests enter until `closes_at`; then it is awarded with reasons."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(default=RoundState.OPEN)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    division = models.TextField(default="", blank=True)
    reasons = models.TextField(default="", blank=True)
    awarded_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    awarded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "remits_allocation"
        ordering = ["-opened_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(RoundState)), name="remits_allocation_state_known"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opened_at")), name="remits_allocation_closes_later"),
            models.UniqueConstraint(
                fields=["dataset"], condition=Q(state=RoundState.OPEN), name="remits_allocation_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(state=RoundState.AWARDED)
                | (~Q(reasons="") & Q(division__in=list(Division), awarded_at__isnull=False)),
                name="remits_allocation_awarded_with_reasons",
            ),
        ]


class Entry(models.Model):
    """One request in a round. `starts_at`, `ends_at` and `share` are what it was awarded, if anything."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="entries")
    remit = models.ForeignKey(Remit, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(default=EntryState.WAITING)
    entered_at = models.DateTimeField()
    expected_value = models.TextField(default="", blank=True)
    beneficiaries = models.TextField(default="", blank=True)
    reason = models.TextField(default="", blank=True)
    share = models.TextField(default="", blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "remits_allocation_entry"
        ordering = ["entered_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["allocation", "remit"], name="remits_allocation_entry_once"),
            models.CheckConstraint(condition=Q(state__in=list(EntryState)), name="remits_allocation_entry_state_known"),
        ]


class NamedExam(models.Model):
    """An initiative says that it is measured by this exam."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    exam = models.ForeignKey(EvaluationSet, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        db_table = "remits_named_exam"
        ordering = ["named_at", "id"]
        constraints = [models.UniqueConstraint(fields=["initiative", "exam"], name="remits_named_exam_once")]


class ExamCheck(models.Model):
    """What of an exam stands in a training set of an initiative. The areas above make the check; `subject_id` is theirs.

    `index_digest` names the fingerprints that were looked for, `items` how many they are. `coverage` is the share of the whole exam
    that is there, 0 to 1. `seen` are the items most wholly there: [{"item", "coverage", "line", "records"}].
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    exam = models.ForeignKey(EvaluationSet, on_delete=models.PROTECT, related_name="+")
    subject_id = models.UUIDField()
    subject_title = models.TextField()
    index_digest = models.TextField()
    outcome = models.TextField()
    items = models.PositiveIntegerField()
    items_seen = models.PositiveIntegerField(default=0)
    coverage = models.FloatField(default=0)
    seen = models.JSONField(default=list)
    checked_at = models.DateTimeField()

    class Meta:
        db_table = "remits_exam_check"
        ordering = ["-checked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "exam"], name="remits_exam_check_once"),
            models.CheckConstraint(condition=Q(outcome__in=list(ExamOutcome)), name="remits_exam_check_outcome_known"),
            models.CheckConstraint(
                condition=Q(coverage__gte=0, coverage__lte=1), name="remits_exam_check_coverage_0_to_1"
            ),
        ]
