"""Remits of an initiative, and one remit with what the reader may do with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.approvals.selectors import RequestRow, request_of
from governance.core.errors import NotFound
from governance.core.verdict import Verdict
from governance.initiatives.selectors import visible_ids
from governance.organisation.permissions import Standing, may
from governance.remits.models import Remit
from governance.remits.rules import RemitState, may_submit


@dataclass(frozen=True, slots=True)
class RemitRow:
    """One version. `pattern` is "" unless a pattern decided it."""

    id: UUID
    version: int
    state: RemitState
    sandbox: bool
    pattern: str
    drafted_by: str
    drafted_at: datetime
    submitted_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    digest: str


@dataclass(frozen=True, slots=True)
class RemitPage:
    """One version with its answers (`body`, unfinished in a draft) and its newest request."""

    row: RemitRow
    initiative_id: UUID
    code: str
    initiative: str
    unit: str
    body: dict[str, Any]
    revision: int
    request: RequestRow | None
    may_edit: Verdict
    may_submit: Verdict
    may_revoke: Verdict


def remits_of(initiative_id: UUID) -> list[RemitRow]:
    """Return the versions of an initiative's remit, newest first, the sandbox last."""
    found = Remit.objects.filter(initiative_id=initiative_id).select_related("pattern", "drafted_by")
    return [_row(remit) for remit in found.order_by("sandbox", "-version", "id")]


def remit_page(remit_id: UUID, *, standing: Standing) -> RemitPage:
    """Return one remit.

    Raises:
        NotFound: when there is none, or the reader may not see its initiative.
    """
    found = Remit.objects.filter(pk=remit_id, initiative__in=visible_ids(standing))
    remit = found.select_related("initiative__accountable_unit", "pattern", "drafted_by").first()
    if remit is None:
        raise NotFound("remit_not_found", "There is no such remit, or you may not see it.")
    unit, draft = remit.initiative.accountable_unit, may_submit(RemitState(remit.state))
    return RemitPage(
        row=_row(remit),
        initiative_id=remit.initiative_id,
        code=remit.initiative.code,
        initiative=remit.initiative.title,
        unit=unit.name,
        body=remit.body,
        revision=remit.revision,
        request=request_of("remit", remit.pk),
        may_edit=draft and may(standing, "remits:remit:draft", unit.path),
        may_submit=draft and may(standing, "remits:remit:submit", unit.path),
        may_revoke=may(standing, "remits:remit:revoke", unit.path),
    )


def _row(remit: Remit) -> RemitRow:
    return RemitRow(
        id=remit.pk,
        version=remit.version,
        state=RemitState(remit.state),
        sandbox=remit.sandbox,
        pattern=f"{remit.pattern.name}, version {remit.pattern.version}" if remit.pattern else "",
        drafted_by=remit.drafted_by.name,
        drafted_at=remit.drafted_at,
        submitted_at=remit.submitted_at,
        starts_at=remit.starts_at,
        ends_at=remit.ends_at,
        digest=remit.digest,
    )
