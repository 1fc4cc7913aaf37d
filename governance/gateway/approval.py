"""Observing for a while, as something that can be approved: this initiative, this destination, its terms, so many days."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.approvals.rules import DiffRow
from governance.approvals.subjects import Fact, Shown, Snapshot
from governance.core.actors import Actor
from governance.core.verdict import Denied, Verdict
from governance.core.wording import several
from governance.destinations.selectors import terms_in_force
from governance.gateway.models import Observation
from governance.gateway.observing import ObservationState
from governance.gateway.selectors.observations import link_of, observable, sendable
from governance.gateway.services.observations import begin_observing, close_wish
from governance.remits.selectors.asked import facts_of_grants

STILL_STOPPED = (
    "Only observed: what they would stop or replace is sent, and written down. Still stopped: secrets, registered code, texts, "
    "data and exams, restricted data, and what cannot be read."
)


class ObservationSubject:
    """See approvals.subjects.Subject. `subject_id` is the id of an Observation."""

    yes_owes_reason = True

    def title(self, subject_id: UUID) -> str:
        asked = _asked(subject_id)
        days = f"{asked.days} day{'' if asked.days == 1 else 's'}"
        return (
            f"{asked.initiative.title} wants to send to {asked.destination.title} for {days} with rules only observed"
        )

    def unit_id(self, subject_id: UUID) -> UUID:
        return _asked(subject_id).initiative.accountable_unit_id

    def snapshot(self, subject_id: UUID, *, at: datetime) -> Snapshot:
        asked = _asked(subject_id)
        granted = sendable(asked.initiative_id, asked.destination_id, at=at)
        facts = facts_of_grants(asked.initiative, asked.destination.ref, granted, at=at)
        return Snapshot(_body(asked, sorted({grant.dataset for grant in granted})), facts)

    def authors(self, subject_id: UUID) -> frozenset[UUID]:
        return frozenset({_asked(subject_id).asked_by_id})

    def unmoved(self, subject_id: UUID, *, at: datetime) -> Verdict:
        asked = _asked(subject_id)
        if terms_in_force(asked.destination_id, at=at).pk != asked.terms_id:
            return Denied("terms_moved", "The destination has new terms.", "Ask again under the new terms.")
        return observable(asked.initiative_id, asked.destination_id, at=at)

    def shown(self, subject_id: UUID) -> Shown:
        asked = _asked(subject_id)
        facts = [
            Fact("Owner", asked.initiative.accountable_unit.name),
            Fact("Asked by", asked.asked_by.name),
            Fact("Sent to", asked.destination.title),
            Fact("Keeps inputs", several(asked.terms.retention_days, "day")),
            Fact("Trains on inputs", "yes" if asked.terms.trains_on_inputs else "no"),
        ]
        return Shown(link_of(asked.pk), facts, in_force=None)  # before it, every rule holds

    def differences(self, before: Snapshot | None, after: Snapshot) -> Sequence[DiffRow]:
        old = _told(before.body) if before else {}
        return [
            DiffRow(field, old.get(field, ""), text, material=True)
            for field, text in _told(after.body).items()
            if old.get(field) != text
        ]

    def on_approved(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        begin_observing(observation_id=subject_id, by=by, at=at)

    def on_rejected(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        close_wish(observation_id=subject_id, to=ObservationState.REFUSED, by=by, at=at)

    def on_withdrawn(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        close_wish(observation_id=subject_id, to=ObservationState.WITHDRAWN, by=by, at=at)

    on_lapsed = on_withdrawn

    def on_returned(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        """Its page lets whoever asked change days and reason; the rules hold meanwhile."""


def _asked(subject_id: UUID) -> Observation:
    joined = ("initiative__accountable_unit", "destination", "terms", "asked_by")
    return Observation.objects.select_related(*joined).get(pk=subject_id)


def _body(asked: Observation, datasets: Sequence[str]) -> Mapping[str, Any]:
    return {
        "initiative": asked.initiative.code,
        "destination": asked.destination.ref,
        "terms": asked.terms.digest,
        "terms_version": asked.terms.version,
        "datasets": list(datasets),
        "days": asked.days,
        "reason": asked.reason,
    }


def _told(body: Mapping[str, Any]) -> dict[str, str]:
    """Return the body in people's words."""
    return {
        "Rules": STILL_STOPPED,
        "For": f"{body['days']} day{'' if body['days'] == 1 else 's'} from the yes on",
        "Sent to": f"{body['destination']}, on version {body['terms_version']} of its terms",
        "Data": ", ".join(body["datasets"]),
        "To find out": body["reason"],
    }
