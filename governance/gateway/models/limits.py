"""What may be used, and what was."""

from django.db import models
from django.db.models import Q

from governance.core.ids import uuid7
from governance.gateway.limits import LimitKind, LimitScope, Period
from governance.initiatives.models import Initiative
from governance.organisation.models import Key, Person, Unit


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
