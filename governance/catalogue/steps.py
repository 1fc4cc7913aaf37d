"""What the bulk workers do for the catalogue: read the items of an evaluation set once, and keep their fingerprints alone."""

from datetime import datetime

from governance.catalogue import services
from governance.catalogue.indexing import exam_fingerprints
from governance.catalogue.models import EvaluationSet
from governance.catalogue.vault import exam_vault
from governance.core.actors import WORKER
from governance.core.clock import now
from governance.core.errors import Invalid, TooLarge
from governance.detection.tables import items_in
from governance.work.rules import LeasedJob


def read_exam(*, job: LeasedJob, at: datetime) -> None:  # noqa: ARG001 - the reading takes longer than its start is true
    """Make the fingerprints of a set from its sealed file; the services remove the file."""
    row = EvaluationSet.objects.get(pk=job.input["exam"])
    with exam_vault().reader(row.storage_ref) as reader:
        data = reader.read()
    try:
        made, folder = exam_fingerprints(row.ref, items_in(data))
    except (Invalid, TooLarge) as wrong:
        reason = f"{wrong.reason} {wrong.remedy}".strip()
        services.refuse_items(job=job, exam_id=row.pk, code=wrong.code, reason=reason, by=WORKER, at=now())
    else:
        services.close_reading(job=job, exam_id=row.pk, made=made, folder=folder, by=WORKER, at=now())
