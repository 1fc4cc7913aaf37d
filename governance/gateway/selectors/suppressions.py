"""Which findings an analyst has called mistakes, for the hot path."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from governance.detection.report import Report
from governance.gateway.database import Database

IN_FORCE = """
SELECT s.keyed_digest, s.type FROM scanning_suppression s LEFT JOIN organisation_unit u ON u.id = s.unit_id
WHERE s.keyed_digest = ANY(%(digests)s) AND s.starts_at <= %(at)s AND s.ends_at > %(at)s
  AND (u.id IS NULL OR starts_with(%(path)s, u.path))
"""


async def without_mistakes(database: Database, report: Report, *, unit_path: str, at: datetime) -> Report:
    """Return the report without findings that are suppressed in this unit now. The receipt stays as it is."""
    if not report.findings:
        return report
    digests = list({bytes.fromhex(finding.keyed_digest) for finding in report.findings})
    async with database.reading() as connection:
        cursor = await connection.execute(IN_FORCE, {"digests": digests, "path": unit_path, "at": at})
        mistakes = {(bytes(digest).hex(), kind) for digest, kind in await cursor.fetchall()}
    return _without(report, mistakes) if mistakes else report


def _without(report: Report, mistakes: Collection[tuple[str, str]]) -> Report:
    kept = tuple(each for each in report.findings if (each.keyed_digest, each.type) not in mistakes)
    return replace(report, findings=kept)
