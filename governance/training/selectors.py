"""Training sets as people see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from governance.approvals.models import Request
from governance.approvals.subjects import Fact
from governance.core.errors import Invalid, NotFound
from governance.core.paging import Page, page_window
from governance.core.verdict import Allowed, Verdict
from governance.core.wording import several
from governance.destinations.models import Destination
from governance.detection.ways import Way
from governance.organisation.permissions import Standing
from governance.organisation.selectors import paths_for, within
from governance.remits.models import Grant
from governance.remits.rules import USABLE_GRANT
from governance.remits.selectors import CheckRow, checks_of_sets, conditions_of, exam_facts, grants_of
from governance.training.models import Chunk, ReleaseRequest, TrainingSet
from governance.training.rules import TRAINING_MODES, CopyState, Progress, tells_no_more
from governance.work.models import Job
from governance.work.rules import OPEN, JobState

READ = "training:set:read"
MOST_PLACES = 100
SORTS = {
    "uploaded": ("uploaded_at", "pk"),
    "-uploaded": ("-uploaded_at", "-pk"),
    "title": ("title", "pk"),
    "-title": ("-title", "-pk"),
}


@dataclass(frozen=True, slots=True)
class TrainingSetRow:
    id: UUID
    title: str
    initiative_code: str
    initiative_title: str
    state: str
    verdict: str
    digest: str
    bytes: int
    records: int
    findings: int
    uploaded_by: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found: `line` counts from 1, `start` and `end` are code points of the text at `path`."""

    type: str
    line: int
    path: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class BrokenLine:
    line: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One question to the approvers and what came of it. `permit_expires_at` is None until it was approved."""

    destination: str
    request_id: UUID | None
    request_state: str
    asked_at: datetime
    permit_id: UUID | None
    permit_expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class TrainingSetPage:
    """One set; `unit_path` is where the reader's permissions about it are asked."""

    row: TrainingSetRow
    initiative_id: UUID
    unit_path: str
    progress: Progress
    counts: dict[str, int]
    places: list[Place]
    broken: list[BrokenLine]
    broken_lines: int
    parent: TrainingSetRow | None
    children: list[TrainingSetRow]
    copy: CopyState
    kept_to: Verdict  # a redacted copy keeps to what grants demand now
    releases: list[ReleaseRow]
    ruleset_digest: str
    exams: list[CheckRow]


def progress_of(training_set_id: UUID) -> Progress:
    """Return how far the scan is: one query, whatever the number of chunks."""
    sums = Chunk.objects.filter(training_set_id=training_set_id).aggregate(
        chunks=Count("pk"),
        scanned=Count("pk", filter=Q(scanned_at__isnull=False)),
        incomplete=Count("pk", filter=Q(complete=False)),
        with_findings=Count("pk", filter=~Q(counts={}) & Q(scanned_at__isnull=False)),
        broken_lines=Sum("broken_lines"),
        records=Sum("records"),
    )
    return Progress(
        chunks=sums["chunks"],
        scanned=sums["scanned"],
        complete=not sums["incomplete"],
        findings=sums["with_findings"],
        broken_lines=sums["broken_lines"] or 0,
        records=sums["records"] or 0,
    )


def training_sets(
    *,
    standing: Standing,
    initiative: UUID | None = None,
    state: str = "",
    search: str = "",
    sort: str = "-uploaded",
    page: int = 1,
    size: int = 50,
) -> Page[TrainingSetRow]:
    """Return one page of the sets the reader may see, in a fixed number of queries.

    Raises:
        Invalid: "unknown_sort".
    """
    if sort not in SORTS:
        raise Invalid("unknown_sort", f"Training sets cannot be sorted by “{sort}”.", field="sort")
    rows = _visible(standing)
    if initiative:
        rows = rows.filter(initiative_id=initiative)
    if state:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(title__icontains=search)
    start, end = page_window(page, size)
    found = rows.order_by(*SORTS[sort])[start:end]
    return Page([_row(row) for row in found], rows.count(), max(page, 1), end - start)


def training_set(training_set_id: UUID, *, standing: Standing, at: datetime) -> TrainingSetPage:
    """Return everything the page of one set shows.

    Raises:
        NotFound: `no_training_set`, also for a set that is not the reader's to see.
    """
    row = (
        _visible(standing)
        .select_related("parent__initiative", "parent__uploaded_by", "initiative__accountable_unit")
        .filter(pk=training_set_id)
        .first()
    )
    if row is None:
        raise NotFound("no_training_set", "There is no such training set, or it is not yours to see.")
    children = row.children.select_related("initiative", "uploaded_by").order_by("uploaded_at", "pk")
    return TrainingSetPage(
        row=_row(row),
        initiative_id=row.initiative_id,
        unit_path=row.initiative.accountable_unit.path,
        progress=progress_of(row.pk),
        counts=row.counts,
        places=_places(row),
        broken=_broken(row),
        broken_lines=row.broken_lines,
        parent=_row(row.parent) if row.parent else None,
        children=[_row(child) for child in children],
        copy=copy_state(row.pk, demanded_of_copies(row.initiative_id, at=at)),
        kept_to=keeps_to_demand(row, at=at),
        releases=_releases(row),
        ruleset_digest=row.ruleset_digest,
        exams=checks_of_sets([row.pk]),
    )


