"""Calls through the gateway. The gateway process writes these tables with its own SQL, in governance/gateway/services."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from governance.core.ids import uuid7
from governance.core.vocabulary import Mode
from governance.destinations.models import Destination, Terms
from governance.gateway.comparing import Effect
from governance.gateway.limits import LimitKind, LimitScope, Period
from governance.gateway.observing import LONGEST_DAYS, OPEN_OBSERVATION, ObservationState
from governance.gateway.rules import ExchangeState, JustificationOutcome, Provenance
from governance.gateway.stopping import StopScope
from governance.initiatives.models import Initiative
from governance.organisation.models import Key, Person, Unit
from governance.remits.models import Remit
from governance.scanning.models import Scan


class Exchange(models.Model):
    """One call: who, toward where, what was decided, what came of it. Never the text.

    `request_digest` is the SHA-256 of the bytes that leave (after redaction); `keyed_digest` the HMAC of the request as
    it came in, by which a justification finds it. `counts` is {type: number of findings}. `timings` are milliseconds.
    `error_code` is the stable code of a refusal or fault. `reasons` are [{"rule", "sentence", "type", "action"}], each once.
    What came back has the same under `reply_*`; `reply_check` is how it was checked, "" when nothing came.
    `observation` is the period in which most rules were only observed; `would_be` the verdict had they held, "" outside of one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    key = models.ForeignKey(Key, null=True, on_delete=models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    remit = models.ForeignKey(Remit, null=True, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Destination, null=True, on_delete=models.PROTECT, related_name="+")
    scan = models.ForeignKey(Scan, null=True, on_delete=models.PROTECT, related_name="+")
    surface = models.TextField()  # "openai.chat_completions"
    model = models.TextField(default="")
    mode = models.TextField(default=Mode.PROMPT)
    end_user = models.TextField(default="")  # unverified, from X-Remit-Actor
    verified_user = models.TextField(db_default="")  # from a token that held; "" where no issuer is set
    provenance = models.TextField(default=Provenance.UNKNOWN)
    datasets = models.JSONField(default=list)
    stream = models.BooleanField(default=False)
    request_digest = models.TextField(default="")
    keyed_digest = models.BinaryField(null=True)
    ruleset_digest = models.TextField(default="")
    verdict = models.TextField()
    error_code = models.TextField(default="")
    counts = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    bytes_in = models.PositiveBigIntegerField(default=0)
    bytes_out = models.PositiveBigIntegerField(default=0)
    tokens_in = models.PositiveIntegerField(null=True)
    tokens_out = models.PositiveIntegerField(null=True)
    cost = models.PositiveBigIntegerField(null=True)  # micro-euro
    timings = models.JSONField(default=dict)
    # Defaults of the database: an intent is written before there is an answer.
    reply_check = models.TextField(db_default="")
    reply_verdict = models.TextField(db_default="")
    reply_counts = models.JSONField(db_default={})
    reply_reasons = models.JSONField(db_default=[])
    reply_scan = models.ForeignKey(Scan, null=True, on_delete=models.PROTECT, related_name="+")
    observation = models.ForeignKey("Observation", null=True, on_delete=models.PROTECT, related_name="+")
    would_be = models.TextField(db_default="")
    reply_would_be = models.TextField(db_default="")
    state = models.TextField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "gateway_exchange"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["initiative", "-at"], name="gateway_exchange_initiative"),
            models.Index(fields=["unit", "-at"], name="gateway_exchange_unit"),
            models.Index(fields=["-at"], name="gateway_exchange_at"),
            models.Index(fields=["state", "-at"], name="gateway_exchange_state"),
            models.Index(fields=["keyed_digest"], name="gateway_exchange_digest"),
            models.Index(
                fields=["observation", "-at"], condition=Q(observation__isnull=False), name="gateway_exchange_observed"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(ExchangeState)), name="gateway_exchange_state_known"),
            models.CheckConstraint(
                condition=Q(provenance__in=list(Provenance)), name="gateway_exchange_provenance_known"
            ),
        ]


