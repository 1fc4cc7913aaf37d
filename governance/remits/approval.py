"""Remits and patterns as subjects of an approval: what the engine asks of them, and what it tells them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from governance.approvals.binding import Binding
from governance.approvals.rules import DiffRow
from governance.approvals.selectors import binding_of
from governance.approvals.subjects import Fact, Shown, Snapshot
from governance.core.actors import Actor
from governance.core.errors import Invalid
from governance.core.percent import percent
from governance.core.verdict import Allowed, Denied, Verdict, require
from governance.initiatives.selectors import is_contested_now
from governance.organisation.models import Unit
from governance.organisation.permissions import Standing, may
from governance.organisation.selectors import time_zone_of
from governance.remits import services
from governance.remits.body import RemitBody, parse_body
from governance.remits.bound import bound_body, may_bind
from governance.remits.changes import classification_rows, material_diff, new_terms
from governance.remits.facts import pattern_facts, remit_facts
from governance.remits.locks import whole_of
from governance.remits.models import Pattern, Remit
from governance.remits.patterns import parse_pattern
from governance.remits.rules import PatternState, RemitState, World, may_ask
from governance.remits.selectors.exams import evidence_of
from governance.remits.selectors.shown import (
    in_words,
    pattern_rows,
    pattern_title,
    remit_title,
    shown_facts,
    terms_named,
)
from governance.remits.selectors.world import named_in, named_in_pattern
from governance.remits.suggested import parse_change, suggested_body


def _remit(subject_id: UUID) -> Remit:
    return Remit.objects.select_related("initiative__accountable_unit").get(pk=subject_id)


def _unit(remit: Remit) -> Unit:
    return remit.initiative.accountable_unit


def _names(snapshot: Snapshot) -> dict[str, str]:
    named = [*snapshot.facts["datasets"], *snapshot.facts["destinations"]]
    return {entry["ref"]: entry["title"] for entry in named}


def _classes(snapshot: Snapshot) -> dict[str, str]:
    return {entry["ref"]: entry["classification"] for entry in snapshot.facts["datasets"]}


class RemitSubject:
    """One version of a remit."""

    def title(self, subject_id: UUID) -> str:
        remit = _remit(subject_id)
        return remit_title(remit)

    def unit_id(self, subject_id: UUID) -> UUID:
        return _remit(subject_id).initiative.accountable_unit_id

    def snapshot(self, subject_id: UUID, *, at: datetime) -> Snapshot:
        remit = _remit(subject_id)
        body = parse_body(remit.body)
        return Snapshot(remit.body, self._facts(remit, body, named_in(body, _unit(remit), at=at).world))

    def _facts(self, remit: Remit, body: RemitBody, world: World) -> Mapping[str, Any]:
        contested, exams = is_contested_now(remit.initiative_id), evidence_of(remit.initiative_id)
        return remit_facts(body, world, contest_open=contested, exam_evidence=exams)

    def suggested(self, subject_id: UUID, change: Mapping[str, Any], *, at: datetime) -> Snapshot:
        remit = _remit(subject_id)
        body = suggested_body(parse_body(remit.body), parse_change(change))
        world = named_in(body, _unit(remit), at=at).world
        require(may_ask(body, world), Invalid)
        return Snapshot(body.to_json(), self._facts(remit, body, world))

    def may_answer(self, subject_id: UUID, reader: Standing) -> Verdict:
        return may(reader, "remits:remit:submit", _unit(_remit(subject_id)).path)

    def whole(self, subject_id: UUID) -> tuple[str, UUID]:
        return whole_of(subject_id)

    def authors(self, subject_id: UUID) -> frozenset[UUID]:
        remit = _remit(subject_id)
        return frozenset({remit.drafted_by_id, *(UUID(person) for person in remit.authors)})

    def unmoved(self, subject_id: UUID, *, at: datetime) -> Verdict:
        remit = _remit(subject_id)
        try:
            body = parse_body(remit.body)
            return may_ask(body, named_in(body, remit.initiative.accountable_unit, at=at).world)
        except Invalid as gone:
            return Denied(gone.code, gone.reason, gone.remedy)

    def shown(self, subject_id: UUID) -> Shown:
        remit = _remit(subject_id)
        return Shown(
            f"/initiatives/{remit.initiative.code}/", shown_facts(remit), self._in_force(remit), remit.initiative_id
        )

    def _in_force(self, remit: Remit) -> Snapshot | None:
        found = Remit.objects.filter(initiative=remit.initiative, sandbox=False, state=RemitState.APPROVED)
        before = found.exclude(pk=remit.pk).first()
        if before is None:
            return None
        bound = bound_body(parse_body(before.body), binding_of("remit", before.pk))
        return Snapshot(bound.to_json(), {"datasets": [], "destinations": []})

    def may_bind(self, subject_id: UUID, conditions: Binding, *, at: datetime) -> Verdict:
        remit = _remit(subject_id)
        zone = ZoneInfo(time_zone_of(remit.initiative.accountable_unit))
        return may_bind(conditions, parse_body(remit.body), at.astimezone(zone).date())

    def differences(self, before: Snapshot | None, after: Snapshot) -> Sequence[DiffRow]:
        old, new = (parse_body(before.body) if before else None), parse_body(after.body)
        titles = {**(_names(before) if before else {}), **_names(after)}
        if old and (terms := new_terms(old, new)):
            titles |= terms_named(terms)
        raised = classification_rows(_classes(before), _classes(after), titles) if before else []
        return [*material_diff(old, new, titles), *raised]

    def on_approved(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        binding = binding_of("remit", subject_id)
        services.activate_remit(remit_id=subject_id, binding=binding, by=by, at=at)

    def on_rejected(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        services.reject_remit(remit_id=subject_id, by=by, at=at)

    def on_withdrawn(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        services.withdraw_remit(remit_id=subject_id, by=by, at=at)

    def on_returned(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        services.return_remit(remit_id=subject_id, by=by, at=at)

    def on_lapsed(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        """The draft stays as it is: nothing that somebody wrote is lost, and sending it again asks anew."""

    def on_overridden(self, subject_id: UUID, *, until: datetime, by: Actor, at: datetime) -> None:
        services.lend_grants(remit_id=subject_id, until=until, by=by, at=at)

    def on_override_ended(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        services.end_lent_grants(remit_id=subject_id, by=by, at=at)


def _pattern(subject_id: UUID) -> Pattern:
    return Pattern.objects.select_related("owner_unit").get(pk=subject_id)


class PatternSubject:
    """One version of a pattern."""

    def title(self, subject_id: UUID) -> str:
        return pattern_title(_pattern(subject_id))

    def unit_id(self, subject_id: UUID) -> UUID:
        return _pattern(subject_id).owner_unit_id

    def snapshot(self, subject_id: UUID, *, at: datetime) -> Snapshot:
        pattern = _pattern(subject_id)
        body = parse_pattern(pattern.body, sandbox=pattern.sandbox)
        bounds = {"pattern": pattern.body, "sampling_rate": str(pattern.sampling_rate), "sandbox": pattern.sandbox}
        world = named_in_pattern(body, pattern.owner_unit, at=at).world
        facts = pattern_facts(body, world, sandbox=pattern.sandbox)
        return Snapshot({**bounds, "ends_at": pattern.ends_at.isoformat()}, facts)

    def authors(self, subject_id: UUID) -> frozenset[UUID]:
        return frozenset({_pattern(subject_id).made_by_id})

    def unmoved(self, subject_id: UUID, *, at: datetime) -> Verdict:
        pattern = _pattern(subject_id)
        if pattern.ends_at <= at:
            return Denied("ended", "The pattern's end date has passed.", "Choose a later end date.")
        try:
            body = parse_pattern(pattern.body, sandbox=pattern.sandbox)
            world = named_in_pattern(body, pattern.owner_unit, at=at).world
        except Invalid as gone:
            return Denied(gone.code, gone.reason, gone.remedy)
        current = {(ref, found.digest) for ref, found in world.destinations.items()}
        if not set(body.destinations) <= current:
            return Denied("terms_moved", "The terms of a destination in this pattern have changed.", "Send it again.")
        return Allowed()

    def shown(self, subject_id: UUID) -> Shown:
        pattern = _pattern(subject_id)
        facts = [
            Fact("Owner", pattern.owner_unit.name),
            Fact("Looked at afterwards", f"{percent(pattern.sampling_rate)} of what it decides"),
            Fact("Ends", pattern.ends_at.date().isoformat()),
            Fact("Sandbox", in_words(value=pattern.sandbox)),
        ]
        return Shown(f"/patterns/{subject_id}/", facts, self._in_force(pattern))

    def _in_force(self, pattern: Pattern) -> Snapshot | None:
        before = Pattern.objects.filter(name=pattern.name, state=PatternState.APPROVED).exclude(pk=pattern.pk).first()
        return Snapshot({"pattern": before.body}, {"datasets": [], "destinations": []}) if before else None

    def differences(self, before: Snapshot | None, after: Snapshot) -> Sequence[DiffRow]:
        return pattern_rows(before.body["pattern"] if before else None, after.body["pattern"], _names(after))

    def on_approved(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        services.approve_pattern(pattern_id=subject_id, by=by, at=at)

    def on_rejected(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        services.reject_pattern(pattern_id=subject_id, by=by, at=at)

    def on_withdrawn(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        services.reject_pattern(pattern_id=subject_id, by=by, at=at)

    def on_returned(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        services.return_pattern(pattern_id=subject_id, by=by, at=at)

    def on_lapsed(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        services.reject_pattern(pattern_id=subject_id, by=by, at=at)
