"""Runs of agents."""

from django.db import models
from django.db.models import F, Q

from governance.core.ids import uuid7
from governance.initiatives.models import Initiative


class Run(models.Model):
    """The calls that a program makes toward one task, under one name of its initiative; `parent` is the run that began it.

    `root` is the first of those it was begun by, or itself. What a run used is counted there, for all below it together: `calls`,
    and in micro-euro what was spent and what calls under way have set aside. In others these stay 0. `children` is how many runs
    it began itself; `last_at` is the newest call, as counted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.TextField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    root = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", db_index=False)
    depth = models.PositiveSmallIntegerField()
    children = models.PositiveIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)
    spent = models.PositiveBigIntegerField(default=0)
    reserved = models.BigIntegerField(default=0)
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        db_table = "gateway_run"
        ordering = ["-began_at", "-id"]
        indexes = [
            models.Index(fields=["initiative", "-began_at"], condition=Q(parent=None), name="gateway_run_initiative"),
            models.Index(fields=["root", "depth", "began_at"], name="gateway_run_root"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "name"], name="gateway_run_once"),
            models.CheckConstraint(
                condition=Q(parent=None, root=F("id"), depth=1) | Q(parent__isnull=False, depth__gt=1),
                name="gateway_run_has_its_root",
            ),
        ]
