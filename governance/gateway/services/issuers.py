"""Say who vouches for the end users of an initiative. Called by the web process; the gateway reads it with the key."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.canonical import digest
from governance.core.errors import Conflict, Invalid
from governance.gateway.end_users import LONGEST_URL, checked_claim, checked_header, checked_url, parsed_keys
from governance.gateway.models import EndUserIssuer
from governance.gateway.selectors.issuers import EDIT
from governance.initiatives.locks import lock_initiative
from governance.initiatives.models import Initiative, Member
from governance.initiatives.selectors import initiative_seen
from governance.notices.services import notify
from governance.organisation.selectors import authorize, standing_of


@transaction.atomic
def set_issuer(
    *,
    initiative: str,
    header: str,
    issuer: str,
    audience: str,
    claim: str,
    jwks_url: str,
    keys: str,
    replaces: UUID | None,
    by: Actor,
    at: datetime,
) -> EndUserIssuer:
    """From the next call on, every call names its end user by a token of this issuer, or is refused.

    `keys` is a pasted JWK set, "" when its keys are read from `jwks_url`. `replaces` is the id of the issuer that was shown.

    Raises:
        NotFound, NotAllowed: the initiative, the permission. Conflict: `stale_revision`.
        Invalid: `wrong_header`, `wrong_issuer`, `wrong_claim`, `wrong_url`, `wrong_keys`, `private_key`, `weak_key`, `keys_twice`.
    """
    found = _mine(initiative, by)
    if bool(jwks_url.strip()) == bool(keys.strip()):
        raise Invalid(
            "keys_twice", "Say where its keys are read, or paste them.", field="jwks_url", remedy="One of the two."
        )
    made = EndUserIssuer(
        initiative=found,
        header=checked_header(header.strip()),
        issuer=_named(issuer, "issuer"),
        audience=_named(audience, "audience"),
        claim=checked_claim(claim.strip()),
        jwks_url=_url(jwks_url.strip()) if jwks_url.strip() else "",
        keys=parsed_keys(keys) if keys.strip() else [],
        set_by_id=by.person,
        set_at=at,
    )
    _retire(found, replaces, at=at)
    made.save(force_insert=True)
    told = {"issuer": made.issuer, "header": made.header, "claim": made.claim, "read_from": made.jwks_url}
    _record(EventKind.ISSUER_SET, found, by=by, at=at, **told, keys=digest(made.keys) if made.keys else "")
    text = f"Calls of {found.title} have to prove who asks, from now on: with a token in {made.header}."
    _tell(found, text, by=by, at=at)
    return made


@transaction.atomic
def end_issuer(*, initiative: str, replaces: UUID | None, by: Actor, at: datetime) -> None:
    """From the next call on nobody has to prove who they are.

    Raises:
        NotFound, NotAllowed, Conflict: as set_issuer.
    """
    found = _mine(initiative, by)
    if replaces is None:
        raise Conflict("no_issuer", "Nobody vouches for its end users now.")
    _retire(found, replaces, at=at)
    _record(EventKind.ISSUER_ENDED, found, by=by, at=at)
    _tell(found, f"Calls of {found.title} need not prove who asks any more.", by=by, at=at)


def _mine(named: str, by: Actor) -> Initiative:
    found = initiative_seen(named, standing_of(by.person) if by.person else None)
    authorize(by, EDIT, found.accountable_unit.path)
    lock_initiative(found.pk)
    return found


def _retire(found: Initiative, seen: UUID | None, *, at: datetime) -> None:
    present = EndUserIssuer.objects.filter(initiative=found, ended_at=None).first()
    if (present.pk if present else None) != seen:
        raise Conflict("stale_revision", "Somebody has changed this meanwhile.", remedy="Look at it again.")
    if present is not None:
        present.ended_at = at
        present.save(update_fields=["ended_at"])


def _named(text: str, field: str) -> str:
    if not text.strip() or len(text) > LONGEST_URL or not text.isprintable():
        raise Invalid("wrong_issuer", "This is written as the token has it.", field=field)
    return text.strip()


def _url(text: str) -> str:
    return checked_url(text, loopback_allowed=settings.GATEWAY_LOOPBACK_ALLOWED)


def _tell(found: Initiative, text: str, *, by: Actor, at: datetime) -> None:
    people = Member.objects.filter(initiative=found, until=None).order_by().values_list("person_id", flat=True)
    link = f"/initiatives/{found.code}/end-users"
    notify(people=people, kind="gateway.issuer_changed", text=text, link=link, by=by, at=at)


def _record(kind: EventKind, found: Initiative, *, by: Actor, at: datetime, **detail: Any) -> None:
    path = found.accountable_unit.path
    record(kind, subject=f"initiative:{found.pk}", by=by, at=at, unit_path=path, **detail)
