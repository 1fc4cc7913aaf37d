"""Training sets on their way to a provider, and the jobs that tune a model with them."""

from django.db import models
from django.db.models import Q

from governance.core.ids import uuid7
from governance.destinations.models import Destination
from governance.gateway.models.exchanges import Exchange
from governance.gateway.rules import PublicationState
from governance.initiatives.models import Initiative
from governance.organisation.models import Person
from governance.training.models import ReleasePermit, TrainingSet


class Publication(models.Model):
    """A training set sent to a destination, by a release permit. `provider_id` is the provider's name of it, "" until it said so.

    One that is still being sent when nobody sends it any more was possibly sent: its release permit stays used until a person, who
    looked at the provider, settles it. `told_at`: when those who can were told.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    exchange = models.OneToOneField(Exchange, on_delete=models.PROTECT, related_name="+")
    training_set = models.ForeignKey(TrainingSet, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="+")
    permit = models.ForeignKey(ReleasePermit, on_delete=models.PROTECT, related_name="+")
    provider_id = models.TextField(db_default="")
    state = models.TextField()
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "gateway_publication"
        ordering = ["-begun_at", "-id"]
        indexes = [
            models.Index(
                fields=["begun_at"],
                condition=Q(state__in=[PublicationState.SENDING, PublicationState.UNKNOWN]),
                name="gateway_publication_open",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(PublicationState)), name="gateway_publication_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=PublicationState.SENT) | ~Q(provider_id=""), name="gateway_publication_sent_is_named"
            ),
            models.UniqueConstraint(
                fields=["permit"],
                condition=~Q(state=PublicationState.FAILED),
                name="gateway_publication_once_per_permit",
            ),
        ]


class TuningJob(models.Model):
    """A job that a provider began for an initiative. Its id is the one the caller knows; `provider_id` the provider's.

    `seen` is how the provider said it stands, at `seen_at`: numbers, times and single words.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    exchange = models.OneToOneField(Exchange, on_delete=models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="+")
    dialect = models.TextField()
    model = models.TextField()
    provider_id = models.TextField()
    training_set = models.ForeignKey(TrainingSet, on_delete=models.PROTECT, related_name="+")
    validation_set = models.ForeignKey(TrainingSet, null=True, on_delete=models.PROTECT, related_name="+")
    files = models.JSONField()  # the provider's name of each set -> ours
    begun_at = models.DateTimeField()
    seen = models.JSONField(default=dict)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "gateway_tuning_job"
        ordering = ["-begun_at", "-id"]
        indexes = [models.Index(fields=["initiative", "-begun_at", "-id"], name="gateway_tuning_job_initiative")]
        constraints = [
            models.UniqueConstraint(fields=["destination", "provider_id"], name="gateway_tuning_job_once"),
        ]
