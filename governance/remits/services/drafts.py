"""Drafts: unfinished answers, saved as often as one likes, guarded against stale forms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from governance.approvals.locks import hold_subject, person_of
from governance.approvals.selectors import binding_of
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid
from governance.core.revisions import require_fresh
from governance.core.verdict import require
from governance.core.vocabulary import Technique
from governance.destinations.selectors import destination_row
from governance.initiatives.models import Initiative
from governance.initiatives.rules import InitiativeState
from governance.initiatives.selectors import initiative_named
from governance.organisation.selectors import authorize, time_zone_of
from governance.remits.answers import with_option
from governance.remits.body import check_draft, parse_body
from governance.remits.bound import bound_body
from governance.remits.locks import lock_remit, told
from governance.remits.models import Remit
from governance.remits.rules import RemitState, may_submit, usual_end

OPEN_TO_DRAFTS = frozenset({InitiativeState.IDEA, InitiativeState.PROPOSED, InitiativeState.ACTIVE})


@transaction.atomic
def start_draft(*, initiative_id: UUID, by: Actor, at: datetime) -> Remit:
    """Begin the next version of an initiative's remit; the version in force stays so until the next is approved.

    The draft begins as a copy of what is in force, on the terms of today, or from what the initiative says of itself. A
    draft that exists already is returned as it is.

    Raises:
        NotFound, NotAllowed: the initiative, the permission.
        Conflict: a version is being decided, or the initiative has ended or is suspended.
    """
    initiative = initiative_named(initiative_id)
    authorize(by, "remits:remit:draft", initiative.accountable_unit.path)
    hold_subject("initiative", initiative.pk)
    if InitiativeState(initiative.state) not in OPEN_TO_DRAFTS:
        raise Conflict("initiative_closed", f"The initiative is {initiative.state}.")
    versions = Remit.objects.filter(initiative=initiative, sandbox=False)
    underway = versions.filter(state__in=[RemitState.DRAFT, RemitState.SUBMITTED]).first()
    if underway and underway.state == RemitState.SUBMITTED:
        raise Conflict("being_decided", f"Version {underway.version} is being decided.", remedy="Wait, or withdraw it.")
    if underway:
        return underway
    in_force = versions.filter(state=RemitState.APPROVED).first()
    remit = Remit.objects.create(
        initiative=initiative,
        version=(versions.aggregate(Max("version"))["version__max"] or 0) + 1,
        body=_on_terms_of_today(_as_in_force(in_force), at) if in_force else _first_answers(initiative, at),
        drafted_by_id=person_of(by),
        drafted_at=at,
    )
    record(EventKind.REMIT_DRAFTED, by=by, at=at, **told(remit))
    return remit


def _first_answers(initiative: Initiative, at: datetime) -> dict[str, Any]:
    return {
        "title": initiative.title,
        "purpose_text": initiative.purpose_text,
        "unit": initiative.accountable_unit.ref,
        "technique": Technique.PROMPT,
        "accuracy_need": initiative.accuracy_need,
        "human_oversight": initiative.human_oversight,
        "tier": initiative.tier,
        "ai_act_class": initiative.ai_act_class,
        "grants": [],
        "ends": usual_end(at, time_zone_of(initiative.accountable_unit)).isoformat(),
    }


def _as_in_force(remit: Remit) -> dict[str, Any]:
    return bound_body(parse_body(remit.body), binding_of("remit", remit.pk)).to_json()


def _on_terms_of_today(body: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    terms = {ref: _terms_digest(ref, at) for ref in {grant["destination"] for grant in body["grants"]}}
    return {**body, "grants": [{**grant, "terms": terms[grant["destination"]]} for grant in body["grants"]]}


def _terms_digest(ref: str, at: datetime) -> str:
    terms = destination_row(ref, at=at).terms
    if terms is None:
        raise Invalid("no_terms", "This destination has no terms yet.", field="destination")
    return terms.digest


@transaction.atomic
def save_draft(*, remit_id: UUID, body: Mapping[str, Any], revision: int, by: Actor, at: datetime) -> Remit:
    """Keep the answers given so far. `revision` is the one the form was opened with.

    Raises:
        NotFound, NotAllowed: the remit, the permission.
        Invalid: names the field at fault; what is merely missing is none yet.
        Conflict: "stale_revision" when somebody saved meanwhile, "not_a_draft" once it is sent.
    """
    remit = lock_remit(remit_id)
    authorize(by, "remits:remit:draft", remit.initiative.accountable_unit.path)
    require(may_submit(RemitState(remit.state)), Conflict)
    require_fresh(held=remit.revision, seen=revision)
    check_draft(body)
    changed = sorted(key for key in {*body, *remit.body} if body.get(key) != remit.body.get(key))
    authors = [*remit.authors, str(person_of(by))]
    remit.body, remit.revision, remit.authors = dict(body), remit.revision + 1, sorted(set(authors))
    remit.save(update_fields=["body", "revision", "authors"])
    # Names of fields only: the answers are in the remit, and become part of the log by their digest at submission.
    record(EventKind.REMIT_SAVED, by=by, at=at, fields=changed, **told(remit))
    return remit


@transaction.atomic
def choose_option(
    *, remit_id: UUID, destination: str, technique: Technique, revision: int, by: Actor, at: datetime
) -> Remit:
    """Change a draft to a row of the table of options: all its grants go to `destination` by `technique`.

    Raises:
        Invalid: when the destination has no terms. As save_draft otherwise.
    """
    remit = lock_remit(remit_id)
    body = with_option(remit.body, destination, _terms_digest(destination, at), technique)
    saved = save_draft(remit_id=remit_id, body=body, revision=revision, by=by, at=at)
    chosen = {"destination": destination, "technique": str(technique)}
    record(EventKind.REMIT_OPTION_CHOSEN, by=by, at=at, **chosen, **told(saved))
    return saved
