"""One scan: the units of a document, what the cache knows of them, every detector over the rest, and the receipt."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from governance.core.errors import TooLarge

from .cache import FindingsCache, SegmentFindings, cache_key
from .detector import Budget, Detector, OutOfTime
from .document import Document, size_of
from .limits import TooMuch
from .receipt import Receipt, Run, State
from .report import Report
from .ruleset import Ruleset
from .spans import Finding, source_of, without_overlaps
from .text import LARGEST_TEXT
from .units import Identity, Unit, units_of

# In every receipt and cache key. Raise it when views, seams or the mapping change: cached findings of the old way must not be used.
ENGINE_VERSION = "18"
VIEWS = "views"  # reading the text counts as a detector of its own: a text that cannot be unfolded is not clean
_OUT_OF_TIME = "the time that a call may wait for the scan ended before its end; try again, or send it in parts"
_SLOW_PATTERN = "a pattern took longer on it than any may take on one text; send it in parts"
Found = Mapping[Identity, SegmentFindings]


@dataclass
class _Course:
    """How each detector of one scan ended."""

    budget: Budget
    runs: list[Run] = field(default_factory=list)

    def note(self, name: str, version: str, *, began: float, fault: Exception | None = None) -> None:
        state = (
            State.OK
            if fault is None
            else State.TIMEOUT
            if isinstance(fault, OutOfTime | TimeoutError)
            else State.FAILED
        )
        took = round((self.budget.clock() - began) * 1000, 3)
        # The class alone: messages of parsers and regular expressions quote the text they failed on. Those of our limits do not.
        why = _why(fault, self.budget) if fault else ""
        self.runs.append(Run(name, version, state, took, type(fault).__name__ if fault else "", why))


def _why(fault: Exception, budget: Budget) -> str:
    match fault:
        case TooMuch():
            return fault.why
        case TooLarge():
            return fault.reason
        case OutOfTime() if budget.left <= 0:
            return _OUT_OF_TIME
        case TimeoutError():
            return _SLOW_PATTERN
    return ""


def scan(
    document: Document,
    *,
    ruleset: Ruleset,
    detectors: Sequence[Detector],
    key: bytes,
    budget: Budget,
    cache: FindingsCache | None,
) -> Report:
    """Return the report of one document; see Engine.scan."""
    began = budget.clock()
    units = units_of(document, ruleset)
    segments = units[: len(document.segments)]
    # A digest of every text: only who keeps what was found has a use for it.
    keys = {unit.identity: key_of(unit, ruleset, key) for unit in units} if cache is not None else {}
    known = _known(keys, cache)
    fresh = list({unit.identity: unit for unit in units if unit.identity not in known}.values())
    course = _Course(budget)
    found = _scan_units(fresh, detectors, course, key=key)
    required = (VIEWS, *ruleset.required)
    finished = {run.name for run in course.runs if run.state is State.OK}.issuperset(required)
    if finished and cache is not None and found:
        cache.put_many({keys[identity]: findings for identity, findings in found.items()})
    sizes = [(unit.identity, size_of(unit.text)) for unit in segments]
    cached = sum(size for identity, size in sizes if identity in known)
    given = sum(size for _, size in sizes)
    receipt = Receipt(
        ruleset=ruleset.digest,
        engine=ENGINE_VERSION,
        segments=len(segments),
        bytes_given=given,
        bytes_seen=given if finished else cached,
        bytes_cached=cached,
        runs=tuple(course.runs),
        required=required,
        milliseconds=round((budget.clock() - began) * 1000, 3),
    )
    return Report.of_places(placed(units, {**known, **found}), receipt)


def key_of(unit: Unit, ruleset: Ruleset, key: bytes) -> bytes:
    _, context, joined = unit.identity
    return cache_key(unit.text, context=f"{joined}:{context}", ruleset=f"{ENGINE_VERSION}:{ruleset.digest}", key=key)


def _known(keys: Mapping[Identity, bytes], cache: FindingsCache | None) -> dict[Identity, SegmentFindings]:
    if cache is None:
        return {}
    entries = zip(keys, cache.get_many(list(keys.values())), strict=True)
    return {identity: entry for identity, entry in entries if entry is not None}


def _scan_units(
    units: list[Unit], detectors: Sequence[Detector], course: _Course, *, key: bytes
) -> dict[Identity, SegmentFindings]:
    if not _read(units, course):
        course.runs.extend(Run(detector.name, detector.version, State.SKIPPED, 0.0) for detector in detectors)
        return {}
    found: dict[Identity, list[Finding]] = {unit.identity: [] for unit in units}
    for detector in detectors:
        for unit, finding in _run(detector, units, course, key=key):
            found[unit.identity].append(finding)
    return {identity: tuple(without_overlaps(findings)) for identity, findings in found.items()}


def _read(units: list[Unit], course: _Course) -> bool:
    """Make the views of every unit; False when one could not be read."""
    began = course.budget.clock()
    try:
        for unit in units:
            course.budget.check()
            _check_size(unit)
            unit.read(course.budget.check)
    except Exception as fault:  # noqa: BLE001 - an unread text must never pass for a clean one
        course.note(VIEWS, ENGINE_VERSION, began=began, fault=fault)
        return False
    course.note(VIEWS, ENGINE_VERSION, began=began)
    return True


def _check_size(unit: Unit) -> None:
    """Refuse what would take memory many times its own size; the report then names it and is incomplete."""
    if len(unit.text) > LARGEST_TEXT:
        reason = f"one text of it has more than {LARGEST_TEXT:,} characters; send it in parts"
        raise TooLarge("text_too_large", reason, remedy="Send it in parts.")


def _run(detector: Detector, units: list[Unit], course: _Course, *, key: bytes) -> list[tuple[Unit, Finding]]:
    began = course.budget.clock()
    reading = [(unit, view) for unit in units for view in unit.views if unit.kind_of(view) in detector.views]
    try:
        if reading:
            course.budget.check()
        answers = detector.find([view.text for _, view in reading], course.budget) if reading else []
        pairs = zip(reading, answers, strict=True)
        made = [
            (unit, unit.finding(view, span, detector.name, key=key)) for (unit, view), spans in pairs for span in spans
        ]
        if reading:
            course.budget.check()
    except Exception as fault:  # noqa: BLE001 - any fault makes the report incomplete; none may end the scan unrecorded
        course.note(detector.name, detector.version, began=began, fault=fault)
        return []
    course.note(detector.name, detector.version, began=began)
    return [(unit, finding) for unit, finding in made if finding is not None]


def placed(units: Sequence[Unit], found: Found) -> list[Finding]:
    """Give every finding its path; a value seen whole in its own segment is not reported again across a seam."""
    own = [placed for unit in units if not unit.joined for placed in _places(unit, found)]
    seen: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in own:
        seen.setdefault((finding.path, finding.type, source_of(finding)), []).append(finding)
    across = [placed for unit in units if unit.joined for placed in _across(unit, found, seen)]
    return without_overlaps([*own, *across])


def _places(unit: Unit, found: Found) -> Iterator[Finding]:
    for finding in found.get(unit.identity, ()):
        yield from unit.placed(finding)


def _across(unit: Unit, found: Found, seen: Mapping[tuple[str, str, str], Sequence[Finding]]) -> Iterator[Finding]:
    for finding in found.get(unit.identity, ()):
        parts = list(unit.placed(finding))
        if not any(
            _overlap(part, other) for part in parts for other in seen.get((part.path, part.type, source_of(part)), ())
        ):
            yield from parts


def _overlap(one: Finding, other: Finding) -> bool:
    return one.start < other.end and other.start < one.end
