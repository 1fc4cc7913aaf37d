"""Ask a person about calls of tools in an answer, and wait for their word; give out once what they confirmed."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from governance.core import strict_json
from governance.core.clock import now
from governance.core.errors import DomainError, NotAllowed, Unavailable
from governance.core.ids import uuid7
from governance.core.sealing import KeyRing
from governance.core.storage import SealedFolder
from governance.detection.document import Document, Segment
from governance.detection.report import Report
from governance.gateway.case import Case, Confirmed
from governance.gateway.confirming import WAIT_S, AskedCall, ConfirmationState, Mark
from governance.gateway.dialects.framing import Frame
from governance.gateway.gate import Gate
from governance.gateway.selectors.waiting_calls import word_on
from governance.gateway.services.calls import ask_person, give_out
from governance.gateway.tools import Lists, needs_confirming, rules_of

LOOK_S = 0.4
UNCONFIRMED = "call_unconfirmed"
SEND_AGAIN = "Confirm it at the link within a day and send exactly the same again: it gets this answer, once."


@dataclass(frozen=True, slots=True)
class Person:
    """`lists` are the tools of the remits, `ask` has a document scanned."""

    case: Case
    gate: Gate
    lists: Lists
    ask: Callable[[Document], Awaitable[Report]]

    def needs(self, tool: str) -> bool:
        return needs_confirming(tool, self.lists)

    async def confirm(self, calls: Sequence[AskedCall], frames: Iterable[Frame], media_type: str) -> None:
        """Keep the answer sealed and return once a person has confirmed it; it is theirs to give out, to whoever waits first.

        Raises:
            NotAllowed: `call_refused`, `call_unconfirmed` after five minutes, `call_given_out`.
            Unavailable: `reply_unchecked`, or about the storage or the database.
        """
        case, number = self.case, uuid7()
        ref, asked = f"confirmation-{number}", await self._marked(calls)
        sent = [[frame.event, frame.data.decode()] for frame in frames]
        told = {"calls": [call.to_json() for call in asked], "frames": sent, "media_type": media_type}
        folder = await asyncio.to_thread(_folder, self.gate)
        await asyncio.to_thread(_write, folder, ref, json.dumps(told, ensure_ascii=False).encode())
        tools = rules_of((call.tool for call in asked), self.lists)
        case.confirmation = Confirmed(number, ref, ConfirmationState.WAITING)
        await ask_person(self.gate.database, case, tools=tools, by=case.actor, at=now())
        await word(case.confirmation, self.gate)
        await give_out(self.gate.database, case, case.confirmation, served=False, by=case.actor, at=now())
        await asyncio.to_thread(folder.delete, ref)

    async def _marked(self, calls: Sequence[AskedCall]) -> list[AskedCall]:
        """Return the calls with what a detector finds in their values marked, so that pages can show them masked."""
        texts = {f"call{n}.{m}": each.value for n, call in enumerate(calls) for m, each in enumerate(call.arguments)}
        try:
            report = await self.ask(Document(tuple(Segment(path, text) for path, text in texts.items())))
        except DomainError as fault:
            raise Unavailable("reply_unchecked", "The answer could not be checked.", remedy="Try again.") from fault
        marks: dict[str, list[Mark]] = {}
        for found in sorted(report.findings, key=lambda each: each.start):
            marks.setdefault(found.path, []).append(Mark(found.start, found.end, found.type))
        return [
            replace(
                call,
                arguments=tuple(
                    replace(each, marks=tuple(marks.get(f"call{n}.{m}", ()))) for m, each in enumerate(call.arguments)
                ),
            )
            for n, call in enumerate(calls)
        ]


async def word(asked: Confirmed, gate: Gate) -> None:
    """Wait until a person has confirmed it. Raises NotAllowed: `call_refused`, `call_over`, `call_unconfirmed`."""
    until = asyncio.get_running_loop().time() + WAIT_S
    while True:
        match await word_on(gate.database, asked):
            case ConfirmationState.CONFIRMED:
                return
            case ConfirmationState.REFUSED:
                remedy = "The link says who, and why."
                raise NotAllowed("call_refused", "A person refused what the answer would have called.", remedy=remedy)
            case ConfirmationState.ENDED:
                raise NotAllowed("call_over", "Nobody can confirm this any more.", remedy="Ask again.")
        if asyncio.get_running_loop().time() > until:
            reason = "A person must confirm what this answer calls, and nobody has yet."
            raise NotAllowed(UNCONFIRMED, reason, remedy=SEND_AGAIN)
        await asyncio.sleep(LOOK_S)


async def kept_answer(asked: Confirmed, gate: Gate) -> tuple[list[Frame], str]:
    """Return the frames of an answer that waits or waited, and its media type."""
    folder = await asyncio.to_thread(_folder, gate)
    told = strict_json.loads(await asyncio.to_thread(_read, folder, asked.storage_ref))
    return [Frame(event, data.encode()) for event, data in told["frames"]], told["media_type"]


async def forget_answer(asked: Confirmed, gate: Gate) -> None:
    folder = await asyncio.to_thread(_folder, gate)
    await asyncio.to_thread(folder.delete, asked.storage_ref)


def _folder(gate: Gate) -> SealedFolder:
    return SealedFolder(gate.config.holds, KeyRing.load(gate.config.storage_key))


def _write(folder: SealedFolder, ref: str, body: bytes) -> None:
    with folder.writer(ref) as writer:
        writer.write(body)


def _read(folder: SealedFolder, ref: str) -> bytes:
    with folder.reader(ref) as reader:
        return reader.read()
