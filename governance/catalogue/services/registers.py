"""Writes of source registers."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.catalogue.models import SourceRegister
from governance.catalogue.rules import RegisterKind, may_index, may_retire_register
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotFound
from governance.core.verdict import require
from governance.core.wording import says_nothing
from governance.organisation.selectors import authorize, unit
from governance.scanning.services import forget_fingerprints, name_fingerprints

if TYPE_CHECKING:  # the fingerprints load numpy, which nobody needs to write a row
    from governance.detection.fingerprints.left_out import LeftOut
    from governance.detection.fingerprints.register import Indexed

EDIT = "catalogue:register:edit"
NAMED_UNDER = {"detector": "source", "option": "registers"}  # where a ruleset names what is scanned for


def add_register(*, title: str, kind: str, unit_id: UUID, by: Actor, at: datetime) -> SourceRegister:
    """Add a source register, empty until it is indexed.

    Raises:
        NotAllowed: the actor is no data steward of the unit.
        Invalid: "unknown_kind", "bad_title", "public_of_a_unit".
        Conflict: "title_taken".
    """
    owner = unit(unit_id)
    authorize(by, EDIT, owner.path)
    if kind not in list(RegisterKind):
        raise Invalid("unknown_kind", f"Choose one of: {', '.join(RegisterKind)}.", field="kind")
    if says_nothing(title):
        raise Invalid("bad_title", "Give the register a title.", field="title")
    if kind == RegisterKind.PUBLIC and owner.parent_id is not None:
        # Else a unit could say that another's code is public, and it would pass everywhere.
        raise Invalid(
            "public_of_a_unit",
            "What is public is passed over in every unit's prompts.",
            remedy="Choose the whole organisation; its data steward adds it.",
            field="unit_id",
        )
    register = SourceRegister(title=title.strip(), kind=kind, unit=owner, created_at=at)
    try:
        with transaction.atomic():
            register.save(force_insert=True)
            subject = f"register:{register.pk}"
            record(EventKind.REGISTER_ADDED, subject=subject, by=by, at=at, unit_path=owner.path, register_kind=kind)
    except IntegrityError as taken:
        raise Conflict("title_taken", "Another register has this title.", field="title") from taken
    return register


@transaction.atomic
def close_indexing(
    *,
    register_id: UUID,
    made: "Indexed",
    left_out: "LeftOut | None" = None,
    folder: str,
    by: Actor,
    at: datetime,
) -> SourceRegister:
    """Keep what an indexing made, and scan by it from now on. `left_out` counts files by why; None where nobody counted.

    Raises:
        NotFound: "no_such_register". NotAllowed: the actor is no data steward of its unit. Conflict: "retired".
    """
    row = _locked(register_id)
    authorize(by, EDIT, row.unit.path)
    require(may_index(retired=row.retired_at is not None), Conflict)
    row.index_digest, row.files, row.lines, row.indexed_at = made.digest, made.files, made.lines, at
    row.left_out = None if left_out is None else {why.value: number for why, number in left_out.items()}
    row.save(update_fields=["index_digest", "files", "lines", "indexed_at", "left_out"])
    _tell(EventKind.REGISTER_INDEXED, row, by, at, digest=made.digest, read=made.read)
    kind = "public" if row.kind == RegisterKind.PUBLIC else "source"
    entry = {"id": _named(row), "kind": kind, "digest": made.digest, "folder": folder}
    name_fingerprints(**NAMED_UNDER, entry=entry, by=by, at=at)
    return row


@transaction.atomic
def retire_register(*, register_id: UUID, by: Actor, at: datetime) -> SourceRegister:
    """Recognise a register's text no more, or pass it over no more, where it was public. What was found of it stays on record.

    Raises:
        NotFound: "no_such_register". NotAllowed: the actor is no data steward of its unit. Conflict: "retired".
    """
    row = _locked(register_id)
    authorize(by, EDIT, row.unit.path)
    require(may_retire_register(retired=row.retired_at is not None), Conflict)
    row.retired_at = at
    row.save(update_fields=["retired_at"])
    _tell(EventKind.REGISTER_RETIRED, row, by, at)
    if row.index_digest:
        forget_fingerprints(**NAMED_UNDER, name=_named(row), by=by, at=at)
    return row


def _locked(register_id: UUID) -> SourceRegister:
    found = SourceRegister.objects.select_related("unit").select_for_update(of=("self",)).filter(pk=register_id).first()
    if found is None:
        raise NotFound("no_such_register", "There is no such register.")
    return found


def _named(row: SourceRegister) -> str:
    """Return what rulesets and findings call it; there a colon parts the name from a file's."""
    return row.title.replace(":", " ")


def _tell(kind: EventKind, row: SourceRegister, by: Actor, at: datetime, **detail: object) -> None:
    record(kind, subject=f"register:{row.pk}", by=by, at=at, unit_path=row.unit.path, **detail)
