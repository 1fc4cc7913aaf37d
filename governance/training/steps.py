"""What the bulk workers do with a training set: cut it, scan its chunks, look for exams in it, make its redacted copy."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.conf import settings

from governance.core.actors import WORKER, Actor
from governance.core.clock import now
from governance.core.errors import DomainError, Unavailable
from governance.core.ids import uuid7
from governance.core.keyring import KeyRing
from governance.scanning.engines import bulk_scanner, exam_scanner
from governance.scanning.selectors import enforced_ruleset, policy_of
from governance.training import services
from governance.training.chunks import cut, lines_of
from governance.training.models import Chunk, TrainingSet
from governance.training.reading import ChunkResult, merge_seen, scan_lines
from governance.training.redacting import placeholder_key, redacted_lines
from governance.training.selectors import demanded_of_copies
from governance.training.vault import vault
from governance.work.rules import LeasedJob


def split(*, job: LeasedJob, at: datetime) -> None:
    """Cut the set into chunks and queue their scans under the ruleset in force."""
    row = TrainingSet.objects.get(pk=job.input["training_set"])
    enforced = enforced_ruleset()
    if enforced is None:
        raise Unavailable("ruleset_missing", "No ruleset is in force.")
    with vault().reader(row.storage_ref) as reader:
        plans = list(cut(reader))
    services.start_scan(job=job, training_set_id=row.pk, plans=plans, ruleset_digest=enforced.digest, by=WORKER, at=at)


def scan_chunk(*, job: LeasedJob, at: datetime) -> None:  # noqa: ARG001 - the scan takes longer than its start is true
    """Scan one chunk and keep what was found; the last one closes the scan of its set."""
    chunk = Chunk.objects.select_related("training_set").get(pk=job.input["chunk"])
    data = _bytes_of(chunk, chunk.training_set)
    scan = bulk_scanner(chunk.training_set.ruleset_digest)
    is_copy = chunk.training_set.parent_id is not None
    result = scan_lines(data, first_line=chunk.first_line, scan=scan, replaced=is_copy)
    services.close_chunk(job=job, chunk_id=chunk.pk, result=result, by=WORKER, at=now())


def check_exams(*, job: LeasedJob, at: datetime) -> None:  # noqa: ARG001 - as above
    """Look through a whole set for the items of every exam that is watched, with the detector of exams alone."""
    row = TrainingSet.objects.get(pk=job.input["training_set"])
    found, complete, watch = ChunkResult(), not row.broken_lines and bool(row.records), exam_scanner()
    for chunk in Chunk.objects.filter(training_set=row).order_by("number") if watch.digests else ():
        result = scan_lines(_bytes_of(chunk, row), first_line=chunk.first_line, scan=watch.scan)
        merge_seen(found.exams, result.exams)
        complete &= result.complete
    services.close_exam_check(
        job=job,
        training_set_id=row.pk,
        watched=watch.digests,
        seen=found.exams,
        complete=complete,
        by=WORKER,
        at=now(),
    )


def check_again(*, job: LeasedJob, at: datetime) -> None:
    """An exam is new: queue the check of every set that was scanned before."""
    services.queue_checks(job=job, by=WORKER, at=at)


def _bytes_of(chunk: Chunk, row: TrainingSet) -> bytes:
    """Return the bytes of a chunk, proved to be those that were cut. Raises Unavailable `bytes_changed`."""
    with vault().reader(row.storage_ref, chunk.first_byte, chunk.end_byte) as reader:
        data = reader.read()
    if hashlib.sha256(data).hexdigest() != chunk.digest:
        raise Unavailable("bytes_changed", "The bytes in storage are not those that were cut.")
    return data


def redact(*, job: LeasedJob, at: datetime) -> None:
    """Write the redacted copy of a set and register it as a set of its own, which is scanned again."""
    row = TrainingSet.objects.select_related("initiative").get(pk=job.input["training_set"])
    scan, policy = bulk_scanner(row.ruleset_digest), policy_of(row.ruleset_digest)
    ring = KeyRing.load(settings.PLACEHOLDER_KEY_FILE)
    demand = demanded_of_copies(row.initiative_id, at=at)
    with vault().reader(row.storage_ref) as reader, vault().writer(f"copy-{uuid7()}") as writer:
        key = placeholder_key(ring, row.initiative_id)
        for line in redacted_lines(lines_of(reader), scan=scan, policy=policy, key=key, demand=demand):
            writer.write(line)
    file = writer.file
    asker = Actor.of_person(UUID(job.input["by"]), "")
    try:
        copy = services.close_redaction(job=job, parent_id=row.pk, file=file, demand=demand, by=asker, at=now())
    except DomainError:
        vault().delete(file.ref)
        raise
    if copy.storage_ref != file.ref:  # the same bytes lie there already
        vault().delete(file.ref)
