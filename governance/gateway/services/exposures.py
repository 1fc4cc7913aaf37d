"""Written onto a secret exam: a call held items of it, whatever became of the call."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from governance.audit.events import EventKind
from governance.audit.services import record_async
from governance.core.actors import Actor
from governance.detection.report import Report
from governance.gateway.database import Connection
from governance.scanning.rules import exam_items


async def record_exposures(
    conn: Connection, report: Report, *, unit_path: str, told: Mapping[str, str], by: Actor, at: datetime
) -> None:
    """Write an event for each exam of which `report` holds items; `told` says of which call and what became of it."""
    items = Counter(exam for exam, _ in exam_items(report.findings))
    for exam, number in sorted(items.items()):
        kind, subject = EventKind.EXAM_EXPOSED, f"exam:{exam}"
        await record_async(conn, kind, subject=subject, by=by, at=at, unit_path=unit_path, items=number, **told)
