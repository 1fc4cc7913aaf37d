"""Everything for deciding one request on one screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from governance.approvals.attached import Attached, attached_of
from governance.approvals.binding import in_words, parse_binding, strictest
from governance.approvals.models import Comment, Decision, Request, Revision, Slot, Suggestion
from governance.approvals.overriding import OVERRIDABLE
from governance.approvals.rules import (
    REVISABLE,
    DecisionStanding,
    DiffRow,
    RequestState,
    may_decide,
    may_take_part,
    taking_of,
)
from governance.approvals.selectors.access import readable_by
from governance.approvals.selectors.blind import comments_shown, is_shown, sealed_among
from governance.approvals.selectors.bound import counting_among
from governance.approvals.selectors.history import HistoryRow, history
from governance.approvals.selectors.looking import looking
from governance.approvals.selectors.overrides import OverrideRow, override_row, overrides_on
from governance.approvals.selectors.precedents import PrecedentRow, precedents
from governance.approvals.selectors.seats import Roster, slots_of, standing_among
from governance.approvals.selectors.stages import Review, StageRow, stages_of
from governance.approvals.subjects import (
    Bindable,
    Fact,
    Overridable,
    Snapshot,
    Subject,
    Suggestable,
    evidence_for,
    subject_of,
)
from governance.approvals.suggesting import SuggestionState, may_answer
from governance.core.errors import NotFound
from governance.core.verdict import Denied, Verdict
from governance.organisation.delegation import HandedOn
from governance.organisation.models import Person
from governance.organisation.permissions import Standing, may

BESIDE = ("actor", "on_behalf_of", "suggestion__answered_by", "came_of")
SAID = Decision.objects.select_related(*BESIDE).defer("came_of__body", "came_of__facts")


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """The change that a decision asks for, written by who decided. `counts`: sent exactly so, it has their yes."""

    id: UUID
    state: SuggestionState
    difference: tuple[DiffRow, ...]  # against the version it was suggested to
    counts: bool
    answer: str
    answered_by: str
    waits: bool  # it can still be taken or declined


@dataclass(frozen=True, slots=True)
class DecisionRow:
    who: str
    role: str
    kind: str
    comment: str
    at: datetime
    revision: int
    current: bool  # it is about the version shown, or still counts for it
    on_behalf_of: str
    conditions: tuple[str, ...]  # sentences
    suggestion: SuggestionRow | None
    beforehand: bool  # a yes given with a suggestion, to exactly this version


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
    attached: tuple[Attached, ...]  # conditions the workflow attaches to an approval
    comments: tuple[CommentRow, ...]
    last_changed: tuple[DiffRow, ...]  # against the version before this one; () for the first
    conditions: tuple[str, ...]  # what is tied to the approvals given so far, the strictest of all
    precedents: tuple[PrecedentRow, ...]
    history: tuple[HistoryRow, ...]
    overrides: tuple[OverrideRow, ...]
    decides_as: tuple[str, ...]  # the seats the reader would fill, () when they cannot decide
    in_place_of: str  # whom the reader would decide for, "" for a seat of their own
    looking: tuple[str, ...]  # who could take the same seat and has the request open just now
    mine: bool  # the reader asked it
    may_decide: Verdict
    may_bind: bool  # conditions can be tied to a yes
    may_suggest: bool  # the reader can write the change they ask for
    may_answer: bool  # the reader can take or decline what is suggested
    may_send_again: bool  # the reader asked it and owes the next step
    may_override: bool  # the reader may be one of the two of an override of this request
    may_withdraw: bool
    may_comment: bool


def request_page(
    request_id: UUID, *, reader: Standing, at: datetime, known: Sequence[HandedOn] | None = None
) -> RequestPage:
    """Return the page of one request as `reader` sees it. `known`: all that is handed on at `at`, where it has been asked.

    Raises:
        NotFound: when there is none, or the reader may not see it.
    """
    roster = Roster(at) if known is None else Roster(at, known)
    in_reach = readable_by(reader, roster.handed_on)
    request = _found(request_id, in_reach)
    versions, subject = list(request.revisions.all()), subject_of(request.subject_kind)
    sealed = sealed_among(stage for version in versions for stage in version.stages.all())
    revision, shown = versions[-1], subject.shown(request.subject_id)
    seats = slots_of((stage for version in versions for stage in version.stages.all()), said=SAID)
    slots = [slot for slot in seats if slot.stage.revision_id == revision.pk]
    said = sorted((each for slot in seats for each in slot.decisions.all()), key=lambda each: (each.at, each.pk))
    standing = standing_among(request, revision, slots, roster)
    shown_said = [each for each in said if is_shown(each, reader.person, sealed)]
    decisions, overridden = _decisions(request, subject, versions, slots, shown_said), overrides_on(request.pk)
    verdict = _verdict(standing, revision, reader)
    return RequestPage(
        **_head(request),
        revision=revision.number,
        digest=revision.digest,
        link=shown.link,
        first_version=shown.in_force is None,
        difference=tuple(subject.differences(shown.in_force, Snapshot(revision.body, revision.facts))),
        facts=tuple(shown.facts),
        evidence=tuple(evidence_for(request.subject_kind, shown.about or request.subject_id)),
        stages=stages_of(Review(request, revision, slots, standing, roster), reader.person),
        decisions=decisions,
        attached=tuple(attached_of(each) for each in revision.attached),
        comments=_comments(comments_shown(request, reader.person, sealed)),
        last_changed=_last_changed(versions, subject),
        conditions=_tied(counting_among(said, revision, slots, sealed)),
        precedents=precedents(revision, shown=in_reach),
        history=history(versions, decisions, overridden),
        overrides=tuple(override_row(each, at) for each in overridden),
        **_taking(request, standing, verdict, reader.person, at),
        mine=reader.person == request.requester_id,
        may_decide=verdict,
        may_bind=isinstance(subject, Bindable),
        may_suggest=bool(verdict) and isinstance(subject, Suggestable),
        may_answer=_may_answer(request, subject, decisions, reader),
        may_override=_may_override(request, standing, subject, reader),
        may_send_again=request.state in REVISABLE and reader.person == request.requester_id,
        may_withdraw=_is_open(request) and reader.person == request.requester_id,
        may_comment=bool(may(reader, "approvals:request:comment", None)),
    )


def _head(request: Request) -> dict[str, Any]:
    return {
        "id": request.pk,
        "number": request.number,
        "title": request.title,
        "state": RequestState(request.state),
        "unit": request.unit.name,
        "requester": request.requester.name,
        "opened_at": request.opened_at,
        "decided_at": request.decided_at,
        "answer_due_at": request.answer_due_at,
        "workflow": f"{request.workflow.name}, version {request.workflow.version}",
    }


def _found(request_id: UUID, in_reach: Q) -> Request:
    """Return the request, if the condition `in_reach` shows it, with its versions and their stages, both in their order."""
    found = Request.objects.filter(in_reach, pk=request_id)
    joined = found.select_related("unit", "requester", "workflow").defer("workflow__definition", "workflow__source")
    versions = Prefetch("revisions", Revision.objects.select_related("editor"))
    request = joined.prefetch_related(versions, "revisions__stages").first()
    if request is None:
        raise NotFound("request_not_found", "There is no such request.")
    return request


def _tied(given: Iterable[Decision]) -> tuple[str, ...]:
    return tuple(in_words(strictest(parse_binding(each.conditions) for each in given)))


def _comments(shown: QuerySet[Comment]) -> tuple[CommentRow, ...]:
    return tuple(CommentRow(each.author.name, each.text, each.at) for each in shown.select_related("author"))


def _last_changed(versions: Sequence[Revision], subject: Subject) -> tuple[DiffRow, ...]:
    if len(versions) == 1:
        return ()
    before, last = (Snapshot(version.body, version.facts) for version in versions[-2:])
    return tuple(subject.differences(before, last))


def _taking(
    request: Request, standing: DecisionStanding, verdict: Verdict, person: UUID, at: datetime
) -> dict[str, Any]:
    if isinstance(verdict, Denied):
        return {"decides_as": (), "in_place_of": "", "looking": ()}
    taking = taking_of(standing, person)
    giver = Person.objects.filter(pk=taking.on_behalf_of).first() if taking.on_behalf_of else None
    beside = {each for seat in taking.seats for each in seat.frozen}
    return {
        "decides_as": tuple(seat.label for seat in taking.seats),
        "in_place_of": giver.name if giver else "",
        "looking": looking({request.pk: beside}, but=person, at=at).get(request.pk, ()),
    }


def _may_override(request: Request, standing: DecisionStanding, subject: Subject, reader: Standing) -> bool:
    apart = may_take_part(standing.requester, standing.authors, reader.person, standing.close)
    possible = request.state in OVERRIDABLE and isinstance(subject, Overridable)
    return possible and bool(apart) and bool(may(reader, "approvals:override:make", request.unit.path))


def _is_open(request: Request) -> bool:
    return request.state in {RequestState.SUBMITTED, RequestState.IN_REVIEW, RequestState.CHANGES_REQUESTED}


def _verdict(standing: DecisionStanding, revision: Revision, reader: Standing) -> Verdict:
    permitted = may(reader, "approvals:request:decide", None)
    if isinstance(permitted, Denied):
        return permitted
    return may_decide(standing, reader.person, revision.digest)


def _may_answer(request: Request, subject: Subject, decisions: Sequence[DecisionRow], reader: Standing) -> bool:
    waits = any(row.suggestion and row.suggestion.waits for row in decisions)
    return waits and isinstance(subject, Suggestable) and bool(subject.may_answer(request.subject_id, reader))


def _decisions(
    request: Request,
    subject: Subject,
    versions: Sequence[Revision],
    slots: Sequence[Slot],
    made: Iterable[Decision],
) -> tuple[DecisionRow, ...]:
    counting = {slot.carried_id for slot in slots}
    by_id, last = {version.pk: version for version in versions}, versions[-1].pk
    return tuple(
        DecisionRow(
            who=decision.actor.name,
            role=decision.slot.label,
            kind=decision.kind,
            comment=decision.comment,
            at=decision.at,
            revision=by_id[decision.revision_id].number,
            current=decision.revision_id == last or decision.pk in counting,
            on_behalf_of=decision.on_behalf_of.name if decision.on_behalf_of else "",
            conditions=tuple(in_words(parse_binding(decision.conditions))),
            suggestion=_suggestion(request, subject, by_id[decision.revision_id], decision),
            beforehand=hasattr(decision, "came_of"),
        )
        for decision in made
    )


def _suggestion(request: Request, subject: Subject, asked: Revision, decision: Decision) -> SuggestionRow | None:
    found: Suggestion | None = getattr(decision, "suggestion", None)
    if found is None:
        return None
    state = SuggestionState(found.state)
    before, after = Snapshot(asked.body, asked.facts), Snapshot(found.body, found.facts)
    return SuggestionRow(
        id=found.pk,
        state=state,
        difference=tuple(subject.differences(before, after)),
        counts=found.counts,
        answer=found.answer,
        answered_by=found.answered_by.name if found.answered_by else "",
        waits=bool(may_answer(state, RequestState(request.state))),
    )
