"""A remit goes on for longer: a new version in one step that moves its end and nothing else."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid
from governance.organisation.selectors import authorize
from governance.remits.body import parse_body
from governance.remits.locks import lock_remit, told
from governance.remits.models import Remit
from governance.remits.rules import RemitState
from governance.remits.services.drafts import save_draft, start_draft
from governance.remits.services.submission import Outcome, submit

UNDERWAY = (RemitState.DRAFT, RemitState.SUBMITTED)


@transaction.atomic
def extend_remit(*, remit_id: UUID, ends: date, by: Actor, at: datetime) -> Outcome:
    """Ask that a remit in force ends on `ends`. The workflow, or a pattern, decides as for any other version.

    Grants that end with the remit move along; those that end before stay as they are.

    Raises:
        NotFound, NotAllowed: the remit, the permission.
        Conflict: not in force, a version underway, terms that moved since it was approved, as submit otherwise.
        Invalid: an end that is not later.
    """
    remit = lock_remit(remit_id)
    authorize(by, "remits:remit:submit", remit.initiative.accountable_unit.path)
    if remit.state != RemitState.APPROVED or remit.sandbox:
        raise Conflict("not_in_force", "Only a remit in force can be extended.", remedy="Start a new version.")
    if Remit.objects.filter(initiative=remit.initiative, sandbox=False, state__in=UNDERWAY).exists():
        raise Conflict("version_underway", "Another version is drafted or being decided.", remedy="Finish that one.")
    held = parse_body(remit.body)
    if ends <= held.ends:
        raise Invalid(
            "not_later",
            f"The remit ends on {held.ends.day} {held.ends:%B %Y} already; choose a later day.",
            field="ends",
        )
    draft = start_draft(initiative_id=remit.initiative_id, by=by, at=at)
    if [grant["terms"] for grant in draft.body["grants"]] != [grant["terms"] for grant in remit.body["grants"]]:
        raise Conflict(
            "terms_moved",
            "The terms of a destination have changed since this was approved, so more than the end would move.",
            remedy="Start a new version and look at the new terms.",
        )
    moved = {
        **draft.body,
        "ends": ends.isoformat(),
        "grants": [_moved(grant, held.ends, ends) for grant in remit.body["grants"]],
    }
    saved = save_draft(remit_id=draft.pk, body=moved, revision=draft.revision, by=by, at=at)
    record(EventKind.REMIT_EXTENSION_ASKED, by=by, at=at, ends=ends.isoformat(), **told(saved))
    return submit(remit_id=saved.pk, revision=saved.revision, by=by, at=at)


def _moved(grant: dict[str, object], before: date, after: date) -> dict[str, object]:
    return {**grant, "ends": after.isoformat()} if grant["ends"] == before.isoformat() else grant
