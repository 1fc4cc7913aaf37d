"""A release as something that can be approved: exactly these bytes, to exactly this destination, on these terms."""

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
from governance.remits.selectors import grants_of
from governance.remits.selectors.asked import facts_of_grants
from governance.training.models import ReleaseRequest
from governance.training.rules import TRAINING_MODES
from governance.training.selectors import counted, keeps_to_demand
from governance.training.services import close_release, issue_permit


class ReleaseSubject:
    """See approvals.subjects.Subject. `subject_id` is the id of a ReleaseRequest."""

    def title(self, subject_id: UUID) -> str:
        asked = _asked(subject_id)
        return f"{asked.training_set.initiative.title} wants to train {asked.destination.title} with “{asked.training_set.title}”"

    def unit_id(self, subject_id: UUID) -> UUID:
        return _asked(subject_id).training_set.initiative.accountable_unit_id

    def snapshot(self, subject_id: UUID, *, at: datetime) -> Snapshot:
        asked = _asked(subject_id)
        return Snapshot(_body(asked), _facts(asked, at))

    def authors(self, subject_id: UUID) -> frozenset[UUID]:
        asked = _asked(subject_id)
        return frozenset({asked.asked_by_id, asked.training_set.uploaded_by_id})

    def unmoved(self, subject_id: UUID, *, at: datetime) -> Verdict:
        asked = _asked(subject_id)
        if terms_in_force(asked.destination_id, at=at).pk != asked.terms_id:
            return Denied("terms_moved", "The destination has new terms.", "Ask again under the new terms.")
        return keeps_to_demand(asked.training_set, at=at)

    def shown(self, subject_id: UUID) -> Shown:
        asked = _asked(subject_id)
        terms = asked.terms
        facts = [
            Fact("Owner", asked.training_set.initiative.accountable_unit.name),
            Fact("Uploaded by", asked.training_set.uploaded_by.name),
            Fact("Keeps inputs", several(terms.retention_days, "day")),
            Fact("Trains on inputs", "yes" if terms.trains_on_inputs else "no"),
            Fact("Owns the weights", terms.weights_owner.replace("_", " ")),
        ]
        return Shown(f"/training-sets/{asked.training_set_id}/", facts, in_force=None)  # each set is new

    def differences(self, before: Snapshot | None, after: Snapshot) -> Sequence[DiffRow]:
        old = _told(before.body) if before else {}
        return [
            DiffRow(field, old.get(field, ""), text, material=True)
            for field, text in _told(after.body).items()
            if old.get(field) != text
        ]

    def on_approved(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        issue_permit(release_id=subject_id, by=by, at=at)

    def on_rejected(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        close_release(release_id=subject_id, by=by, at=at)

    on_withdrawn = on_lapsed = on_rejected

    def on_returned(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        """Nothing becomes editable: the bytes are what they are. The asker answers in a comment, or takes it back."""


def _asked(subject_id: UUID) -> ReleaseRequest:
    joined = ("training_set__initiative__accountable_unit", "training_set__uploaded_by", "destination", "terms")
    return ReleaseRequest.objects.select_related(*joined).get(pk=subject_id)


def _body(asked: ReleaseRequest) -> Mapping[str, Any]:
    row = asked.training_set
    return {
        "training_set": row.digest,
        "bytes": row.bytes,
        "records": row.records,
        "counts": row.counts,
        "ruleset": row.ruleset_digest,
        "destination": asked.destination.ref,
        "terms": asked.terms.digest,
    }


def _told(body: Mapping[str, Any]) -> dict[str, str]:
    """Return the body in people's words."""
    return {
        "Records": f"{body['records']:,}",
        "Findings": counted(body["counts"]),
        "Destination": body["destination"],
        "Terms": body["terms"][:12],
        "Bytes (SHA-256)": body["training_set"],
    }


def _facts(asked: ReleaseRequest, at: datetime) -> Mapping[str, Any]:
    initiative, place = asked.training_set.initiative, asked.destination
    toward = [row for row in grants_of(initiative.pk, at=at) if row.usable and row.destination_id == place.pk]
    return facts_of_grants(initiative, place.ref, [row for row in toward if row.mode in TRAINING_MODES], at=at)
