"""What becomes of remits and grants when initiatives change hands, are cut in parts, or go up in one another."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from governance.approvals.services import move_requests
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.canonical import digest
from governance.core.errors import Invalid
from governance.initiatives.rules import InitiativeState
from governance.initiatives.selectors import initiative_named
from governance.initiatives.services import move_initiative
from governance.organisation.selectors import unit
from governance.remits.locks import told
from governance.remits.models import Grant, Pattern, Remit
from governance.remits.rules import LIVE_GRANT, GrantState, RemitState
from governance.remits.services.drafts import _first_answers, _on_terms_of_today


@transaction.atomic
def follow_owner(*, initiative_id: UUID, unit_id: UUID, by: Actor, at: datetime) -> None:
    """Name the new unit in drafts and open requests; grants and keys run on, for they belong to the initiative."""
    owner = unit(unit_id)
    remits = Remit.objects.filter(initiative_id=initiative_id)
    for draft in remits.filter(state=RemitState.DRAFT).select_for_update(of=("self",)).order_by("pk"):
        draft.body = {**draft.body, "unit": owner.ref}
        draft.revision += 1
        draft.save(update_fields=["body", "revision"])
        record(EventKind.REMIT_SAVED, by=by, at=at, fields=["unit"], **told(draft))
    asked = remits.filter(state__in=[RemitState.SUBMITTED, RemitState.DRAFT]).values_list("pk", flat=True)
    move_requests(subject_kind="remit", subject_ids=list(asked), unit_id=unit_id, by=by, at=at)


def check_split(*, initiative_id: UUID, datasets: Sequence[str], by: Actor, at: datetime) -> None:  # noqa: ARG001 - a consequence
    """Do nothing when the initiative holds a right to each of `datasets`.

    Raises:
        Invalid: "no_such_grant".
    """
    held = _held(initiative_id).values_list("dataset__ref", flat=True)
    if not set(datasets) <= set(held):
        raise Invalid("no_such_grant", "A part can only take over data that the initiative may use.", field="datasets")


def _held(initiative_id: UUID) -> Any:
    return Grant.objects.filter(initiative_id=initiative_id, state__in=LIVE_GRANT, remit__sandbox=False)


@transaction.atomic
def follow_split(
    *, initiative_id: UUID, part_id: UUID, datasets: Sequence[str], by: Actor, at: datetime
) -> Remit | None:
    """Carry the grants to `datasets` over to the part, as a remit of its own that says no more than what was approved.

    Same data, purposes, modes, destinations, terms, conditions and ends: nothing material changes, so nothing is decided
    again. The originals end in the same moment. None when there is nothing to carry.
    """
    moved = list(
        _held(initiative_id)
        .filter(dataset__ref__in=list(datasets), remit__state=RemitState.APPROVED)
        .select_for_update(of=("self",))
        .select_related("dataset", "destination", "remit")
        .order_by("pk")
    )
    if not moved:
        return None
    source, part = moved[0].remit, initiative_named(part_id)
    asked = [_asked_in(grant) for grant in moved]
    named = {"title": part.title, "purpose_text": part.purpose_text, "unit": part.accountable_unit.ref}
    body = {**source.body, **named, "grants": asked}
    remit = Remit.objects.create(
        initiative=part,
        version=1,
        body=body,
        digest=digest(body),
        state=RemitState.APPROVED,
        drafted_by_id=source.drafted_by_id,
        drafted_at=at,
        submitted_at=at,
        starts_at=at,
        ends_at=source.ends_at,
    )
    for grant in moved:
        _carry(grant, remit, at)
    numbers = {"source": str(source.pk), "source_digest": source.digest, "grants": len(moved)}
    record(EventKind.REMIT_CARRIED_OVER, by=by, at=at, **numbers, **told(remit))
    for state in (InitiativeState.PROPOSED, InitiativeState.ACTIVE):
        move_initiative(initiative_id=part.pk, to=state, by=by, at=at)
    return remit


def _carry(grant: Grant, remit: Remit, at: datetime) -> None:
    Grant.objects.create(
        remit=remit,
        initiative_id=remit.initiative_id,
        dataset_id=grant.dataset_id,
        purpose=grant.purpose,
        mode=grant.mode,
        destination_id=grant.destination_id,
        terms_id=grant.terms_id,
        conditions=grant.conditions,
        state=grant.state,
        starts_at=at,
        ends_at=grant.ends_at,
        recertify_at=grant.recertify_at,
        rests_because=grant.rests_because,
    )
    grant.state = GrantState.SUPERSEDED
    grant.save(update_fields=["state"])


@transaction.atomic
def propose_merged(*, initiative_id: UUID, remains_id: UUID, by: Actor, at: datetime) -> Remit | None:
    """Draft the next version of the initiative that another goes up in, with the other's rights added; send nothing.

    It may use more only after people have decided that version. None when one is being written or decided there already,
    or when there is nothing to add.
    """
    rights = _held(initiative_id).select_related("dataset", "destination", "remit").order_by("pk")
    wanted, into = [_asked_in(grant) for grant in rights], initiative_named(remains_id)
    versions = Remit.objects.filter(initiative=into, sandbox=False)
    if not wanted or versions.filter(state__in=[RemitState.DRAFT, RemitState.SUBMITTED]).exists():
        return None
    in_force = versions.filter(state=RemitState.APPROVED).first()
    body = in_force.body if in_force else _first_answers(into, at)
    known = {_key(each) for each in body["grants"]}
    grants = [*body["grants"], *(each for each in wanted if _key(each) not in known)]
    remit = Remit.objects.create(
        initiative=into,
        version=(versions.aggregate(Max("version"))["version__max"] or 0) + 1,
        body=_on_terms_of_today({**body, "grants": grants}, at),
        drafted_by_id=by.person or into.proposed_by_id,
        drafted_at=at,
    )
    record(EventKind.REMIT_MERGE_PROPOSED, by=by, at=at, grants=len(grants), **told(remit))
    return remit


def _asked_in(grant: Grant) -> dict[str, Any]:
    """Return the line of the approved body that the grant came of."""
    key = (grant.dataset.ref, grant.purpose, grant.mode, grant.destination.ref)
    return next(dict(each) for each in grant.remit.body["grants"] if _key(each) == key)


def _key(asked: dict[str, Any]) -> tuple[str, str, str, str]:
    return (asked["dataset"], asked["purpose"], asked["mode"], asked["destination"])


@transaction.atomic
def follow_dissolution(*, unit_id: UUID, successor_id: UUID, by: Actor, at: datetime) -> None:
    """Let the successor of a dissolved unit own its patterns."""
    successor = unit(successor_id)
    for pattern in Pattern.objects.filter(owner_unit_id=unit_id).select_for_update(of=("self",)).order_by("pk"):
        pattern.owner_unit = successor
        pattern.save(update_fields=["owner_unit"])
        named = {"before": str(unit_id), "after": str(successor_id)}
        subject, path = f"pattern:{pattern.pk}", successor.path
        record(EventKind.PATTERN_OWNER_CHANGED, subject=subject, by=by, at=at, unit_path=path, **named)
