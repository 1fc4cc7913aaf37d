"""Provider keys: they go in and never come out, except in the gateway."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Invalid
from governance.core.sealing import read_public, seal_to
from governance.core.verdict import require
from governance.destinations.models import ProviderKey
from governance.destinations.rules import key_context, may_use_secret
from governance.destinations.selectors import authorize_for_all, locked_destination


@transaction.atomic
def set_provider_key(*, destination_id: UUID, secret: str, by: Actor, at: datetime) -> ProviderKey:
    """Seal the provider's key to the gateway and forget the one before. It cannot be read again, here or anywhere else.

    Raises:
        Invalid: "bad_provider_key". Unavailable: the gateway's public key is missing. NotAllowed: the actor may not.
    """
    authorize_for_all(by, "destinations:key:write")
    require(may_use_secret(secret), Invalid)
    destination = locked_destination(destination_id)
    sealed = seal_to(
        read_public(settings.GATEWAY_PUBLIC_KEY_FILE), secret.encode(), context=key_context(str(destination.pk))
    )
    destination.keys.filter(replaced_at=None).update(replaced_at=at, sealed=b"")
    key = destination.keys.create(sealed=sealed, last_four=secret[-4:], set_by_id=by.person, set_at=at)
    record(EventKind.PROVIDER_KEY_SET, subject=f"destination:{destination.pk}", by=by, at=at)
    return key
