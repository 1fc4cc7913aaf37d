"""What people did with the answers: the oversight ledger."""

from django.db import models
from django.db.models import F, Q

from governance.core.ids import uuid7
from governance.gateway.models.exchanges import Exchange
from governance.gateway.reviewing import AnswerOutcome
from governance.initiatives.models import Initiative


class AnswerReview(models.Model):
    """One report of a look at an answer: see gateway.reviewing.Review. Written once; a later one has the next `number`.

    The database lets nobody change or delete one, so what was amended stays readable.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    outcome = models.TextField()
    reviewer = models.TextField()
    verified = models.BooleanField()
    shown_at = models.DateTimeField()
    decided_at = models.DateTimeField()
    reported_at = models.DateTimeField()

    class Meta:
        db_table = "gateway_answer_review"
        ordering = ["-decided_at", "-id"]
        indexes = [models.Index(fields=["initiative", "-decided_at", "-id"], name="gateway_answer_review_of")]
        constraints = [
            models.UniqueConstraint(fields=["exchange", "number"], name="gateway_answer_review_numbered"),
            models.CheckConstraint(
                condition=Q(outcome__in=list(AnswerOutcome)), name="gateway_answer_review_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__gte=F("shown_at")), name="gateway_answer_review_decided_later"
            ),
            models.CheckConstraint(condition=~Q(reviewer=""), name="gateway_answer_review_by_somebody"),
        ]
