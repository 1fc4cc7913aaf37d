"""What was scanned, with which rules, and what was found: types and places, never the text."""

from django.db import models
from django.db.models import F, Q

from governance.core.ids import uuid7
from governance.organisation.models import Person, Unit
from governance.scanning.rules import EXAM, HoldAct, HoldState, RulesetMode


class Ruleset(models.Model):
    """One version of everything a verdict depends on. `body` is {"detection": detectors and registers, "policy": rules}.

    `digest` is over the whole body, `detectors` over its detection part alone: that is what a worker must have loaded.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.PositiveIntegerField(unique=True)
    body = models.JSONField()
    digest = models.TextField(unique=True)
    detectors = models.TextField()
    mode = models.TextField(default=RulesetMode.DRAFT)
    made_at = models.DateTimeField()
    maker = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.TextField(default="")
    enforced_at = models.DateTimeField(null=True)  # when it was last put in force, and by whom
    enforced_by = models.TextField(default="")

    class Meta:
        db_table = "scanning_ruleset"
        constraints = [
            models.CheckConstraint(condition=Q(mode__in=list(RulesetMode)), name="scanning_ruleset_mode_known"),
            models.UniqueConstraint(
                fields=["mode"], condition=Q(mode=RulesetMode.ENFORCE), name="scanning_ruleset_one_enforced"
            ),
            models.UniqueConstraint(
                fields=["mode"], condition=Q(mode=RulesetMode.SHADOW), name="scanning_ruleset_one_in_shadow"
            ),
        ]


class Scan(models.Model):
    """One scan. `subject` is text ("exchange:<id>", "training_set:<id>"), `digest` the SHA-256 of what was scanned.

    `unit` is whose text it was; it scopes who may read of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.TextField()
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    digest = models.TextField()
    ruleset_digest = models.TextField()
    receipt = models.JSONField()
    complete = models.BooleanField()
    verdict = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "scanning_scan"
        indexes = [models.Index(fields=["subject", "at"], name="scanning_scan_subject")]


class Finding(models.Model):
    """What a detector found: type and place, and a keyed digest of the value. Never the value.

    `path` names fields of the format; fields that the format does not define are numbered, for a name may be personal data.
    `rule` is the policy's rule that was met and `sentence` what it says to people. `view` is the way in which the text had to be
    read for it to be seen: see detection.views.Kind; "" where nobody wrote it down. `way` is what was put in its place
    (detection.ways.Way), "" where nothing was. `would_be` is what the rule would do were it not only observed, "" where it does.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="findings")
    type = models.TextField()
    subtype = models.TextField(default="")
    detector = models.TextField()
    path = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    score = models.FloatField()
    view = models.TextField(default="")
    action = models.TextField()
    way = models.TextField(db_default="")
    rule = models.TextField()
    sentence = models.TextField(default="")
    would_be = models.TextField(db_default="")
    keyed_digest = models.BinaryField()

    class Meta:
        db_table = "scanning_finding"
        indexes = [
            models.Index(fields=["keyed_digest"], name="scanning_finding_digest"),
            models.Index(fields=["subtype"], condition=Q(type=EXAM), name="scanning_finding_exam"),
            models.Index(fields=["subtype"], condition=Q(type="MARKING"), name="scanning_finding_marking"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="scanning_finding_not_empty"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="scanning_finding_score_0_to_1"),
        ]


class Recogniser(models.Model):
    """What the organisation looks for on its own. `definition` is detection.recognisers.Recogniser as a dict; `version` counts changes.

    The ruleset holds a copy of each that is on: what a scan of the past looked for stands there.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    ref = models.TextField(unique=True)
    title = models.TextField()
    definition = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    is_on = models.BooleanField(default=True)
    owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "scanning_recogniser"
        ordering = ["title", "id"]


class Suppression(models.Model):
    """A finding that was a mistake, by keyed digest, with an owner and an end."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    keyed_digest = models.BinaryField()
    type = models.TextField()
    reason = models.TextField()
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "scanning_suppression"
        indexes = [models.Index(fields=["keyed_digest"], name="scanning_suppression_digest")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="scanning_suppression_ends_later"),
        ]


class MistakeReport(models.Model):
    """Somebody says that a finding is a mistake. An analyst answers by `due_at`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+")
    reported_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    comment = models.TextField(default="")
    reported_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    suppression = models.ForeignKey(Suppression, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(default="")

    class Meta:
        db_table = "scanning_mistake_report"
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["finding"], condition=Q(answered_at=None), name="scanning_mistake_report_one_open"
            ),
        ]


class Hold(models.Model):
    """An exchange or a training set that waits for two people. Its content lies in sealed storage under `storage_ref`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.TextField(unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    digest = models.TextField()
    storage_ref = models.TextField()
    state = models.TextField(default=HoldState.HELD)
    reason = models.TextField()
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "scanning_hold"
        ordering = ["held_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(HoldState)), name="scanning_hold_state_known"),
        ]


class ActOnHold(models.Model):
    """What one person did about something held, and why."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="acts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "scanning_act_on_hold"
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["hold", "person"], condition=Q(kind=HoldAct.RELEASE), name="scanning_act_on_hold_one_release"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(HoldAct)), name="scanning_act_on_hold_kind_known"),
        ]
