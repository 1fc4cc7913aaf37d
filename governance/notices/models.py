"""What a person is told, and how it reaches them elsewhere. A notice says that something happened and where; it never quotes content."""

from django.db import models
from django.db.models import F, Q

from governance.core.ids import uuid7
from governance.notices.rules import OPEN_DELIVERY, Channel, DeliveryState, WebhookState
from governance.organisation.models import Person, Unit


class Webhook(models.Model):
    """An address of somebody's program that is told what people of a unit are told.

    `role` "" means whoever belongs to the unit or below it. `kinds` [] means all. `sealed` is the signing secret, sealed; during
    a rotation `sealed_before` signs beside it until `before_until`. `failing_since` is the first failure after the last success.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.TextField()
    url = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.TextField(default="")
    kinds = models.JSONField(default=list)
    sealed = models.BinaryField()
    sealed_before = models.BinaryField(null=True)
    before_until = models.DateTimeField(null=True)
    state = models.TextField(default=WebhookState.ACTIVE)
    state_reason = models.TextField(default="")  # a code: why it was disabled
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "notices_webhook"
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(WebhookState)), name="notices_webhook_state_known"),
        ]


class Delivery(models.Model):
    """One message on its way by one channel: an e-mail with one or more notices, or one happening to one webhook.

    `try_at` is when the next try is due. `code` says how the last try ended. A webhook's copy of what was told is `kind`, `text`
    and `link`; the notices of an e-mail name it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.TextField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    webhook = models.ForeignKey(Webhook, null=True, on_delete=models.PROTECT, related_name="deliveries")
    kind = models.TextField()
    text = models.TextField(default="")
    link = models.TextField(default="")
    told_at = models.DateTimeField()
    state = models.TextField(default=DeliveryState.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    code = models.TextField(default="")

    class Meta:
        db_table = "notices_delivery"
        ordering = ["-told_at", "-id"]
        indexes = [
            models.Index(fields=["webhook", "-told_at", "-id"], name="notices_delivery_of_webhook"),
            models.Index(fields=["channel", "-told_at", "-id"], name="notices_delivery_of_channel"),
            models.Index(
                fields=["channel", "try_at"], condition=Q(state__in=OPEN_DELIVERY), name="notices_delivery_open"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(DeliveryState)), name="notices_delivery_state_known"),
            models.CheckConstraint(
                condition=Q(channel=Channel.EMAIL, person__isnull=False, webhook=None)
                | Q(channel=Channel.WEBHOOK, person=None, webhook__isnull=False),
                name="notices_delivery_one_addressee",
            ),
        ]


class Notice(models.Model):
    """One line for one person. While it is unread, the same kind with the same link is not told twice.

    `spread_at` is when it was looked at for other channels, null: not yet. `mail_due_at` is when the e-mail about it may leave,
    null: none will; `mail` is that e-mail.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    text = models.TextField()
    link = models.TextField()
    urgent = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    spread_at = models.DateTimeField(null=True)
    mail_due_at = models.DateTimeField(null=True)
    mail = models.ForeignKey(Delivery, null=True, on_delete=models.SET_NULL, related_name="notices")

    class Meta:
        db_table = "notices_notice"
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["person", "-made_at", "-id"], name="notices_notice_of_person"),
            models.Index(fields=["id"], condition=Q(spread_at=None), name="notices_notice_to_spread"),
            models.Index(
                fields=["mail_due_at"],
                condition=Q(mail=None, mail_due_at__isnull=False),
                name="notices_notice_to_mail",
            ),
        ]
        constraints = [
            # A path of our own, so that no notice can lead away from Remit.
            models.CheckConstraint(condition=Q(link__regex=r"^/([^/\\]|$)"), name="notices_notice_link_local"),
            models.UniqueConstraint(
                fields=["person", "kind", "link"], condition=Q(read_at=None), name="notices_notice_once_unread"
            ),
        ]


class Preference(models.Model):
    """How a person wants to hear. `mail` holds only what differs from the usual: {group: wish}."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT, related_name="+")
    mail = models.JSONField(default=dict)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)

    class Meta:
        db_table = "notices_preference"
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | (Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until"))),
                name="notices_preference_quiet_hours_whole",
            ),
        ]
