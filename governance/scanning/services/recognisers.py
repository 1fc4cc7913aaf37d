"""What the organisation looks for on its own. Each change is a new ruleset, so that workers and caches follow it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotFound
from governance.core.revisions import require_fresh
from governance.core.wording import says_nothing
from governance.detection.recognisers import Recogniser as Definition
from governance.detection.recognisers import checked
from governance.organisation.selectors import authorize, root_unit
from governance.scanning.models import Recogniser
from governance.scanning.rules import MOST_RECOGNISERS, recogniser_ref_fault
from governance.scanning.services.rulesets import forget_fingerprints, name_fingerprints

EDIT = "scanning:recogniser:edit"
DETECTOR = OPTION = "recognisers"


@transaction.atomic
def add_recogniser(*, definition: Definition, title: str, by: Actor, at: datetime) -> Recogniser:
    """Look for what `definition` says from now on, in every prompt and training set of the organisation.

    Raises:
        NotAllowed: the actor may not change what the whole organisation looks for.
        Invalid: "bad_ref", "bad_title", "too_many_recognisers", or a code of detection.recognisers.checked. Conflict: "ref_taken".
    """
    _authorize(by)
    if fault := recogniser_ref_fault(definition.id):
        raise Invalid("bad_ref", fault, field="ref")
    if Recogniser.objects.filter(is_on=True).count() >= MOST_RECOGNISERS:
        raise Invalid("too_many_recognisers", f"At most {MOST_RECOGNISERS} can be switched on.", field="ref")
    row = Recogniser(ref=definition.id, owner_id=by.person, changed_at=at)
    _set(row, definition, title, at=at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise Conflict("ref_taken", "Another recogniser has this name.", field="ref") from taken
    _tell(EventKind.RECOGNISER_ADDED, row, by, at)
    _publish(row, by=by, at=at)
    return row


@transaction.atomic
def edit_recogniser(
    *, recogniser_id: UUID, revision: int, definition: Definition, title: str, by: Actor, at: datetime
) -> Recogniser:
    """Look for something else under the same name.

    Raises:
        NotAllowed: the actor may not change what the whole organisation looks for. NotFound: "no_such_recogniser".
        Invalid: as `add_recogniser`. Conflict: "stale_revision".
    """
    row = _locked(recogniser_id)
    _authorize(by)
    require_fresh(held=row.version, seen=revision)
    _set(row, definition, title, at=at)
    row.version += 1
    row.owner_id = by.person
    row.save()
    _tell(EventKind.RECOGNISER_EDITED, row, by, at)
    _publish(row, by=by, at=at)
    return row


@transaction.atomic
def switch_recogniser(*, recogniser_id: UUID, on: bool, by: Actor, at: datetime) -> Recogniser:
    """Look for it, or no longer. Doing what is done already changes nothing. Raises as `edit_recogniser`."""
    row = _locked(recogniser_id)
    _authorize(by)
    if row.is_on != on:
        row.is_on, row.changed_at = on, at
        row.save(update_fields=["is_on", "changed_at"])
        _tell(EventKind.RECOGNISER_SWITCHED, row, by, at)
        _publish(row, by=by, at=at)
    return row


def _authorize(by: Actor) -> None:
    # It reads what everybody sends: whoever changes it answers for the whole organisation.
    root = root_unit()
    authorize(by, EDIT, root.path if root else None)


def _set(row: Recogniser, definition: Definition, title: str, *, at: datetime) -> None:
    if says_nothing(title):
        raise Invalid("bad_title", "Say what it looks for.", field="title")
    checked(definition)
    row.title, row.definition, row.changed_at = title.strip(), definition.to_dict(), at


def _publish(row: Recogniser, *, by: Actor, at: datetime) -> None:
    named: dict[str, Any] = row.definition | {"id": row.ref, "version": row.version}
    if row.is_on:
        name_fingerprints(detector=DETECTOR, option=OPTION, entry=named, by=by, at=at)
    else:
        forget_fingerprints(detector=DETECTOR, option=OPTION, name=row.ref, by=by, at=at)


def _locked(recogniser_id: UUID) -> Recogniser:
    found = Recogniser.objects.select_for_update().filter(pk=recogniser_id).first()
    if found is None:
        raise NotFound("no_such_recogniser", "There is no such recogniser.")
    return found


def _tell(kind: EventKind, row: Recogniser, by: Actor, at: datetime) -> None:
    # Not the words: a list of what must not leave is itself something that must not.
    told = {"version": row.version, "type": row.definition["type"], "is_on": row.is_on}
    record(kind, subject=f"recogniser:{row.ref}", by=by, at=at, **told)
