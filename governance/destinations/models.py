"""Where data can go, and on what terms."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from governance.core.ids import uuid7
from governance.core.vocabulary import Classification, Hosting, WeightsOwner
from governance.destinations.rules import DestinationState, Dialect, ReplyCheck
from governance.organisation.models import Person


class Provider(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.TextField(unique=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "destinations_provider"
        ordering = ["name"]


class Destination(models.Model):
    """A provider, its models and an endpoint. Builders write `<ref>/<model>`; `model_names` lists exact names.

    `cidrs` are the networks a self-hosted destination may resolve to; empty for a public API.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="destinations")
    ref = models.TextField(unique=True)
    title = models.TextField()
    model_names = ArrayField(models.TextField())
    dialect = models.TextField()
    base_url = models.TextField()
    region = models.TextField()
    hosting = models.TextField()
    cidrs = ArrayField(models.TextField(), default=list)
    state = models.TextField(default=DestinationState.PROPOSED)
    state_reason = models.TextField(default="")  # why it was suspended, in the words of who did it
    unread = ArrayField(models.TextField(), default=list)  # kinds of opaque content that may go there
    reply_check = models.TextField(default=ReplyCheck.WINDOW)
    stand_in = models.BooleanField(default=False)  # Remit's own demo provider, never a real one
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "destinations_destination"
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dialect__in=list(Dialect)), name="destinations_destination_dialect_known"
            ),
            models.CheckConstraint(
                condition=Q(hosting__in=list(Hosting)), name="destinations_destination_hosting_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(DestinationState)), name="destinations_destination_state_known"
            ),
            models.CheckConstraint(
                condition=Q(reply_check__in=list(ReplyCheck)), name="destinations_destination_reply_check_known"
            ),
        ]


class Terms(models.Model):
    """One version of what a destination promises. Immutable; the newest with `in_force_from` in the past holds.

    Prices are in micro-euro per million tokens, so that no sum is ever rounded.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="terms")
    version = models.PositiveIntegerField()
    retention_days = models.PositiveIntegerField()
    trains_on_inputs = models.BooleanField()
    weights_owner = models.TextField()
    cleared_for = models.TextField()
    price_in = models.PositiveBigIntegerField(null=True)
    price_out = models.PositiveBigIntegerField(null=True)
    contract = models.TextField(default="")
    digest = models.TextField()
    in_force_from = models.DateTimeField()

    class Meta:
        db_table = "destinations_terms"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["destination", "version"], name="destinations_terms_version_once"),
            models.CheckConstraint(
                condition=Q(cleared_for__in=list(Classification)), name="destinations_terms_cleared_for_known"
            ),
            models.CheckConstraint(
                condition=Q(weights_owner__in=list(WeightsOwner)), name="destinations_terms_weights_owner_known"
            ),
        ]


class Price(models.Model):
    """What a model costs from a moment on, "" for every model without a price of its own. Immutable; the newest in force holds.

    Micro-euro per million tokens. The terms may name a price, too: it counts where there is none here.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="prices")
    model = models.TextField(default="")
    price_in = models.PositiveBigIntegerField()
    price_out = models.PositiveBigIntegerField()
    in_force_from = models.DateTimeField()
    set_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        db_table = "destinations_price"
        ordering = ["-in_force_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["destination", "model", "in_force_from"], name="destinations_price_once_at_a_moment"
            )
        ]


class ProviderKey(models.Model):
    """A destination's key, sealed to the gateway's public key: web can write it, only the gateway can open it.

    A replaced key loses its sealed bytes; the last four characters and the dates stay.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="keys")
    sealed = models.BinaryField()
    last_four = models.TextField()
    set_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "destinations_provider_key"
        constraints = [
            models.UniqueConstraint(
                fields=["destination"], condition=Q(replaced_at=None), name="destinations_provider_key_one_in_use"
            ),
        ]
