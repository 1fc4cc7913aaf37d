"""A batch: records that a provider answers later."""

from django.db import models
from django.db.models import F, Q

from governance.core.ids import uuid7
from governance.destinations.models import Destination
from governance.gateway.models.exchanges import Exchange
from governance.initiatives.models import Initiative


class Batch(models.Model):
    """What a provider began for an initiative. Its id is the one the caller knows; `provider_id` the provider's.

    `is_file`: nothing has begun, these are the records that a batch can be begun with; `input` is the file a batch was begun with.
    `tokens_in` and `tokens_out` are what its records may use.

    `charged` is what budgets were charged for them: {"price": [sent, answered], "takings": [[limit, since, kind, amount]]}; at
    `counted_at` what they really used took its place.

    `sealed` is what it takes to read the answers: whose placeholders stand in which record (see gateway.batches). It is forgotten
    at `expires_at`. `seen` is how the provider said it stands, at `seen_at`: numbers, times and single words.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    exchange = models.OneToOneField(Exchange, on_delete=models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="+")
    dialect = models.TextField()
    model = models.TextField()
    provider_id = models.TextField()
    is_file = models.BooleanField(db_default=False)
    input = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    records = models.PositiveIntegerField()
    tokens_in = models.PositiveBigIntegerField(db_default=0)
    tokens_out = models.PositiveBigIntegerField(db_default=0)
    charged = models.JSONField(db_default={})
    counted_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    seen = models.JSONField(default=dict)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "gateway_batch"
        ordering = ["-begun_at", "-id"]
        indexes = [
            models.Index(fields=["initiative", "-begun_at", "-id"], name="gateway_batch_initiative"),
            models.Index(fields=["expires_at"], condition=Q(sealed__isnull=False), name="gateway_batch_unforgotten"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["destination", "provider_id"], name="gateway_batch_once"),
            models.CheckConstraint(condition=Q(records__gte=1), name="gateway_batch_not_empty"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("begun_at")), name="gateway_batch_expires_later"),
            models.CheckConstraint(condition=Q(is_file=False) | Q(input=None), name="gateway_batch_file_or_begun"),
        ]