class Comparison(models.Model):
    """What a version of the ruleset that ran in shadow would have decided of a call, beside what was decided.

    `kinds` are [{"type", "before", "after", "count"}]: findings that would have been met otherwise (see gateway.comparing).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    exchange = models.OneToOneField(Exchange, on_delete=models.PROTECT, related_name="+")
    ruleset_digest = models.TextField()
    effect = models.TextField()
    verdict = models.TextField()
    kinds = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        db_table = "gateway_comparison"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["ruleset_digest", "effect", "-at", "-id"], name="gateway_comparison_of_ruleset"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(effect__in=list(Effect)), name="gateway_comparison_effect_known"),
        ]


class Justification(models.Model):
    """A signed-in member's reason for exactly this request: one use within fifteen minutes, reviewed afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    keyed_digest = models.BinaryField()
    reason = models.TextField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    outcome = models.TextField(null=True)

    class Meta:
        db_table = "gateway_justification"
        ordering = ["-made_at", "id"]
        indexes = [
            models.Index(fields=["keyed_digest"], condition=Q(used_at=None), name="gateway_justification_unused"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="gateway_justification_expires_later"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("person")),
                name="gateway_justification_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(outcome=None) | Q(outcome__in=list(JustificationOutcome)),
                name="gateway_justification_outcome_known",
            ),
        ]


class Release(models.Model):
    """Two people let exactly this held request pass: one use within a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    exchange = models.OneToOneField(Exchange, on_delete=models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    keyed_digest = models.BinaryField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "gateway_release"
        ordering = ["-made_at", "id"]
        indexes = [models.Index(fields=["keyed_digest"], condition=Q(used_at=None), name="gateway_release_unused")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="gateway_release_expires_later"),
        ]


class Stop(models.Model):
    """What it names sends nothing until two people lift it. A drill holds nothing up: it measures how soon a stop would hold.

    `placed_at` is of the database's clock, as the times of its effects are. `awaited` names the gateway processes alive then.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scope = models.TextField()
    initiative = models.ForeignKey(Initiative, null=True, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Destination, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    drill = models.BooleanField(default=False)
    reason = models.TextField()
    awaited = models.JSONField(default=list)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    placed_at = models.DateTimeField(db_default=Now())
    lift_asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    lift_asked_at = models.DateTimeField(null=True)
    lift_reason = models.TextField(default="")
    lifted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "gateway_stop"
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["scope"], condition=Q(lifted_at=None, drill=False), name="gateway_stop_in_force"),
            models.Index(fields=["-made_at"], name="gateway_stop_made_at"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "initiative", "destination", "person"],
                condition=Q(lifted_at=None, drill=False),
                nulls_distinct=False,
                name="gateway_stop_once_in_force",
            ),
            models.CheckConstraint(
                condition=Q(scope=StopScope.EVERYTHING, initiative=None, destination=None, person=None)
                | Q(scope=StopScope.DESTINATION, initiative=None, destination__isnull=False, person=None)
                | Q(scope=StopScope.INITIATIVE, initiative__isnull=False, destination=None, person=None)
                | Q(scope=StopScope.PERSON, initiative=None, destination=None, person__isnull=False),
                name="gateway_stop_names_its_scope",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(drill=False, lifted_at__isnull=False, lift_asked_by__isnull=False, lifted_by__isnull=False)
                & ~Q(lifted_by=F("lift_asked_by")),
                name="gateway_stop_lifted_by_two",
            ),
        ]


