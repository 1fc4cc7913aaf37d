"""Fingerprints made on this machine: of a register's sources, a dataset's rows, an exam. A new ruleset names each at once.

The folders lie under settings.FINGERPRINTS_DIR, which every scan worker must be able to read; one that cannot says "unavailable".
"""

import shutil
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from governance.catalogue import services
from governance.catalogue.models import Dataset, SourceRegister
from governance.catalogue.rules import RegisterKind, check_ref, may_index
from governance.catalogue.selectors import register_by_id
from governance.catalogue.services.registers import EDIT
from governance.core.actors import Actor
from governance.core.errors import Conflict, DomainError, Invalid
from governance.core.ids import uuid7
from governance.core.keyring import KeyRing
from governance.core.verdict import require
from governance.detection.fingerprints import exam, register, rows
from governance.detection.fingerprints.folders import sources, without_bundles
from governance.detection.fingerprints.keyed import HashKey
from governance.detection.fingerprints.left_out import LeftOut
from governance.detection.registered import installed_text, list_public
from governance.detection.tables import cells_of, items_of
from governance.organisation.selectors import authorize


def index_register(*, register_id: UUID, roots: Sequence[Path], by: Actor, at: datetime) -> SourceRegister:
    """Make a register hold what the folders, repositories and bundles hold now; only what changed is read.

    Raises:
        NotFound: "no_such_register". NotAllowed: as `close_indexing`; Conflict: "retired": both before anything is read, for the
            folder is the one that the ruleset in force names. Invalid: "source_missing", "git_failed".
    """
    key, folder = _key(), settings.FINGERPRINTS_DIR / f"register-{register_id}"
    row = register_by_id(register_id)
    authorize(by, EDIT, row.unit.path)
    require(may_index(retired=row.retired_at is not None), Conflict)
    is_public = row.kind == RegisterKind.PUBLIC
    with without_bundles(roots) as laid_out:
        left_out = LeftOut()
        files = sources(laid_out, key=HashKey.of(key), left_out=left_out)
        if is_public:
            # A folder of its own, as for exams: rulesets of before name the earlier one.
            folder = settings.FINGERPRINTS_DIR / f"public-{register_id}-{uuid7()}"
            made = list_public(files, out=folder)
        else:
            made = register.index(files, key=key, out=folder, public=installed_text())
    return services.close_indexing(
        register_id=register_id, made=made, left_out=left_out, folder=str(folder), by=by, at=at
    )


def register_rows(*, dataset_id: UUID, file: Path, columns: Sequence[str], by: Actor, at: datetime) -> Dataset:
    """Keep keyed hashes of a dataset's cells, so that its rows are known in prompts. `columns` are those that count; none means all.

    Each reading has a folder of its own, as for exams: what is in force stays whole when this one is refused.

    Raises:
        NotFound: "no_such_dataset". NotAllowed: as `close_rows`. Invalid: "file_missing", "file_unreadable", "unknown_column", "too_many_rows".
    """
    folder = settings.FINGERPRINTS_DIR / f"rows-{dataset_id}-{uuid7()}"
    try:
        made = rows.write_rows(cells_of(file, columns), key=_key(), out=folder)
        return services.close_rows(dataset_id=dataset_id, made=made, folder=str(folder), by=by, at=at)
    except DomainError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def add_exam(*, name: str, file: Path, by: Actor, at: datetime) -> exam.Made:
    """Keep the fingerprints of an evaluation set under `name`; the same name replaces it.

    Raises:
        Invalid: "bad_ref", "file_missing", "file_unreadable", "no_items".
    """
    check_ref(name)
    made, folder = exam_fingerprints(name, items_of(file))
    services.close_exam(name=name, made=made, folder=folder, by=by, at=at)
    return made


def exam_fingerprints(name: str, items: Iterable[exam.Item]) -> tuple[exam.Made, str]:
    """Write the fingerprints of an evaluation set and return what was kept and where.

    Each reading has a folder of its own: rulesets of before name the earlier one, and scans under them are still going on.

    Raises:
        Invalid: "no_items", when none of them is long enough to be recognised, or what `items` raises.
    """
    folder = settings.FINGERPRINTS_DIR / f"exam-{name}-{uuid7()}"
    made = exam.write_exam(items, key=_key(), out=folder)
    if made.items == made.too_short:
        shutil.rmtree(folder)
        fewest = f"An item can be recognised from {exam.SHORTEST} words on, and none is as long as that."
        raise Invalid("no_items", fewest, remedy="Send the questions with their answers.")
    return made, str(folder)


def _key() -> bytes:
    ring = KeyRing.load(settings.FINDINGS_KEY_FILE)
    return ring.key(ring.current)
