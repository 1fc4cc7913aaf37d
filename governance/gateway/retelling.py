"""What a provider says of a batch, on its way to the caller: written down as theirs first, and told under the id they know."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from governance.core import strict_json
from governance.core.clock import now
from governance.core.errors import Invalid, Unavailable
from governance.gateway.batches import Begun, Records, opened_records, reading_of, records_of, sealed_records
from governance.gateway.case import Case
from governance.gateway.config import Config
from governance.gateway.dialects.batches import PROVIDER_ID, Batch, Named, Step
from governance.gateway.dialects.wire_format import WireFormat
from governance.gateway.gate import Gate
from governance.gateway.judge import Judged
from governance.gateway.reading import WAS_SENT, Reading, unreadable
from governance.gateway.services.batches import note_batch, see_batch
from governance.gateway.understand import Understood


@dataclass(frozen=True, slots=True)
class Retelling:
    """`number` is in our id of the batch, `records` what each of its records brought."""

    form: Batch
    step: Step
    number: UUID
    records: Records
    asked: Understood
    case: Case
    gate: Gate

    @classmethod
    def of(cls, asked: Understood, judged: Judged, case: Case, gate: Gate) -> "Retelling | None":
        """Return how the answer to a call about a batch is told, None for any other. Raises Invalid when what was kept is damaged."""
        form, step = asked.prompt.surface.batch, asked.prompt.surface.step
        if form is None or step is None:
            return None
        if asked.batch is None:
            return cls(form, step, case.id, records_of(judged), asked, case, gate)
        records = opened_records(asked.batch, ring=gate.keys.storage) if step is Step.TAKE else Records()
        return cls(form, step, asked.batch.id, records, asked, case, gate)

    async def told(self, body: bytes) -> bytes:
        """Return what the caller is told. One that was just begun is tied to their initiative before they hear of it.

        Raises:
            Unavailable: `reply_unreadable`, `batch_unnamed`, `database_down`.
        """
        if self.step is Step.TAKE:
            return body
        tree = _object_in(body)
        seen = self.form.seen(tree)
        if self.step is Step.BEGIN:
            await self._note(_name_in(tree), seen)
        else:
            await see_batch(self.gate.database, self.number, seen=seen, by=self.case.actor, at=now())
        return json.dumps(self.form.retold(tree, self._named), ensure_ascii=False).encode()

    @property
    def _named(self) -> Named:
        return named_batch(self.form, self.number, self.asked.door.format, self.gate.config)

    async def _note(self, provider_id: str, seen: dict[str, Any]) -> None:
        target, ring = self.asked.target, self.gate.keys.storage
        sealed = sealed_records(self.records, batch=self.number, ring=ring)
        await note_batch(
            self.gate.database,
            Begun(self.number, target.destination, target.model, provider_id, sealed),
            access=self.asked.access,
            dialect=self.asked.door.format.dialect,
            records=self.case.records,
            seen=seen,
            by=self.case.actor,
            at=now(),
        )

    def reading_of(self, reading: Reading, custom_id: Any) -> Reading:
        return reading_of(reading, self.records, custom_id)


def named_batch(form: Batch, number: UUID, wire: WireFormat, config: Config) -> Named:
    own_id = form.own_id(number)
    return Named(own_id, config.gateway_url + wire.base + form.results(own_id))


def _object_in(body: bytes) -> dict[str, Any]:
    try:
        tree = strict_json.loads(body)
    except Invalid as wrong:
        raise unreadable(wrong) from wrong
    if not isinstance(tree, dict):
        raise unreadable(Invalid("wrong_type", "It is no object."))
    return tree


def _name_in(tree: dict[str, Any]) -> str:
    name = tree.get("id")
    if not isinstance(name, str) or not PROVIDER_ID.fullmatch(name):
        reason = f"The provider did not say by which name it knows the batch. {WAS_SENT}"
        raise Unavailable("batch_unnamed", reason, remedy="See at the provider whether it has begun.")
    return name
