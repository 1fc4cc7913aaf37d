"""Builders of requests: a draft filled in, sent, decided. By the real services; everything synthetic."""

from datetime import timedelta

import builders
from governance.approvals import services as approvals
from governance.approvals.models import Request, Suggestion
from governance.approvals.rules import DecisionKind
from governance.approvals.selectors import request_of
from governance.approvals.suggesting import Suggested
from governance.core.actors import Actor
from governance.core.vocabulary import Classification, Hosting
from governance.destinations.selectors import terms_in_force
from governance.organisation.roles import Role
from governance.remits import services as remits
from governance.remits.models import Pattern, Remit

AT = builders.AT
HOUR = timedelta(hours=1)
LATER = AT + 3 * HOUR


def grant(dataset, destination, *, at=AT, **changed):
    """Return one grant of a draft's body, on the terms in force."""
    usual = {
        "dataset": dataset.ref,
        "purpose": "summarise",
        "mode": "prompt",
        "destination": destination.ref,
        "terms": terms_in_force(destination.pk, at=at).digest,
        "conditions": {"redact": ["PERSON"], "calls_per_day": 500, "ruleset": "standard"},
        "ends": "2026-12-31",
    }
    return usual | changed


def draft(initiative, grants, *, by: Actor, at=AT, **changed) -> Remit:
    """Return a saved draft of the initiative's next remit."""
    begun = remits.start_draft(initiative_id=initiative.pk, by=by, at=at)
    body = begun.body | {"purpose": "summarise", "grants": grants, "ends": "2026-12-31"} | changed
    return remits.save_draft(remit_id=begun.pk, body=body, revision=begun.revision, by=by, at=at)


def sent(initiative, grants, *, by: Actor, at=AT, **changed) -> Request:
    """Return the request of a draft that was filled in and sent."""
    filled = draft(initiative, grants, by=by, at=at, **changed)
    outcome = remits.submit(remit_id=filled.pk, revision=filled.revision, by=by, at=at)
    return Request.objects.get(pk=outcome.request_id)


def say(kind: DecisionKind, request: Request, *, by: Actor, comment="", at=AT) -> Request:
    """Decide what the request says now."""
    digest = request.revisions.order_by("-number")[0].digest
    return approvals.decide(request_id=request.pk, kind=kind, digest=digest, comment=comment, by=by, at=at)


def approve(request: Request, *deciders: Actor, at=AT) -> Request:
    for decider in deciders:
        request = say(DecisionKind.APPROVE, request, by=decider, at=at)
    return request


def suggest(request: Request, change, *, by: Actor, counts=True, at=AT) -> Suggestion:
    """Ask for changes to what the request says now, and write the change."""
    newest = request.revisions.order_by("-number")[0]
    approvals.decide(
        request_id=request.pk,
        kind=DecisionKind.REQUEST_CHANGES,
        digest=newest.digest,
        comment="Less would do.",
        suggestion=Suggested(change, counts),
        by=by,
        at=at,
    )
    return Suggestion.objects.get(decision__revision=newest, decision__actor=by.person)


def bounds(datasets, destinations, *, at=AT, **changed):
    """Return the body of a pattern for internal data."""
    usual = {
        "purposes": ["summarise", "assist_staff"],
        "units": [],
        "techniques": ["prompt"],
        "modes": ["prompt"],
        "tier": "low",
        "ai_act_class": "minimal",
        "datasets": [dataset.ref for dataset in datasets],
        "highest_classification": str(Classification.INTERNAL),
        "synthetic": True,
        "destinations": [
            {"destination": place.ref, "terms": terms_in_force(place.pk, at=at).digest} for place in destinations
        ],
        "redact": [],
        "calls_per_day": None,
        "ruleset": "standard",
        "longest_days": 365,
    }
    return usual | changed


def pattern(body, *deciders: Actor, name="Everyday", owner=None, rate=0.0, sandbox=False, at=AT, by=None) -> Pattern:
    """Return an approved pattern."""
    where = owner or builders.organisation(at=at)
    proposed = remits.propose_pattern(
        name=name,
        body=body,
        owner_unit_id=where.pk,
        ends_at=at + timedelta(days=300),
        sampling_rate=rate,
        sandbox=sandbox,
        by=by or builders.actor_with(Role.POLICY_ADMIN, where, at=at),
        at=at,
    )
    asked = request_of("pattern", proposed.pk)
    approve(Request.objects.get(pk=asked.id), *deciders, at=at)
    proposed.refresh_from_db()
    return proposed


def sandbox_bounds(dataset, destination, *, at=AT, **changed):
    least = {
        "highest_classification": str(Classification.PUBLIC),
        "calls_per_day": 50,
        "ruleset": "strict",
        "longest_days": 14,
    }
    return bounds([dataset], [destination], at=at, **(least | changed))


OUR_TENANT = {"hosting": Hosting.TENANT_CLOUD}
