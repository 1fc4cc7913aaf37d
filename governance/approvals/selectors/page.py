"""Everything for deciding one request on one screen."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from governance.approvals.models import Decision, Request, Revision, Slot, Stage
from governance.approvals.rules import LIVE_STAGE, DiffRow, RequestState, StageState, may_decide
from governance.approvals.selectors.access import readable
from governance.approvals.selectors.ladder import NextStep, TakenStep, next_step, steps_taken
from governance.approvals.selectors.seats import decision_standing, latest_revision, slots_of
from governance.approvals.selectors.waiting import waiting_stats
from governance.approvals.subjects import Fact, Snapshot, evidence_for, subject_of
from governance.core.errors import NotFound
from governance.core.verdict import Denied, Verdict
from governance.organisation.permissions import Standing, may


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A seat of a stage: as what, on which unit, who can fill it, who did. `candidates` is empty until it opens."""

    label: str
    role: str
    unit: str
    candidates: tuple[str, ...]
    decided_by: str
    carried: bool  # decided in an earlier version that differs in nothing material


@dataclass(frozen=True, slots=True)
class StageRow:
    """One step of the route. `usual_hours` is None while there is no history; `remedy` says how to free it."""

    name: str
    position: int
    state: StageState
    reason: str
    needed: int
    slots: tuple[SlotRow, ...]
    opened_at: datetime | None
    due_at: datetime | None
    usual_hours: float | None
    mine: bool
    remedy: str
    taken: tuple[TakenStep, ...] = ()  # what silence has led to so far
    following: NextStep | None = None  # and what it leads to next; None once the stage is over


@dataclass(frozen=True, slots=True)
class DecisionRow:
    who: str
    role: str
    kind: str
    comment: str
    at: datetime
    revision: int
    current: bool  # it is about the version shown


@dataclass(frozen=True, slots=True)
class CommentRow:
    who: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RequestPage:
    """What the decision page shows. `digest` goes back with the decision; `difference` is against what is in force."""

    id: UUID
    number: int
    title: str
    state: RequestState
    unit: str
    requester: str
    opened_at: datetime
    decided_at: datetime | None
    answer_due_at: datetime | None  # when it lapses unless the asker answers
    revision: int
    digest: str
    workflow: str
    link: str
    first_version: bool
    difference: tuple[DiffRow, ...]
    facts: tuple[Fact, ...]
    evidence: tuple[Fact, ...]
    stages: tuple[StageRow, ...]
    decisions: tuple[DecisionRow, ...]
    comments: tuple[CommentRow, ...]
    may_decide: Verdict
    may_withdraw: bool
    may_comment: bool


def request_page(request_id: UUID, *, reader: Standing, at: datetime) -> RequestPage:
    """Return the page of one request as `reader` sees it.

    Raises:
        NotFound: when there is none, or the reader may not see it.
    """
    found = Request.objects.filter(readable(reader), pk=request_id).select_related("unit", "requester", "workflow")
    request = found.first()
    if request is None:
        raise NotFound("request_not_found", "There is no such request.")
    revision, subject = latest_revision(request), subject_of(request.subject_kind)
    before = subject.in_force(request.subject_id)
    return RequestPage(
        id=request.pk,
        number=request.number,
        title=request.title,
        state=RequestState(request.state),
        unit=request.unit.name,
        requester=request.requester.name,
        opened_at=request.opened_at,
        decided_at=request.decided_at,
        answer_due_at=request.answer_due_at,
        revision=revision.number,
        digest=revision.digest,
        workflow=f"{request.workflow.name}, version {request.workflow.version}",
        link=subject.link(request.subject_id),
        first_version=before is None,
        difference=tuple(subject.differences(before, Snapshot(revision.body, revision.facts))),
        facts=tuple(subject.shown_facts(request.subject_id)),
        evidence=tuple(evidence_for(request.subject_kind, request.subject_id)),
        stages=_stages(revision, reader.person, at),
        decisions=_decisions(request, revision),
        comments=tuple(
            CommentRow(remark.author.name, remark.text, remark.at)
            for remark in request.comments.select_related("author")
        ),
        may_decide=_verdict(request, revision, reader, at),
        may_withdraw=_is_open(request) and reader.person == request.requester_id,
        may_comment=bool(may(reader, "approvals:request:comment", None)),
    )


