"""Files handed to the gateway, in one piece or in many."""

from django.db import models
from django.db.models import F, Q

from governance.core.ids import uuid7
from governance.gateway.rules import UploadState
from governance.initiatives.models import Initiative
from governance.organisation.models import Key


class Upload(models.Model):
    """A file of an initiative, or as much of it as has come. Nothing of it has left: its bytes lie sealed (gateway.uploads).

    `size` is what its sender said, `received` what has come; `parts` is [[name of the sealed part, start, size, digest], ...] in the
    order in which they came. `token` is the SHA-256 of the secret in the address its parts are sent to, None where they are sent with a
    key. `digest` is the SHA-256 of all of it, "" until it is whole. `said` is what its sender said of it, such as its name, sealed,
    for that may be somebody's. `changed_at`: when `expires_at` was moved, or whoever makes something of it was last heard of. `erased_at`: its bytes are gone, and what was said of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="+", db_index=False)
    dialect = models.TextField()
    purpose = models.TextField(db_default="")
    media_type = models.TextField()
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(db_default=0)
    parts = models.JSONField(db_default=[])
    token = models.BinaryField(null=True)
    digest = models.TextField(db_default="")
    said = models.BinaryField(null=True)
    state = models.TextField(db_default=UploadState.OPEN)
    begun_at = models.DateTimeField()
    whole_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "gateway_upload"
        ordering = ["-begun_at", "-id"]
        indexes = [
            models.Index(fields=["initiative"], condition=Q(erased_at=None), name="gateway_upload_of_initiative"),
            models.Index(fields=["expires_at"], condition=Q(erased_at=None), name="gateway_upload_unerased"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(received__lte=F("size")), name="gateway_upload_no_more_than_said"),
            models.CheckConstraint(condition=Q(size__gte=1), name="gateway_upload_not_empty"),
            models.CheckConstraint(
                condition=~Q(state=UploadState.KEPT) | ~Q(digest=""), name="gateway_upload_kept_is_whole"
            ),
        ]
