"""What a person is told inside Remit. A notice says that something happened and where; it never quotes content."""

from django.db import models
from django.db.models import Q

from governance.core.ids import uuid7
from governance.organisation.models import Person


class Notice(models.Model):
    """One line for one person. While it is unread, the same kind with the same link is not told twice."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    text = models.TextField()
    link = models.TextField()
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_notice"
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["person", "-made_at", "-id"], name="notices_notice_of_person")]
        constraints = [
            # A path of our own, so that no notice can lead away from Remit.
            models.CheckConstraint(condition=Q(link__regex=r"^/([^/\\]|$)"), name="notices_notice_link_local"),
            models.UniqueConstraint(
                fields=["person", "kind", "link"], condition=Q(read_at=None), name="notices_notice_once_unread"
            ),
        ]
