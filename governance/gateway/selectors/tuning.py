"""What a job may be begun with, and the jobs of an initiative, on the gateway's own connection."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from governance.core.errors import Conflict
from governance.detection.ways import Way
from governance.gateway.access import Access
from governance.gateway.address import Target
from governance.gateway.batches import Begun
from governance.gateway.database import Connection
from governance.gateway.decision import strictest
from governance.gateway.limits import Use
from governance.gateway.releases import Release
from governance.gateway.selectors.batches import Own
from governance.training.rules import TrainingSetState, tells_no_more

# The release permit has to be one of the terms in force: under others nobody decided.
SET = """
SELECT s.id, s.digest, s.bytes, s.state, s.counts, s.storage_ref, (
           SELECT p.provider_id FROM gateway_publication p
           WHERE p.training_set_id = s.id AND p.destination_id = %(destination)s AND p.state = 'sent'
           ORDER BY p.begun_at DESC, p.id DESC LIMIT 1
       ), permit.id, permit.body, permit.signature, EXISTS (
           SELECT FROM gateway_publication p
           WHERE p.training_set_id = s.id AND p.destination_id = %(destination)s AND p.state = 'sending'
       ), CASE WHEN s.parent_id IS NULL THEN NULL ELSE s.demand END
FROM training_set s LEFT JOIN LATERAL (
    SELECT r.id, r.body, r.signature FROM training_release_permit r
    WHERE r.training_set_id = s.id AND r.destination_id = %(destination)s AND r.used_at IS NULL AND r.expires_at > %(at)s
      AND r.terms_id = (
          SELECT t.id FROM destinations_terms t WHERE t.destination_id = %(destination)s AND t.in_force_from <= %(at)s
          ORDER BY t.version DESC LIMIT 1
      )
    ORDER BY r.issued_at DESC, r.id DESC LIMIT 1
) permit ON true
WHERE s.id = %(id)s AND s.initiative_id = %(initiative)s
"""
ONE = """
SELECT id, destination_id, model, provider_id, seen, files FROM gateway_tuning_job
WHERE id = %(id)s AND initiative_id = %(initiative)s AND dialect = %(dialect)s
"""
PAGE = """
SELECT id, training_set_id, validation_set_id, seen FROM gateway_tuning_job
WHERE initiative_id = %(initiative)s AND dialect = %(dialect)s AND (%(after)s::uuid IS NULL OR id < %(after)s)
ORDER BY id DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class NamedSet:
    """A training set that a job names, as it stands toward one destination.

    `provider_id` is the name the provider has for it, "" before it was sent there; `release` the right to send it, None without
    one; `on_its_way`: another call sends it, or may have sent it.
    """

    id: UUID
    digest: str
    bytes: int
    state: TrainingSetState
    counts: Mapping[str, int]
    storage_ref: str
    provider_id: str
    release: Release | None
    on_its_way: bool


class JobRow(NamedTuple):
    id: UUID
    training_set: UUID
    validation_set: UUID | None
    seen: dict[str, Any]


async def named_set(conn: Connection, number: UUID, access: Access, target: Target, *, at: datetime) -> NamedSet | None:
    """Return a training set of the initiative as it stands toward the target, None when it has none of this number."""
    asked = {"id": number, "initiative": access.initiative, "destination": target.destination, "at": at}
    row = await (await conn.execute(SET, asked)).fetchone()
    if row is None:
        return None
    number, digest, size, state, counts, ref, provider_id, permit, body, signature, on_its_way, copied_under = row
    released = permit and (copied_under is None or _keeps_to(target, copied_under))
    release = Release(permit, body, bytes(signature)) if released else None
    return NamedSet(number, digest, size, TrainingSetState(state), counts, ref, provider_id or "", release, on_its_way)


def _keeps_to(target: Target, copied_under: str) -> bool:
    """Say whether a redacted copy, made under this demand, tells no more than the grants toward the target let it now."""
    return bool(tells_no_more(Way(copied_under) if copied_under else None, strictest(target.offers).way))


async def job_of(conn: Connection, number: UUID, *, own: Own) -> Begun | None:
    """Return a job of the initiative, None when it has none of this number."""
    asked = {"id": number, "initiative": own.initiative, "dialect": own.dialect}
    row = await (await conn.execute(ONE, asked)).fetchone()
    if row is None:
        return None
    number, destination, model, provider_id, seen, files = row
    return Begun(number, destination, model, provider_id, b"", 0, Use(0, 0), seen=seen, files=files)


async def jobs_of(conn: Connection, *, own: Own, after: UUID | None, most: int) -> tuple[list[JobRow], bool]:
    """Return a page of the jobs of an initiative, newest first, and whether there are others further on."""
    asked = {"initiative": own.initiative, "dialect": own.dialect, "after": after, "most": most + 1}
    found = await (await conn.execute(PAGE, asked)).fetchall()
    return [JobRow(*row) for row in found[:most]], len(found) > most


def on_its_way() -> Conflict:
    """Return the refusal of a job whose set another call is sending."""
    remedy = "Ask again in a moment. When it stays so, see at the provider what it has, and ask for a new release."
    return Conflict("set_on_its_way", "Another call sends this training set, or may have sent it.", remedy=remedy)
