"""What a provider says of a job that tunes a model, on its way to the caller: written down as theirs first, under the ids they know."""

import json
from dataclasses import dataclass
from typing import Any

from governance.core.clock import now
from governance.gateway.case import Case
from governance.gateway.dialects.batches import Batch, Named
from governance.gateway.dialects.openai.fine_tuning import FILES, OF_JOBS, renamed
from governance.gateway.dialects.openai.training_files import file_id
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.gate import Gate
from governance.gateway.reading import Reading
from governance.gateway.retelling import name_in, object_in
from governance.gateway.services.tuning import NewJob, note_job, see_job
from governance.gateway.understand import Understood


@dataclass(frozen=True, slots=True)
class RetellingOfJob:
    """See stream.Retold. `sent` is what the provider was sent: its own names of the sets."""

    form: Batch
    asked: Understood
    sent: Prompt
    case: Case
    gate: Gate

    async def told(self, body: bytes) -> bytes:
        """Return what the caller is told. A job that was just begun is tied to their initiative before they hear of it.

        Raises:
            Unavailable: `reply_unreadable`, `batch_unnamed`, `database_down`.
        """
        tree, begun = object_in(body), self.asked.batch
        seen = self.form.seen(tree)
        if begun is None:
            names = await self._noted(name_in(tree), seen)
        else:
            names = {begun.provider_id: OF_JOBS.own_id(begun.id), **begun.files}
            if seen:
                await see_job(self.gate.database, begun.id, seen=seen, by=self.case.actor, at=now())
        own_id = OF_JOBS.own_id(begun.id if begun else self.case.id)
        told = renamed(self.form.retold(tree, Named(own_id, "")), names)
        return json.dumps(told, ensure_ascii=False).encode()

    def reading_of(self, reading: Reading, _custom_id: Any) -> Reading:
        return reading

    async def _noted(self, provider_id: str, seen: dict[str, Any]) -> dict[str, str]:
        """Write the job down; return the provider's names of it and of its sets, and ours."""
        sets, target = self.asked.sets, self.asked.target
        validation = sets.get(FILES[1])
        files = {str(self.sent.tree[name]): file_id(each.id) for name, each in sets.items()}
        job = NewJob(
            self.case.id,
            target.destination,
            target.model,
            provider_id,
            training_set=sets[FILES[0]].id,
            validation_set=validation.id if validation else None,
            files=files,
            seen=seen,
        )
        dialect = self.asked.door.format.dialect
        await note_job(self.gate.database, job, access=self.asked.access, dialect=dialect, by=self.case.actor, at=now())
        return {provider_id: OF_JOBS.own_id(job.id), **files}
