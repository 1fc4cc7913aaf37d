"""The redacted copy of a set: every finding of every record replaced, in the way the ruleset says, record by record."""

import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from governance.core import strict_json
from governance.core.errors import Invalid, Unavailable
from governance.core.keyring import KeyRing
from governance.detection.document import Document
from governance.detection.formats.jsonl import segments_of
from governance.detection.formats.rewriting import rewritten
from governance.detection.policy import Policy
from governance.detection.redact import redact
from governance.detection.spans import Finding
from governance.detection.stand_ins import MARKED
from governance.detection.ways import Way
from governance.training.reading import SECONDS_PER_KIB, SHORTEST_SECONDS, Scanner


def placeholder_key(ring: KeyRing, initiative: UUID) -> bytes:
    """Return the key of the initiative's placeholders, the same that its prompts get."""
    return hmac.new(ring.key(ring.current), b"placeholders\x00" + initiative.bytes, sha256).digest()


def redacted_lines(
    lines: Iterable[bytes], *, scan: Scanner, policy: Policy, key: bytes, demand: Way | None = None
) -> Iterator[bytes]:
    """Yield each record anew with its findings replaced, one line each, holding one record at a time.

    `demand` is the most that the grants let be told of what is replaced.

    Raises:
        Unavailable: `scan_incomplete`, when a record could not be checked wholly.
        Invalid: a line that is no record, or `not_redactable`.
    """
    for line in lines:
        if line.strip():
            record = _redacted(strict_json.loads(line.rstrip(b"\r\n")), scan, partial(_ways, policy, demand), key)
            yield json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _ways(policy: Policy, demand: Way | None, findings: Sequence[Finding]) -> dict[Finding, Way]:
    """Return how each is replaced: the copy is scanned again, and a stand-in that nothing marks would be somebody's number there."""
    chosen = policy.ways_of(findings, demand=demand)
    unmarked = [each for each, way in chosen.items() if way is Way.STAND_IN and each.type not in MARKED]
    return chosen | dict.fromkeys(unmarked, Way.PLACEHOLDER)


def _redacted(record: Any, scan: Scanner, ways: Callable[[Sequence[Finding]], dict[Finding, Way]], key: bytes) -> Any:
    document = Document(tuple(segments_of(record)))
    report = scan(document, deadline=max(SHORTEST_SECONDS, document.size / 1024 * SECONDS_PER_KIB))
    if not report.complete:
        raise Unavailable("scan_incomplete", "A record could not be checked wholly, so no copy was made.")
    if any(not segment.path for segment in document.segments):
        raise Invalid("record_not_object", "A line is not a JSON object.")
    if not report.findings:
        return record
    copy = redact(document, report.findings, key=key, ways=ways(report.findings)).document
    return rewritten(record, {segment.path: segment.text for segment in copy.segments})
