"""Files of an initiative in OpenAI's interface, on the gateway's own connection: training sets, and records of batches."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from governance.gateway.database import Connection
from governance.training.rules import TrainingSetState

SET = "SELECT id, digest, bytes, uploaded_at, state, counts FROM training_set WHERE initiative_id = %(initiative)s"
ONE = f"{SET} AND id = %(id)s"
SAME = f"{SET} AND digest = %(digest)s"
# Newest first, or oldest; ids are in the order of time.
PAGE = """
SELECT * FROM (
    SELECT id, digest, bytes, uploaded_at, state, counts, NULL AS seen FROM training_set
    WHERE initiative_id = %(initiative)s AND 'fine-tune' = ANY(%(purposes)s)
    UNION ALL
    SELECT id, NULL, NULL, begun_at, NULL, NULL, seen FROM gateway_batch
    WHERE is_file AND initiative_id = %(initiative)s AND dialect = %(dialect)s AND expires_at > %(at)s
      AND 'batch' = ANY(%(purposes)s)
) file
WHERE %(after)s::uuid IS NULL OR id {beyond} %(after)s
ORDER BY id {order} LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class SetRow:
    """A training set. `counts` is {type: findings}."""

    id: UUID
    digest: str
    bytes: int
    uploaded_at: datetime
    state: TrainingSetState
    counts: dict[str, int]


class FilePage(NamedTuple):
    """`rows` are training sets, and (number, as last seen) of files of batches. `more`: there are others further on."""

    rows: list[SetRow | tuple[UUID, dict[str, Any]]]
    more: bool


class Wanted(NamedTuple):
    """Which page of files: of which purposes, behind which one, how many, in which order."""

    purposes: tuple[str, ...]
    after: UUID | None
    most: int
    oldest_first: bool


async def set_of(conn: Connection, number: UUID, *, initiative: UUID) -> SetRow | None:
    """Return a training set of the initiative, None when it has none of this number."""
    row = await (await conn.execute(ONE, {"id": number, "initiative": initiative})).fetchone()
    return _set(row) if row else None


async def set_of_digest(conn: Connection, digest: str, *, initiative: UUID) -> SetRow | None:
    """Return the training set of the initiative that has these bytes."""
    row = await (await conn.execute(SAME, {"digest": digest, "initiative": initiative})).fetchone()
    return _set(row) if row else None


async def files_of(conn: Connection, wanted: Wanted, *, initiative: UUID, dialect: str, at: datetime) -> FilePage:
    """Return a page of the files of an initiative."""
    order, beyond = ("ASC", ">") if wanted.oldest_first else ("DESC", "<")
    asked = {
        "initiative": initiative,
        "dialect": dialect,
        "purposes": list(wanted.purposes),
        "after": wanted.after,
        "most": wanted.most + 1,
        "at": at,
    }
    found = await (await conn.execute(PAGE.format(order=order, beyond=beyond), asked)).fetchall()
    rows = [_set(row[:-1]) if row[-1] is None else (row[0], row[-1]) for row in found[: wanted.most]]
    return FilePage(rows, len(found) > wanted.most)


def _set(row: tuple[Any, ...]) -> SetRow:
    number, digest, size, at, state, counts = row
    return SetRow(number, digest, size, at, TrainingSetState(state), counts)