class StopEffect(models.Model):
    """One gateway process had stopped: `milliseconds` after the stop was placed, `calls` of its own ended or, in a drill, seen."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stop = models.ForeignKey(Stop, on_delete=models.PROTECT, related_name="effects")
    process = models.TextField()
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    calls = models.PositiveIntegerField()

    class Meta:
        db_table = "gateway_stop_effect"
        ordering = ["milliseconds", "process"]
        constraints = [models.UniqueConstraint(fields=["stop", "process"], name="gateway_stop_effect_once")]


class Limit(models.Model):
    """What one key, one initiative, or a unit with all below it may use: calls a minute, tokens or micro-euro a day or month.

    That of a key names its initiative too. A limit that was ended stays; what it was before it was changed stands in the log.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scope = models.TextField()
    key = models.ForeignKey(Key, null=True, on_delete=models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    period = models.TextField()
    amount = models.PositiveBigIntegerField()
    set_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "gateway_limit"
        ordering = ["scope", "set_at", "id"]
        indexes = [
            models.Index(fields=["key"], condition=Q(ended_at=None), name="gateway_limit_key"),
            models.Index(fields=["initiative"], condition=Q(ended_at=None), name="gateway_limit_initiative"),
            models.Index(fields=["unit"], condition=Q(ended_at=None), name="gateway_limit_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "initiative", "unit", "kind", "period"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="gateway_limit_once",
            ),
            models.CheckConstraint(
                condition=Q(scope=LimitScope.KEY, key__isnull=False, initiative__isnull=False, unit=None)
                | Q(scope=LimitScope.INITIATIVE, key=None, initiative__isnull=False, unit=None)
                | Q(scope=LimitScope.UNIT, key=None, initiative=None, unit__isnull=False),
                name="gateway_limit_names_its_scope",
            ),
            models.CheckConstraint(
                condition=Q(kind=LimitKind.CALLS, period=Period.MINUTE)
                | Q(kind__in=[LimitKind.TOKENS, LimitKind.COST], period__in=[Period.DAY, Period.MONTH]),
                name="gateway_limit_period_fits",
            ),
            models.CheckConstraint(condition=Q(amount__gte=1), name="gateway_limit_is_something"),
        ]


class Spending(models.Model):
    """What was used of a budget in the period that began at `since`, and what calls under way have set aside.

    `told`: the share in per cent, of those people are told at, that they were told of. A call whose end nobody wrote down keeps
    what it set aside: it was possibly sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    limit = models.ForeignKey(Limit, on_delete=models.PROTECT, related_name="spending")
    since = models.DateTimeField()
    reserved = models.BigIntegerField()
    spent = models.BigIntegerField()
    told = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "gateway_spending"
        constraints = [models.UniqueConstraint(fields=["limit", "since"], name="gateway_spending_once")]


class Observation(models.Model):
    """One initiative toward one destination: while it is in force most rules are only observed. Asked for, and decided by security.

    `terms` are those that were decided on. `days` is how long it was asked for; `starts_at` and `ends_at` stand once it was approved,
    and `ends_at` moves when it is ended early.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="+")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    reason = models.TextField()
    state = models.TextField(default=ObservationState.ASKED)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_because = models.TextField(default="")
    end_reason = models.TextField(default="")

    class Meta:
        db_table = "gateway_observation"
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(
                fields=["initiative", "destination"],
                condition=Q(state=ObservationState.IN_FORCE),
                name="gateway_observation_in_force",
            ),
            models.Index(fields=["destination", "state"], name="gateway_observation_place"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "destination"],
                condition=Q(state__in=list(OPEN_OBSERVATION)),
                name="gateway_observation_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(ObservationState)), name="gateway_observation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + timedelta(days=LONGEST_DAYS)) | Q(starts_at=None),
                name="gateway_observation_not_longer",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None)
                & ~Q(state__in=[ObservationState.IN_FORCE, ObservationState.ENDED])
                | Q(
                    starts_at__isnull=False,
                    ends_at__gte=F("starts_at"),
                    state__in=[ObservationState.IN_FORCE, ObservationState.ENDED],
                ),
                name="gateway_observation_dated",
            ),
        ]


class EndUserIssuer(models.Model):
    """Who vouches for the end users of an initiative: see gateway.end_users.Issuer. Another takes its place, and it stays as it was."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    header = models.TextField()
    issuer = models.TextField()
    audience = models.TextField()
    claim = models.TextField()
    jwks_url = models.TextField(default="")
    keys = models.JSONField(default=list)
    set_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "gateway_issuer"
        ordering = ["-set_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["initiative"], condition=Q(ended_at=None), name="gateway_issuer_once"),
            models.CheckConstraint(condition=Q(jwks_url="") ^ Q(keys=[]), name="gateway_issuer_keys_from_one_place"),
        ]
