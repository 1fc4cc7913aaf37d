"""Who vouches for end users."""

from django.db import models
from django.db.models import Q

from governance.core.ids import uuid7
from governance.initiatives.models import Initiative
from governance.organisation.models import Person


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
