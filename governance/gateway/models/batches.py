"""A batch: records that a provider answers later."""

from django.db import models
from django.db.models import F, Q

from governance.core.ids import uuid7
from governance.destinations.models import Destination
from governance.gateway.models.exchanges import Exchange
from governance.initiatives.models import Initiative


class Batch(models.Model):
    """What a provider began for an initiative. Its id is the one the caller knows; `provider_id` the provider's.

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
    records = models.PositiveIntegerField()
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
        ]
