"""Places data could go to: written down, opened, suspended, retired."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotFound
from governance.core.revisions import require_fresh
from governance.core.verdict import require
from governance.core.wording import says_nothing
from governance.destinations.models import Destination, Provider
from governance.destinations.rules import DestinationState, Endpoint, ReplyCheck, may_go_unread, may_move, may_stand
from governance.destinations.selectors import authorize_for_all, locked_destination
from governance.work.consequences import follow

EDIT, SUSPEND = "destinations:destination:edit", "destinations:destination:suspend"


def add_provider(*, name: str, by: Actor, at: datetime) -> Provider:
    """Add a company or team that runs models.

    Raises:
        Invalid: "bad_name". Conflict: "name_taken". NotAllowed: the actor may not.
    """
    authorize_for_all(by, EDIT)
    if says_nothing(name):
        raise Invalid("bad_name", "Give the provider a name.", field="name")
    provider = Provider(name=name.strip(), created_at=at)
    try:
        with transaction.atomic():
            provider.save(force_insert=True)
            record(EventKind.PROVIDER_ADDED, subject=f"provider:{provider.pk}", by=by, at=at)
    except IntegrityError as taken:
        raise Conflict("name_taken", "There is a provider of this name.", field="name") from taken
    return provider


def propose_destination(
    *,
    provider_id: UUID,
    ref: str,
    title: str,
    model_names: Sequence[str],
    dialect: str,
    base_url: str,
    region: str,
    hosting: str,
    by: Actor,
    at: datetime,
    cidrs: Sequence[str] = (),
    reply_check: str = ReplyCheck.WINDOW,
    stand_in: bool = False,
) -> Destination:
    """Write down a place data could go to. Nothing goes there until it has terms and is opened.

    Raises:
        Invalid: what the rules forbid, with the rule's code. Conflict: "ref_taken". NotAllowed: the actor may not.
        NotFound: "no_such_provider".
    """
    authorize_for_all(by, EDIT)
    destination = Destination(
        provider=_provider(provider_id),
        ref=ref,
        title=title.strip(),
        model_names=list(dict.fromkeys(model_names)),
        dialect=dialect,
        base_url=base_url.strip().rstrip("/"),
        region=region.strip(),
        hosting=hosting,
        cidrs=list(cidrs),
        reply_check=reply_check,
        stand_in=stand_in,
        created_at=at,
    )
    _require_sound(destination)
    try:
        with transaction.atomic():
            destination.save(force_insert=True)
            subject = f"destination:{destination.pk}"
            record(EventKind.DESTINATION_PROPOSED, subject=subject, by=by, at=at, ref=ref, hosting=hosting)
    except IntegrityError as taken:
        raise Conflict("ref_taken", "Another destination has this reference.", field="ref") from taken
    return destination


@transaction.atomic
def edit_destination(
    *, destination_id: UUID, title: str, model_names: Sequence[str], revision: int, by: Actor, at: datetime
) -> Destination:
    """Change the title or the models. Where data goes never changes under a name: that is another destination.

    Raises:
        Invalid, NotAllowed: as propose_destination. Conflict: "stale_revision".
    """
    authorize_for_all(by, EDIT)
    destination = locked_destination(destination_id)
    require_fresh(held=destination.revision, seen=revision)
    destination.title, destination.model_names = title.strip(), list(dict.fromkeys(model_names))
    _require_sound(destination)
    destination.revision += 1
    destination.save(update_fields=["title", "model_names", "revision"])
    subject = f"destination:{destination.pk}"
    record(EventKind.DESTINATION_EDITED, subject=subject, by=by, at=at, revision=destination.revision)
    return destination


@transaction.atomic
def set_reply_check(*, destination_id: UUID, reply_check: str, revision: int, by: Actor, at: datetime) -> Destination:
    """Choose how the answers of a destination are checked from now on.

    Raises:
        Invalid: "unknown_reply_check". Conflict: "stale_revision". NotAllowed: the actor may not.
    """
    authorize_for_all(by, EDIT)
    destination = locked_destination(destination_id)
    require_fresh(held=destination.revision, seen=revision)
    before, destination.reply_check = destination.reply_check, reply_check
    _require_sound(destination)
    destination.revision += 1
    destination.save(update_fields=["reply_check", "revision"])
    subject = f"destination:{destination.pk}"
    record(EventKind.REPLY_CHECK_SET, subject=subject, by=by, at=at, before=str(before), after=str(reply_check))
    return destination


@transaction.atomic
def set_unread(*, destination_id: UUID, unread: Collection[str], revision: int, by: Actor, at: datetime) -> Destination:
    """Choose which kinds of opaque content may go to a destination without having been scanned. The usual is none.

    Raises:
        Invalid: "unknown_opaque". Conflict: "stale_revision". NotAllowed: the actor may not.
    """
    authorize_for_all(by, EDIT)
    destination = locked_destination(destination_id)
    require_fresh(held=destination.revision, seen=revision)
    require(may_go_unread(unread), Invalid)
    before, destination.unread = destination.unread, sorted(set(unread))
    destination.revision += 1
    destination.save(update_fields=["unread", "revision"])
    subject = f"destination:{destination.pk}"
    record(EventKind.UNREAD_SET, subject=subject, by=by, at=at, before=before, after=destination.unread)
    return destination


@transaction.atomic
def open_destination(*, destination_id: UUID, by: Actor, at: datetime) -> Destination:
    """Let data go there, or again after a suspension.

    Raises:
        Conflict: "wrong_state", "no_terms". NotAllowed: the actor may not.
    """
    authorize_for_all(by, EDIT)
    destination = locked_destination(destination_id)
    if not destination.terms.filter(in_force_from__lte=at).exists():
        raise Conflict("no_terms", "Nobody has written down this destination's terms.", remedy="Set the terms first.")
    before = _move(destination, DestinationState.OPEN, reason="")
    record(EventKind.DESTINATION_OPENED, subject=f"destination:{destination.pk}", by=by, at=at, before=before)
    if before == DestinationState.SUSPENDED:
        follow("destinations.reopened", destination_id=destination.pk, by=by, at=at)
    return destination


@transaction.atomic
def suspend_destination(*, destination_id: UUID, reason: str, by: Actor, at: datetime) -> Destination:
    """Stop data from going there until it is opened again.

    Raises:
        Invalid: "no_reason". Conflict: "wrong_state". NotAllowed: the actor may not.
    """
    authorize_for_all(by, SUSPEND)
    if says_nothing(reason):
        raise Invalid("no_reason", "Say why, for those whose prompts are refused from now on.", field="reason")
    destination = locked_destination(destination_id)
    before = _move(destination, DestinationState.SUSPENDED, reason=reason.strip())
    record(EventKind.DESTINATION_SUSPENDED, subject=f"destination:{destination.pk}", by=by, at=at, before=before)
    follow("destinations.suspended", destination_id=destination.pk, by=by, at=at)
    return destination


@transaction.atomic
def retire_destination(*, destination_id: UUID, reason: str, by: Actor, at: datetime) -> Destination:
    """End a destination for good, and forget its provider key.

    Raises:
        Conflict: "wrong_state". NotAllowed: the actor may not.
    """
    authorize_for_all(by, EDIT)
    destination = locked_destination(destination_id)
    before = _move(destination, DestinationState.RETIRED, reason=reason.strip())
    record(EventKind.DESTINATION_RETIRED, subject=f"destination:{destination.pk}", by=by, at=at, before=before)
    destination.keys.filter(replaced_at=None).update(replaced_at=at, sealed=b"")
    follow("destinations.suspended", destination_id=destination.pk, by=by, at=at)
    return destination


def _provider(provider_id: UUID) -> Provider:
    found = Provider.objects.filter(pk=provider_id).first()
    if found is None:
        raise NotFound("no_such_provider", "There is no such provider.", field="provider")
    return found


def _move(destination: Destination, to: DestinationState, *, reason: str) -> DestinationState:
    """Change the state and return the one before."""
    before = DestinationState(destination.state)
    require(may_move(before, to), Conflict)
    destination.state, destination.state_reason = to, reason
    destination.revision += 1
    destination.save(update_fields=["state", "state_reason", "revision"])
    return before


def _require_sound(destination: Destination) -> None:
    endpoint = Endpoint(
        ref=destination.ref,
        model_names=tuple(destination.model_names),
        dialect=destination.dialect,
        base_url=destination.base_url,
        hosting=destination.hosting,
        cidrs=tuple(destination.cidrs),
    )
    require(may_stand(endpoint, loopback=settings.DEMO), Invalid)
    if destination.stand_in and not settings.DEMO:
        raise Invalid("demo_only", "The stand-in provider exists only in the demo.", field="stand_in")
    if destination.reply_check not in list(ReplyCheck):
        raise Invalid("unknown_reply_check", f"Choose one of: {', '.join(ReplyCheck)}.", field="reply_check")
    if not destination.title:
        raise Invalid("bad_title", "Give the destination a title.", field="title")
