"""A version of the ruleset that runs in shadow decides every call a second time, afterwards and with no effect.

Nobody waits for it: a call is noted, and looked at when this process waits for no other scan. Where both versions look for the
same, the findings there are are decided again; else a worker scans the text again. What goes wrong here refuses nothing.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from governance.core.actors import GATEWAY
from governance.core.background import end
from governance.core.clock import now
from governance.core.errors import DomainError
from governance.detection.policy import Decision
from governance.detection.report import Report
from governance.gateway.comparing import UNKNOWN, Compared, compared
from governance.gateway.database import Database
from governance.gateway.decision import Conditions, decide_prompt
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.judge import Ask
from governance.gateway.selectors.rulesets import in_shadow
from governance.gateway.services.comparisons import keep_comparison
from governance.scanning.remote import Scanner
from governance.scanning.selectors import Enforced

LOOK_S = 2.0
MOST_WAITING = 64  # calls, with their texts; what comes faster is left out
BUSY_S, LONGEST_BUSY_S = 0.05, 30.0
WRITTEN_S, WRITE_TRIES = 0.5, 10  # a call is written down a moment after it is decided
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Noted:
    """A call that was decided; `ask` makes what has a text scanned under a ruleset."""

    exchange: UUID
    prompt: Prompt
    conditions: Conditions
    report: Report
    decision: Decision
    ask: Callable[[Enforced], Ask]


@dataclass(slots=True)
class Shadow:
    database: Database
    scanner: Scanner
    _beside: Enforced | None = None
    _noted: asyncio.Queue[Noted] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._look()), asyncio.create_task(self._compare_forever())]

    async def stop(self) -> None:
        await end(*self._tasks)

    def note(self, noted: Noted) -> None:
        """Have a call looked at later. Nothing happens while no version runs in shadow, or too much waits."""
        if self._beside is not None and noted.report.complete:
            with suppress(asyncio.QueueFull):
                self._noted.put_nowait(noted)

    async def _look(self) -> None:
        """Follow which version runs in shadow."""
        while True:
            try:
                async with self.database.reading() as conn:
                    self._beside = await in_shadow(conn, known=self._beside)
            except Exception as fault:  # noqa: BLE001 - a look that ended would compare with a version of the past for ever
                self._beside = None
                log.warning("the ruleset in shadow could not be read: %s", type(fault).__name__)
            await asyncio.sleep(LOOK_S)

    async def _compare_forever(self) -> None:
        while True:
            noted = await self._noted.get()
            try:
                if self._beside is not None:
                    await self._compare(noted, self._beside)
            except Exception as fault:  # noqa: BLE001 - the class alone: messages quote texts
                log.warning("a call could not be compared: %s", type(fault).__name__)

    async def _compare(self, noted: Noted, beside: Enforced) -> None:
        found = await self._decided(noted, beside)
        for _ in range(WRITE_TRIES):
            kept = await keep_comparison(
                self.database, exchange=noted.exchange, ruleset=beside.digest, found=found, by=GATEWAY, at=now()
            )
            if kept:
                return
            await asyncio.sleep(WRITTEN_S)

    async def _decided(self, noted: Noted, beside: Enforced) -> Compared:
        report = noted.report
        if beside.detectors.digest != report.receipt.ruleset:
            # Only of a worker that holds it: one that would have to load it first keeps prompts waiting meanwhile.
            if not (await self._is_quiet() and await self.scanner.is_ready(beside.detectors.digest)):
                return UNKNOWN
            try:
                report = await noted.ask(beside)(noted.prompt.document)
            except DomainError:
                return UNKNOWN
        fixed = noted.prompt.fixed_paths
        after = decide_prompt(report, policy=beside.policy, conditions=noted.conditions, fixed=fixed)
        return compared(noted.decision, after)

    async def _is_quiet(self) -> bool:
        """Wait until no prompt of this process is being scanned; False when that does not come."""
        waited = 0.0
        while self.scanner.is_busy and waited < LONGEST_BUSY_S:
            await asyncio.sleep(BUSY_S)
            waited += BUSY_S
        return not self.scanner.is_busy
