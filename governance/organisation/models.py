"""Units, people, their roles, and keys."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models.functions import Length, Lower
from django.db.models.lookups import LessThanOrEqual
from django.utils.module_loading import import_string

from governance.core.ids import uuid7
from governance.organisation.roles import Role
from governance.organisation.rules import LONGEST_VIEW_TITLE, RoleSource, UnitKind


class Unit(models.Model):
    """A part of the organisation. `path` is the ids from the root down, "/" around each, so that a subtree is a prefix."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.TextField(unique=True)
    kind = models.TextField()
    name = models.TextField()
    ref = models.TextField(unique=True)
    time_zone = models.TextField(default="")  # IANA name; empty: the parent's
    head = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    dissolved_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "organisation_unit"
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(UnitKind)), name="organisation_unit_kind_known"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="organisation_unit_not_its_own_parent"),
            models.UniqueConstraint(
                ExpressionWrapper(Q(parent=None), output_field=BooleanField()),
                condition=Q(parent=None),
                name="organisation_unit_one_root",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WorkingHours(models.Model):
    """When a unit works; units below inherit it until one states its own. See organisation.working_time for the meaning."""

    unit = models.OneToOneField(Unit, primary_key=True, on_delete=models.PROTECT, related_name="working_hours")
    days = models.JSONField()  # ISO weekdays, sorted
    opens = models.TimeField()
    closes = models.TimeField()  # 00:00: the end of the day
    country = models.TextField(default="")  # whose public holidays are free: "CH" or "CH-ZH"

    class Meta:
        db_table = "organisation_working_hours"
        constraints = [
            models.CheckConstraint(condition=~Q(days=[]), name="organisation_working_hours_has_a_day"),
        ]


class Closure(models.Model):
    """Days on which a unit and all below it do not work, both included."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="closures")
    first_date = models.DateField()
    last_date = models.DateField()
    reason = models.TextField()

    class Meta:
        db_table = "organisation_closure"
        ordering = ["first_date", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")), name="organisation_closure_ends_after_it_begins"
            ),
        ]


class Person(AbstractBaseUser):
    """Somebody who can sign in. `subject` is the stable id at the identity provider, null for local people."""

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    login = models.TextField(unique=True)
    name = models.TextField()
    email = models.TextField(default="")
    subject = models.TextField(null=True, unique=True)
    is_active = models.BooleanField(default=True)
    time_zone = models.TextField(default="")  # IANA name; empty: the unit's
    last_login = None  # Django would write it outside of our services; sign-ins are in the log
    manager = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)  # last confirmed by the identity provider
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "organisation_person"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person belongs to a unit for a time, [starts_at, ends_at)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "organisation_membership"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit"], condition=Q(ends_at=None), name="organisation_membership_once"
            ),
        ]


class RoleGrant(models.Model):
    """A person holds a role on a unit and all below it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="role_grants")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="role_grants")
    role = models.TextField()
    source = models.TextField(default=RoleSource.LOCAL)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "organisation_role_grant"
        constraints = [
            models.CheckConstraint(condition=Q(role__in=list(Role)), name="organisation_role_grant_role_known"),
            models.CheckConstraint(
                condition=Q(source__in=list(RoleSource)), name="organisation_role_grant_source_known"
            ),
            models.UniqueConstraint(
                fields=["person", "unit", "role"], condition=Q(ends_at=None), name="organisation_role_grant_once"
            ),
        ]


class Delegation(models.Model):
    """Somebody is away and lets another decide in their place, over [starts_at, ends_at). Null and "" stand for all."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    giver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.TextField(default="")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.TextField(default="")
    reason = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # taken back before its end

    class Meta:
        db_table = "organisation_delegation"
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["deputy", "ends_at"], name="organisation_delegation_deputy"),
            models.Index(fields=["giver", "ends_at"], name="organisation_delegation_giver"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("deputy")), name="organisation_delegation_to_another"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="organisation_delegation_ends_later"),
            models.CheckConstraint(condition=Q(role__in=["", *Role]), name="organisation_delegation_role_known"),
        ]


class GroupRole(models.Model):
    """What a group at the identity provider means here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.TextField()
    role = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "organisation_group_role"
        constraints = [
            models.CheckConstraint(condition=Q(role__in=list(Role)), name="organisation_group_role_role_known"),
            models.UniqueConstraint(fields=["group", "role", "unit"], name="organisation_group_role_once"),
        ]


class Key(models.Model):
    """A secret for programs: shown once, kept as a digest. `scope` is text, e.g. "initiative:<id>" or "api:read"."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    prefix = models.TextField(unique=True)
    digest = models.BinaryField()
    title = models.TextField()
    scope = models.TextField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "organisation_key"
        ordering = ["-made_at", "id"]
        indexes = [models.Index(fields=["scope"], name="organisation_key_scope")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="organisation_key_expires_later"),
        ]


class Session(AbstractBaseSession):
    """A signed-in browser. It names its person, so that all of somebody's sessions can be ended at once."""

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "organisation_session"

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        store: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        return store


class Attempts(models.Model):
    """How often somebody tried to sign in since a moment. `subject` is a digest of the login or of the address."""

    subject = models.TextField(primary_key=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        db_table = "organisation_attempts"


class SavedView(models.Model):
    """A filter of a list that somebody keeps for themselves under a name. `query` is that of the list's address, in order."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    list_name = models.TextField()  # the name of the list's address
    title = models.TextField()
    query = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "organisation_saved_view"
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint("person", "list_name", Lower("title"), name="organisation_saved_view_title_once"),
            models.CheckConstraint(condition=~Q(query=""), name="organisation_saved_view_narrows"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("title"), LONGEST_VIEW_TITLE),
                name="organisation_saved_view_title_short",
            ),
        ]


class RecordComment(models.Model):
    """What a unit says to its own handling record. Never changed, so that it stands as it was read."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "organisation_record_comment"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["unit", "-at"], name="organisation_comment_unit")]
