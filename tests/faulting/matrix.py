"""Put a fault to every surface of both gateways at once, and count what reached a provider without having been scanned."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import count

from django.db import connection

from faulting.clients import Answer
from faulting.fault import Doors, Fault
from faulting.surfaces import SURFACES, Surface
from faulting.worlds import World
from governance.gateway.models import Exchange
from harness.processes import wait_until

SETTLED_S, READ_S = 0.3, 30
_numbers = count(1)


@dataclass
class Cell:
    """One call while a fault held. `unscanned`: bytes that reached a provider and are not the bytes of any complete scan."""

    fault: Fault
    surface: Surface
    door: str
    mark: str
    answer: Answer = (None, "")
    took_s: float = 0.0
    unscanned: int = 0
    scanned: int = 0
    rows: list[Exchange] = field(default_factory=list)

    @property
    def text(self) -> str:
        return f"{self.mark} is plain and synthetic. " + "Please shorten this plain sentence for me. " * 12

    def ask(self, doors: Doors, key: str) -> None:
        began = time.monotonic()
        path, body = self.surface.request(self.fault.model, self.text)
        self.answer = self.fault.ask(doors[self.door].gateway, key, path, body, self.mark)
        self.took_s = time.monotonic() - began

    def count(self, bodies: Iterable[bytes]) -> None:
        self.rows = list(Exchange.objects.filter(end_user=self.mark).select_related("scan"))
        scanned = {row.request_digest for row in self.rows if row.scan and row.scan.complete}
        for body in bodies:
            if hashlib.sha256(body).hexdigest() in scanned:
                self.scanned += len(body)
            else:
                self.unscanned += len(body)

    def faulty(self) -> Iterator[str]:
        """Yield what our gateway did wrong."""
        status, told = self.answer
        if self.unscanned:
            yield f"{self.unscanned} unscanned bytes left"
        if status not in self.fault.statuses:
            yield f"answered {status}: {told[:200]}"
        if status is not None and self.fault.codes and not any(code in told for code in self.fault.codes):
            yield f"said {told[:300]}"
        if self.fault.recorded and not self.rows:
            yield "nothing was written down"
        if self.scanned and not any(row.bytes_out for row in self.rows):
            yield "what was sent is not written down"


def put(fault: Fault, world: World) -> list[Cell]:
    """Return what became of one call on each surface of each gateway; both work again when this returns."""
    world.until_well()
    cells = [Cell(fault, each, door, f"Note {next(_numbers):05}") for each in SURFACES for door in world.doors]
    began = time.time()
    with ThreadPoolExecutor(len(cells)) as pool:
        with fault.hold(world) as doors:
            asked = [pool.submit(each.ask, doors or world.doors, world.key) for each in cells]
            if fault.meanwhile:
                if fault.certain:
                    _until_read(cells, world, since=began)
                time.sleep(fault.after_s)
                fault.meanwhile(world)
            else:
                wait(asked)
        for each in asked:
            each.result()
    world.until_well()
    time.sleep(SETTLED_S)
    count_all(cells, world)
    return cells


def _until_read(cells: Iterable[Cell], world: World, *, since: float) -> None:
    """Wait until the gateway that leaks has read all it was asked, and so has ours about as long: on a busy machine that takes a while."""
    marks = {cell.mark.encode() for cell in cells if cell.door == "leaky"}

    def read() -> bool:
        bodies = list(world.bodies(since=since))
        marks.difference_update([mark for mark in marks if any(mark in body for body in bodies)])
        return not marks

    wait_until(read, within_s=READ_S, what="the reading of all calls")


def count_all(cells: Iterable[Cell], world: World) -> None:
    connection.close()
    bodies = list(world.bodies())
    for each in cells:
        each.scanned = each.unscanned = 0
        each.count(body for body in bodies if each.mark.encode() in body)


@dataclass
class Matrix:
    rows: dict[str, list[Cell]] = field(default_factory=dict)

    def add(self, cells: list[Cell]) -> None:
        self.rows[cells[0].fault.name] = cells

    def cells(self, door: str) -> list[Cell]:
        return [cell for row in self.rows.values() for cell in row if cell.door == door]

    def faults(self) -> list[str]:
        """Return what our gateway did wrong, cell by cell."""
        return [
            f"{cell.fault.name}, {cell.surface.name}: {why}" for cell in self.cells("ours") for why in cell.faulty()
        ]

    def blind(self) -> list[str]:
        """Return the cells in which the planted leak was not seen, and had to be."""
        cells = self.cells("leaky")
        return [
            f"{cell.fault.name}, {cell.surface.name}" for cell in cells if cell.fault.certain and not cell.unscanned
        ]

    def lines(self) -> Iterator[str]:
        """Yield the table: the unscanned bytes of each cell, in how many cells the planted leak was seen, what was answered."""
        surfaces = "".join(f"{each.name:>17}" for each in SURFACES)
        yield f"{'unscanned bytes that left':36}{surfaces}   leak seen   slowest   answered"
        yield from (_line(name, cells) for name, cells in self.rows.items())
        ours, leaky = self.cells("ours"), self.cells("leaky")
        yield (
            f"{len(ours)} cells, {len(self.rows)} faults x {len(SURFACES)} surfaces: {sum(cell.unscanned for cell in ours)} unscanned"
            f" bytes and {sum(cell.scanned for cell in ours)} scanned ones left; a planted leak was seen in"
            f" {sum(cell.unscanned > 0 for cell in leaky)} of {len(leaky)} cells."
        )


def _line(name: str, cells: list[Cell]) -> str:
    ours, leaky = ([cell for cell in cells if cell.door == door] for door in ("ours", "leaky"))
    figures = "".join(f"{cell.unscanned:17}" for cell in ours)
    seen = f"{sum(cell.unscanned > 0 for cell in leaky):2} of {len(leaky)}"
    answered = ", ".join(sorted({str(cell.answer[0] or "nothing") for cell in ours}))
    return f"{name:36}{figures}   {seen:9}{max(cell.took_s for cell in ours):8.1f} s   {answered}"
