"""A call, and what a ruleset in shadow would have decided of it."""

from django.db import models
from django.db.models import Q

from governance.core.ids import uuid7
from governance.core.vocabulary import Mode
from governance.destinations.models import Destination
from governance.gateway.comparing import Effect
from governance.gateway.rules import ExchangeState, Provenance
from governance.initiatives.models import Initiative
from governance.organisation.models import Key, Unit
from governance.remits.models import Remit
from governance.scanning.models import Scan


class Exchange(models.Model):
    """One call: who, toward where, what was decided, what came of it. Never the text.

    `request_digest` is the SHA-256 of the bytes that leave (after redaction); `keyed_digest` the HMAC of the request as
    it came in, by which a justification finds it. `counts` is {type: number of findings}. `timings` are milliseconds.
    `error_code` is the stable code of a refusal or fault. `reasons` are [{"rule", "sentence", "type", "action"}], each once.
    What came back has the same under `reply_*`; `reply_check` is how it was checked, "" when nothing came.
    `records` is how many calls it stands for: those of a batch, none where only the state of one was asked for.
    `run` is the run of an agent it named, None where it named none.
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
    records = models.PositiveIntegerField(db_default=1)
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
    # Indexed below, for those that name one: a call without a run pays for none.
    run = models.ForeignKey("Run", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
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
            models.Index(fields=["run", "at"], condition=Q(run__isnull=False), name="gateway_exchange_run"),
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
