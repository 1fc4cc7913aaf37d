"""What a provider says of a batch, on its way to the caller: written down as theirs first, and told under the id they know."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from governance.core import strict_json
from governance.core.clock import now
from governance.core.errors import Invalid, Unavailable
from governance.gateway.batches import Begun, Charge, Records, opened_records, reading_of, records_of, sealed_records
from governance.gateway.case import Case
from governance.gateway.config import Config
from governance.gateway.dialects.batches import ALONE, PROVIDER_ID, Batch, Named, Step
from governance.gateway.dialects.openai.batches import OF_FILES
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.dialects.wire_format import WireFormat
from governance.gateway.gate import Gate
from governance.gateway.judge import Judged
from governance.gateway.limits import likely_use
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
    sent: Prompt
    case: Case
    gate: Gate

    @classmethod
    def of(cls, asked: Understood, judged: Judged, case: Case, gate: Gate) -> "Retelling | None":
        """Return how the answer to a call about a batch is told, None for any other. Raises Invalid when what was kept is damaged."""
        form, step = asked.prompt.surface.batch, asked.prompt.surface.step
        if form is None or step is None:
            return None
        if asked.batch is None:
            return cls(form, step, case.id, records_of(judged), asked, judged.sent, case, gate)
        number = case.id if step is Step.START else asked.batch.id
        needed = form.alone or step in {Step.TAKE, Step.START}
        records = opened_records(asked.batch, ring=gate.keys.storage) if needed else Records()
        return cls(form, step, number, records, asked, judged.sent, case, gate)

    async def told(self, body: bytes) -> bytes:
        """Return what the caller is told. One that was just begun is tied to their initiative before they hear of it.

        Raises:
            Unavailable: `reply_unreadable`, `batch_unnamed`, `database_down`.
        """
        if self.step is Step.TAKE:
            return body
        tree = object_in(body)
        seen = self.form.seen(tree)
        if self.step in {Step.BEGIN, Step.UPLOAD, Step.START}:
            await self._note(name_in(tree), seen)
        else:
            await see_batch(self.gate.database, self.number, seen=seen, by=self.case.actor, at=now())
        return json.dumps(self.form.retold(tree, self._named), ensure_ascii=False).encode()

    @property
    def _named(self) -> Named:
        return named_batch(self.form, self.number, self._input, self.asked.door.format, self.gate.config)

    @property
    def _input(self) -> UUID | None:
        """The number of the file that a batch was begun with."""
        known = self.asked.batch
        if known is None or self.form.is_file:
            return None
        return known.id if self.step is Step.START else known.input

    async def _note(self, provider_id: str, seen: dict[str, Any]) -> None:
        target, prompt, file = self.asked.target, self.sent, self.asked.batch
        begun = Begun(
            self.number,
            target.destination,
            target.model,
            provider_id,
            sealed_records(self.records, batch=self.number, ring=self.gate.keys.storage),
            records=file.records if file else prompt.records,
            likely=file.likely if file else likely_use(prompt.tree, len(prompt.body)),
            input=self._input,
            is_file=self.form.is_file,
            seen=seen if file else seen | prompt.endpoint,
        )
        await note_batch(
            self.gate.database,
            begun,
            access=self.asked.access,
            dialect=self.form.kept_as or self.asked.door.format.dialect,
            charge=Charge(self.case.taken, begun.likely, target.price) if self.step is not Step.UPLOAD else None,
            by=self.case.actor,
            at=now(),
        )

    def read(self, reading: Reading) -> Reading:
        """Return how this answer is read: one that is fetched here by what the call brought that began it."""
        return reading_of(reading, self.records, ALONE) if self.form.alone and self.asked.batch else reading

    def reading_of(self, reading: Reading, custom_id: Any) -> Reading:
        return reading_of(reading, self.records, custom_id)


def named_batch(form: Batch, number: UUID, file: UUID | None, wire: WireFormat, config: Config) -> Named:
    own_id, of_file = form.own_id(number), OF_FILES.own_id(file) if file else ""
    return Named(own_id, config.gateway_url + wire.base + form.results(own_id), of_file)


def object_in(body: bytes) -> dict[str, Any]:
    """Return the object that a provider answered. Raises Unavailable, `reply_unreadable`."""
    try:
        tree = strict_json.loads(body)
    except Invalid as wrong:
        raise unreadable(wrong) from wrong
    if not isinstance(tree, dict):
        raise unreadable(Invalid("wrong_type", "It is no object."))
    return tree


def name_in(tree: dict[str, Any]) -> str:
    """Return the provider's name of what it began or took. Raises Unavailable, `batch_unnamed`."""
    name = tree.get("id")
    if not isinstance(name, str) or not PROVIDER_ID.fullmatch(name):
        reason = f"The provider did not say by which name it knows it. {WAS_SENT}"
        raise Unavailable("batch_unnamed", reason, remedy="See at the provider whether it has begun.")
    return name
