"""What is kept of a batch until its answers are read: whose it is, and which placeholders stand in which of its records."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from governance.core.sealing import KeyRing, seal, unseal
from governance.detection.redact import restorations
from governance.gateway.dialects.batches import ALONE
from governance.gateway.judge import Judged
from governance.gateway.limits import LimitKind, Price, Taking, Use
from governance.gateway.reading import Reading

LIFE = timedelta(days=31)  # providers keep answers for a month at most


@dataclass(frozen=True, slots=True)
class Begun:
    """A batch as its caller knows it, or a file of records: `id` is ours, `provider_id` the provider's.

    `input` is the file a batch was begun with, None where its records came with it. `likely` is what its records may use. `files` are
    the provider's names of the training sets of a job, and ours.
    """

    id: UUID
    destination: UUID
    model: str
    provider_id: str
    sealed: bytes = field(repr=False)
    records: int
    likely: Use
    input: UUID | None = None
    is_file: bool = False
    seen: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Charge:
    """What budgets were charged for a batch when it began, and the price of its model then."""

    takings: tuple[Taking, ...]
    likely: Use
    price: Price | None

    def to_json(self) -> dict[str, Any]:
        limits = [
            [str(each.limit.id), each.since.isoformat(), each.limit.kind, self.likely.of(each.limit.kind, self.price)]
            for each in self.takings
        ]
        return {"price": [self.price.sent, self.price.answered] if self.price else None, "takings": limits}


@dataclass(frozen=True, slots=True)
class Correction:
    """By how much what a budget was charged was wrong; less than nothing where it was too much."""

    limit: UUID
    since: datetime
    by: int


def corrections(charged: Mapping[str, Any], used: Use) -> tuple[list[Correction], int | None]:
    """Return what sets right what Charge wrote down, now that the use is known; and the cost in micro-euro, None without a price."""
    price = Price(*charged["price"]) if charged.get("price") else None
    wrong = [
        Correction(UUID(limit), datetime.fromisoformat(since), used.of(LimitKind(kind), price) - amount)
        for limit, since, kind, amount in charged.get("takings", ())
    ]
    return wrong, price.of(used.tokens_in, used.tokens_out) if price else None


@dataclass(frozen=True, slots=True)
class Record:
    """What its caller may see again in the answer to a record: the originals behind its placeholders, and what they wrote."""

    originals: Mapping[str, str] = field(default_factory=dict, repr=False)
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Records:
    """What the records brought, by custom_id; those that brought nothing are not there.

    `replaced`: something was put in the place of something, so what had looked like a placeholder before was escaped, in all of them.
    """

    each: Mapping[str, Record] = field(default_factory=dict)
    replaced: bool = False


def records_of(judged: Judged) -> Records:
    """Return what each record brought.

    A placeholder counts for the records it was written into and for no other: one end user's record cannot ask for what stands
    behind another's.
    """
    sent, batch = judged.sent, judged.sent.surface.batch
    if batch is None:
        return Records()
    if batch.alone:
        whole = Record(judged.originals, frozenset(found.keyed_digest for found in judged.report.findings))
        return Records({ALONE: whole}, bool(judged.originals))
    originals: list[dict[str, str]] = [{} for _ in sent.tree[batch.listed]]
    known: list[set[str]] = [set() for _ in originals]
    number_of = {each.path: each.keys[1] for each in sent.texts if each.keys[0] == batch.listed}
    for each in sent.texts:
        if judged.originals and isinstance(number := number_of.get(each.path), int):
            originals[number] |= _standing_in(each.text, judged.originals)
    for found in judged.report.findings:
        if isinstance(number := number_of.get(found.path), int):
            known[number].add(found.keyed_digest)
    kept = zip(batch.ids(sent.tree), originals, known, strict=True)
    by_id = {name: Record(mine, frozenset(seen)) for name, mine, seen in kept if mine or seen}
    return Records(by_id, bool(judged.originals))


def _standing_in(text: str, originals: Mapping[str, str]) -> dict[str, str]:
    written = (text[each.start : each.end] for each in restorations(text, originals))
    return {each: originals[each] for each in written if each in originals}


def reading_of(reading: Reading, records: Records, custom_id: Any) -> Reading:
    """Return how the answer to one record is read."""
    record = records.each.get(custom_id, Record()) if isinstance(custom_id, str) else Record()
    return replace(reading, originals=record.originals, known=record.known, escaped=records.replaced)


def sealed_records(records: Records, *, batch: UUID, ring: KeyRing) -> bytes:
    told = {name: [dict(record.originals), sorted(record.known)] for name, record in records.each.items()}
    return seal(ring, json.dumps([records.replaced, told]).encode(), context=_context(batch))


def opened_records(begun: Begun, *, ring: KeyRing) -> Records:
    """Raises Invalid, Unavailable: as unseal."""
    replaced, told = json.loads(unseal(ring, begun.sealed, context=_context(begun.id)))
    return Records({name: Record(mine, frozenset(known)) for name, (mine, known) in told.items()}, replaced)


def _context(batch: UUID) -> str:
    return f"gateway_batch:{batch}:sealed"


def expiry(begun_at: datetime) -> datetime:
    return begun_at + LIFE
