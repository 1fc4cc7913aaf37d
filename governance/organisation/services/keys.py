"""Keys for programs: shown once, kept as a digest, refused from the commit of their revocation on."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Invalid, NotAllowed, NotFound
from governance.core.wording import says_nothing
from governance.organisation.key_text import new_key_text
from governance.organisation.models import Key
from governance.organisation.rules import API_SCOPES, KEY_USE_WRITTEN_EVERY, key_life_fault, key_scope_fault
from governance.organisation.selectors import authorize, authorize_on_one, root_unit, standing_of


@transaction.atomic
def make_key(*, title: str, scope: str, expires_at: datetime, by: Actor, at: datetime) -> tuple[Key, str]:
    """Make a key and return it with its text, which is kept nowhere.

    `scope` is "api:read", "api:write" (both hold what the maker may do), or "initiative:<id>" for the gateway:
    the caller has asked the initiative's own rule first, for the organisation knows no initiatives.

    Raises:
        NotAllowed: "not_permitted", or "no_maker" for a process.
        Invalid: "no_title", "wrong_scope" or "wrong_end" (a key lives at most 366 days).
    """
    if by.person is None:
        raise NotAllowed("no_maker", "A key needs a person who answers for it.")
    authorize(by, "organisation:key:make_for_api" if scope in API_SCOPES else "organisation:key:make", None)
    _require_shape(title=title, scope=scope, expires_at=expires_at, at=at)
    made = new_key_text()
    key = Key.objects.create(
        prefix=made.prefix,
        digest=made.digest,
        title=title.strip(),
        scope=scope,
        made_by_id=by.person,
        made_at=at,
        expires_at=expires_at,
    )
    ends = expires_at.isoformat()
    record(EventKind.KEY_MADE, subject=f"key:{key.pk}", by=by, at=at, prefix=key.prefix, scope=scope, expires_at=ends)
    return key, made.text


@transaction.atomic
def revoke_key(*, key_id: UUID, by: Actor, at: datetime) -> Key:
    """Revoke a key: one's own, or with the permission where its maker belongs, as a member or by a role. A key revoked before stays as it was.

    Raises:
        NotFound: "no_such_key".
        NotAllowed: "not_permitted".
    """
    key = Key.objects.select_for_update().filter(pk=key_id).first()
    if key is None:
        raise NotFound("no_such_key", "There is no such key.")
    if by.person != key.made_by_id:
        authorize_on_one(by, "organisation:key:revoke", _maker_belongs_to(key, at))
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        record(EventKind.KEY_REVOKED, subject=f"key:{key.pk}", by=by, at=at, prefix=key.prefix, scope=key.scope)
    return key


def _maker_belongs_to(key: Key, at: datetime) -> frozenset[str]:
    """Return the paths of the maker's units, of the whole organisation when they have none left."""
    root = root_unit()
    return standing_of(key.made_by_id, at).belongs_to or frozenset({root.path} if root else ())


def touch_key(*, key_id: UUID, by: Actor, at: datetime) -> bool:  # noqa: ARG001 - every service says who
    """Note that a key was used; at most one write a minute, so that a busy key costs no row lock per call."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=at - KEY_USE_WRITTEN_EVERY)
    return bool(Key.objects.filter(stale, pk=key_id).update(last_used_at=at))


def note_keys_used(used: Mapping[UUID, datetime], *, by: Actor, at: datetime) -> int:  # noqa: ARG001 - every service says who and when
    """Note when keys were last used, as whoever saw their calls tells; return how many changed. An older moment changes nothing."""
    changed = 0
    for key_id, last in used.items():
        changed += Key.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=last), pk=key_id).update(
            last_used_at=last
        )
    return changed


def _require_shape(*, title: str, scope: str, expires_at: datetime, at: datetime) -> None:
    if says_nothing(title):
        raise Invalid("no_title", "Give the key a title, so that people know what it is for.", field="title")
    if fault := key_scope_fault(scope):
        raise Invalid("wrong_scope", fault, field="scope")
    if fault := key_life_fault(at=at, expires_at=expires_at):
        raise Invalid("wrong_end", fault, field="expires_at")