def _is_open(request: Request) -> bool:
    return request.state in {RequestState.SUBMITTED, RequestState.IN_REVIEW, RequestState.CHANGES_REQUESTED}


def _verdict(request: Request, revision: Revision, reader: Standing, at: datetime) -> Verdict:
    permitted = may(reader, "approvals:request:decide", None)
    if isinstance(permitted, Denied):
        return permitted
    return may_decide(decision_standing(request, revision, at=at), reader.person, revision.digest)


def _stages(revision: Revision, reader: UUID, at: datetime) -> tuple[StageRow, ...]:
    stages, usual = list(revision.stages.order_by("position", "id")), waiting_stats(at=at)
    slots: dict[UUID, list[Slot]] = {stage.pk: [] for stage in stages}
    for slot in slots_of(stages):
        slots[slot.stage_id].append(slot)
    hours = {name: waited.hours for name, waited in usual.items()}
    taken = steps_taken(revision)
    in_review = revision.request.state == RequestState.IN_REVIEW
    return tuple(
        replace(
            _stage_row(stage, slots[stage.pk], reader, hours.get(stage.name)),
            taken=taken.get(stage.pk, ()),
            following=next_step(stage, at=at) if in_review and stage.state in LIVE_STAGE else None,
        )
        for stage in stages
    )


def _stage_row(stage: Stage, slots: list[Slot], reader: UUID, usual_hours: float | None) -> StageRow:
    rows = tuple(_slot_row(slot) for slot in slots)
    asked = {candidate.person_id for slot in slots for candidate in slot.candidates.all()}
    return StageRow(
        name=stage.name,
        position=stage.position,
        state=StageState(stage.state),
        reason=stage.reason,
        needed=stage.needed,
        slots=rows,
        opened_at=stage.opened_at,
        due_at=stage.due_at,
        usual_hours=usual_hours,
        mine=stage.state == StageState.OPEN and reader in asked,
        remedy=_remedy(rows) if stage.state == StageState.UNREACHABLE else "",
    )


def _remedy(slots: tuple[SlotRow, ...]) -> str:
    short = [slot for slot in slots if not slot.decided_by and len(slot.candidates) <= 1] or list(slots)
    wanted = "; ".join(f"{slot.role.replace('_', ' ')} on {slot.unit}" for slot in short)
    return (
        "Too few people can decide this stage: nobody decides twice, or decides what they asked or wrote. "
        f"A platform admin gives somebody else the role {wanted}; then this stage opens by itself."
    )


def _slot_row(slot: Slot) -> SlotRow:
    decided = [decision.actor.name for decision in slot.decisions.all()]
    carried = slot.carried.actor.name if slot.carried else ""
    return SlotRow(
        label=slot.label,
        role=slot.role,
        unit=slot.unit.name,
        candidates=tuple(sorted(candidate.person.name for candidate in slot.candidates.all())),
        decided_by=carried or (decided[0] if decided else ""),
        carried=bool(carried),
    )


def _decisions(request: Request, revision: Revision) -> tuple[DecisionRow, ...]:
    made = Decision.objects.filter(request=request).select_related("actor", "slot", "revision").order_by("at", "id")
    return tuple(
        DecisionRow(
            who=decision.actor.name,
            role=decision.slot.label,
            kind=decision.kind,
            comment=decision.comment,
            at=decision.at,
            revision=decision.revision.number,
            current=decision.revision_id == revision.pk,
        )
        for decision in made
    )