def copy_state(training_set_id: UUID, demand: Way | None) -> CopyState:
    """Return what became of the wish for a redacted copy that keeps to `demand`."""
    job = Job.objects.filter(dedupe_key=redaction_key(training_set_id, demand)).values("state").first()
    if job is None:
        return CopyState.NOT_ASKED
    if job["state"] in OPEN:
        return CopyState.BEING_MADE
    return CopyState.MADE if job["state"] == JobState.DONE else CopyState.FAILED


def redaction_key(training_set_id: UUID, demand: Way | None) -> str:
    """Return what makes the job of a redacted copy one of its kind: there is one for each demand."""
    return f"redact:{training_set_id}" + (f":{demand}" if demand else "")


def keeps_to_demand(row: TrainingSet, *, at: datetime) -> Verdict:
    """Say whether a set tells no more than the grants let a redacted copy tell now; of what is no copy nothing is demanded."""
    if row.parent_id is None:
        return Allowed()
    return tells_no_more(Way(row.demand) if row.demand else None, demanded_of_copies(row.initiative_id, at=at))


def demanded_of_copies(initiative_id: UUID, *, at: datetime) -> Way | None:
    """Return the most that may be told of what a redacted copy replaces: the strictest of all grants to fine-tune or to train."""
    toward = [row for row in grants_of(initiative_id, at=at) if row.usable and row.mode in TRAINING_MODES]
    return conditions_of(toward).way


def destinations_granted(initiative_id: UUID, *, at: datetime) -> list[Destination]:
    """Return the destinations toward which the initiative may fine-tune or train now."""
    usable = Grant.objects.filter(
        initiative_id=initiative_id, mode__in=TRAINING_MODES, state__in=USABLE_GRANT, starts_at__lte=at, ends_at__gt=at
    )
    return list(Destination.objects.filter(pk__in=usable.values("destination")).order_by("title", "pk"))


def _visible(standing: Standing) -> Any:
    rows = TrainingSet.objects.select_related("initiative", "uploaded_by")
    return rows.filter(within(paths_for(standing, READ), "initiative__accountable_unit__path"))


def _row(row: TrainingSet) -> TrainingSetRow:
    return TrainingSetRow(
        id=row.pk,
        title=row.title,
        initiative_code=row.initiative.code,
        initiative_title=row.initiative.title,
        state=row.state,
        verdict=row.verdict,
        digest=row.digest,
        bytes=row.bytes,
        records=row.records,
        findings=sum(row.counts.values()),
        uploaded_by=row.uploaded_by.name,
        uploaded_at=row.uploaded_at,
    )


def _places(row: TrainingSet) -> list[Place]:
    found = (
        Chunk.objects.filter(training_set=row)
        .exclude(findings=[])
        .order_by("number")
        .values_list("findings", flat=True)
    )
    places = (Place(**place) for chunk in found[:MOST_PLACES] for place in chunk)
    return [place for place, _ in zip(places, range(MOST_PLACES), strict=False)]


def _broken(row: TrainingSet) -> list[BrokenLine]:
    found = (
        Chunk.objects.filter(training_set=row).exclude(broken=[]).order_by("number").values_list("broken", flat=True)
    )
    lines = (BrokenLine(**line) for chunk in found[:MOST_PLACES] for line in chunk)
    return [line for line, _ in zip(lines, range(MOST_PLACES), strict=False)]


def _releases(row: TrainingSet) -> list[ReleaseRow]:
    asked = (
        ReleaseRequest.objects.filter(training_set=row)
        .select_related("destination", "permit")
        .order_by("-asked_at", "pk")
    )
    requests = {
        request.subject_id: request
        for request in Request.objects.filter(
            subject_kind="training_release", subject_id__in=[a.pk for a in asked]
        ).order_by("opened_at")
    }
    return [_release(release, requests.get(release.pk)) for release in asked]


def _release(release: ReleaseRequest, request: Request | None) -> ReleaseRow:
    return ReleaseRow(
        destination=release.destination.title,
        request_id=request.pk if request else None,
        request_state=request.state if request else "",
        asked_at=release.asked_at,
        permit_id=release.permit.pk if release.permit else None,
        permit_expires_at=release.permit.expires_at if release.permit else None,
    )


def release_evidence(release_id: UUID) -> list[Fact]:
    """Return what the approvers of a release see of the scan."""
    row = TrainingSet.objects.get(pk=ReleaseRequest.objects.values("training_set").get(pk=release_id)["training_set"])
    return [
        Fact("Scanned", f"{several(row.records, 'record')}, every line"),
        Fact("Found", counted(row.counts)),
        Fact("Ruleset", row.ruleset_digest[:12]),
        *exam_facts(row.initiative_id),
    ]


def counted(counts: dict[str, int]) -> str:
    """Return "3 PERSON, 1 EMAIL_ADDRESS", most first, or "nothing"."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{number} {kind}" for kind, number in ordered) or "nothing"
