"""Many regular expressions over one text at once, in time that grows with the text alone (Hyperscan, bytes in, bytes out).

Hyperscan says where matches end, and with `PREFILTER` it may name too many: what it names is a nomination, which slower and exact
code then judges. The compiled form is kept in a file, because compiling takes seconds and loading does not.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Self

# (number of the expression, end of the match in bytes, exclusive); a true answer ends the search.
_CHECK_EVERY = 4096
OnEnd = Callable[[int, int], bool | None]


class Expressions:
    """A compiled set. Its scratch space is for one scan at a time: another thread waits for it."""

    def __init__(self, database: Any) -> None:
        import hyperscan

        self._database = database
        self._database.scratch = hyperscan.Scratch(database)
        # A detector may be proven in one thread while another scans.
        self._scratch_is_free = threading.Lock()

    @classmethod
    def of(
        cls, patterns: Sequence[str], *, prefilter: bool = False, once: bool = False, kept_in: Path | None = None
    ) -> Self:
        """Return the set of `patterns` (Perl's syntax, over UTF-8 bytes), numbered in their order.

        `prefilter` admits what Hyperscan cannot decide (looking around, back references): it then nominates too much, never too
        little. `once`: of each pattern one match is told, and not where the others end. `kept_in` is a folder for the compiled form; one that cannot be written to costs time and nothing else.

        Raises:
            ValueError: when a pattern is not one, or too large.
        """
        import hyperscan

        flags = (hyperscan.HS_FLAG_PREFILTER if prefilter else 0) | (hyperscan.HS_FLAG_SINGLEMATCH if once else 0)
        file = kept_in / f"expressions-{_digest(patterns, flags)}.hs" if kept_in else None
        database = _kept(file) if file else None
        if database is None:
            database = _compiled(patterns, flags)
            if file:
                _keep(file, database)
        return cls(database)

    def scan(self, text: bytes, on_end: OnEnd) -> None:
        """Call `on_end` for every end of a match, in order of the ends. What it raises is raised here."""
        fault: list[BaseException] = []

        def answer(number: int, _start: int, end: int, _flags: int, _context: object) -> bool | None:
            try:
                return on_end(number, end)
            except BaseException as error:  # noqa: BLE001 - carried across C, which would swallow it
                fault.append(error)
                return True

        import hyperscan

        with self._scratch_is_free, suppress(hyperscan.ScanTerminated):
            self._database.scan(text, match_event_handler=answer)
        if fault:
            raise fault[0]


def ends_in(
    text: str, expressions: Expressions, *, apart: int, check: Callable[[], None] | None = None
) -> list[tuple[int, int]]:
    """Return (number, end in code points) of the matches in `text`, in order; of one expression only those `apart` bytes from the last.

    `check` is called now and then, and may raise.
    """
    raw = text.encode("utf-8", "surrogatepass")
    ends: list[tuple[int, int]] = []
    last: dict[int, int] = {}
    calls = 0

    def on_end(number: int, end: int) -> None:
        nonlocal calls
        calls += 1
        if check and calls % _CHECK_EVERY == 0:
            check()
        if end - last.get(number, -apart) >= apart:
            last[number] = end
            ends.append((number, end))

    expressions.scan(raw, on_end)
    return ends if len(raw) == len(text) else _in_code_points(raw, ends)


def _in_code_points(raw: bytes, ends: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    import numpy as np

    starts = (np.frombuffer(raw, np.uint8) & 0xC0) != 0x80  # noqa: PLR2004 - a byte that continues a letter
    before = np.concatenate(([0], np.cumsum(starts)))
    return [(number, int(before[end])) for number, end in ends]


def _digest(patterns: Sequence[str], flags: int) -> str:
    parts = (version("hyperscan"), str(flags), *patterns)
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]


def _compiled(patterns: Sequence[str], flags: int) -> Any:
    import hyperscan

    database = hyperscan.Database()
    try:
        database.compile(
            expressions=[pattern.encode() for pattern in patterns],
            ids=list(range(len(patterns))),
            elements=len(patterns),
            flags=[flags] * len(patterns),
        )
    except hyperscan.error as error:
        message = f"a pattern cannot be compiled: {error}"
        raise ValueError(message) from error
    return database


def _kept(file: Path) -> Any | None:
    """Return the compiled set in `file`; None when there is none or it was made for another processor."""
    import hyperscan

    try:
        return hyperscan.loadb(file.read_bytes(), hyperscan.HS_MODE_BLOCK)
    except (OSError, hyperscan.error):
        return None


def _keep(file: Path, database: Any) -> None:
    import hyperscan

    with suppress(OSError), NamedTemporaryFile(dir=file.parent, delete=False) as part:
        part.write(hyperscan.dumpb(database))
        part.close()
        os.replace(part.name, file)  # noqa: PTH105 - whole or not at all, also with two processes at once
