"""The page of one request as its template shows it."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from governance.approvals.rules import OPEN_REQUEST, REVISABLE, RequestState, StageState
from governance.approvals.selectors import RequestPage
from governance.approvals.selectors.precedents import PrecedentRow
from governance.approvals.suggesting import SuggestionState
from governance.core.clock import now
from governance.core.verdict import Denied
from governance.web.deciding.overrides import override_row
from governance.web.deciding.request_shapes import IN_FACTS, diff_rows, route_of
from governance.web.frame import words
from governance.web.frame.shapes import Crumb
from governance.web.frame.times import hours

HOME = Crumb("Waiting for you", "/inbox/")
# Why somebody who opened a page may not decide is said only where they could have expected to; its state stands beside the title.
NOT_WORTH_SAYING = frozenset({"not_permitted", "not_asked", "not_in_review"})
ENDED = frozenset({RequestState.REJECTED, RequestState.LAPSED, RequestState.WITHDRAWN})
AHEAD = frozenset({StageState.WAITING, StageState.OPEN, StageState.UNREACHABLE})


def decision_page(found: RequestPage, request: HttpRequest) -> dict[str, Any]:
    trail = [Crumb("Asked by me", reverse("asked")) if found.mine else HOME, Crumb(f"Request {found.number}")]
    current = [stage for stage in found.stages if stage.mine]
    due_at = min((stage.due_at for stage in current if stage.due_at), default=None)
    overrides = [override_row(row, request) for row in found.overrides]
    for row in overrides:
        row["may_confirm"] = row["may_confirm"] and found.may_override
    return {
        "id": found.id,
        "trail": trail,
        "title": found.title,
        "said": words.state(RequestState, found.state),
        "requester": found.requester,
        "unit": found.unit,
        "opened_at": found.opened_at,
        "deciding": _deciding(found),
        "due_at": due_at,
        "late": due_at is not None and due_at <= now(),
        "expected": _expected(found),
        "digest": found.digest,
        "diff": diff_rows(found.difference, beside=IN_FACTS if found.first_version else frozenset()),
        "diff_title": "What is asked for" if found.first_version else "What changes against what is in force",
        "before": "" if found.first_version else "In force",
        "last_changed": diff_rows(found.last_changed),
        "suggestions": _suggestions(found),
        "may_suggest": found.may_suggest,
        "version": found.revision,
        "voided": _voided(found),
        "stages": route_of(found),
        "route_title": "Why you are asked" if found.decides_as else "Who decides",
        "facts": found.facts,
        "evidence": found.evidence,
        "conditions": found.conditions,
        "attached": [f"{each.in_words} {each.because}" for each in found.attached],
        "precedents": [_precedent(row) for row in found.precedents],
        "comments": found.comments,
        "history": found.history,
        "overrides": overrides,
        "overridden": any(row["holds"] for row in overrides),
        "may_override": found.may_override and not any(row["confirmed_by"] or row["may_confirm"] for row in overrides),
        "may_comment": found.may_comment,
        "may_decide": bool(found.may_decide),
        "in_place_of": found.in_place_of,
        "looking": words.has_open(found.looking),
        "why_not": _why_not(found),
        "may_withdraw": found.may_withdraw,
        "may_ask_anew": found.mine and found.state in ENDED,
        "link": found.link,
    }


def _deciding(found: RequestPage) -> str:
    if not found.decides_as:
        return ""
    place = f", in place of {found.in_place_of}" if found.in_place_of else ""
    return f"You decide as {words.joined(list(found.decides_as))}{place}."


def _expected(found: RequestPage) -> str:
    """Return how long what is left usually takes: stages side by side count once."""
    if found.state in REVISABLE:
        return "It waits for you." if found.may_send_again else f"It waits for {found.requester}."
    if found.state not in OPEN_REQUEST:
        return ""
    left = [stage for stage in found.stages if stage.state in AHEAD]
    if not left or any(stage.usual_hours is None for stage in left):
        return "No data yet on how long such a request takes."
    rounds: dict[int, float] = {}
    for stage in left:
        rounds[stage.position] = max(rounds.get(stage.position, 0), stage.usual_hours or 0)
    return f"What is left usually takes {hours(sum(rounds.values()))}."


def _voided(found: RequestPage) -> str:
    """Return what became of the decisions on earlier versions."""
    if found.revision == 1:
        return ""
    kept = sum(slot.carried for stage in found.stages for slot in stage.slots)
    void = sum(not decision.current and decision.kind == "approve" for decision in found.decisions)
    if any(row.material for row in found.last_changed) and void:
        return f"What was approved before is void ({void}): the change is one of substance."
    return f"What was approved before still counts ({kept})." if kept else ""


def _suggestions(found: RequestPage) -> list[dict[str, Any]]:
    """Return the suggestions on the version shown, as the page of a request shows them."""
    return [
        {
            "id": row.suggestion.id,
            "heading": f"{row.who} wrote the change{' for you' if found.may_answer else ''}",
            "tone": "accent" if row.suggestion.waits and found.may_answer else "",
            "then": _then(row.who, counts=row.suggestion.counts),
            "why": row.comment,
            "diff": diff_rows(row.suggestion.difference),
            "said": words.state(SuggestionState, row.suggestion.state),
            "answer": row.suggestion.answer,
            "answered_by": row.suggestion.answered_by,
            "may_answer": row.suggestion.waits and found.may_answer,
        }
        for row in found.decisions
        if row.suggestion and row.revision == found.revision
    ]


def _then(who: str, *, counts: bool) -> str:
    """Return what follows when the asker takes the suggestion as it is."""
    return f"Taken exactly so, it has the yes of {who}." if counts else f"Once it is sent again, {who} is asked again."


def _precedent(row: PrecedentRow) -> dict[str, Any]:
    tied = f", on condition: {' '.join(row.conditions)}" if row.conditions else ""
    return {
        "id": row.id,
        "number": row.number,
        "unit": row.unit,
        "said": words.state(RequestState, row.state),
        "text": f"{row.title}{tied}",
        "at": row.decided_at,
    }


def _why_not(found: RequestPage) -> str:
    verdict = found.may_decide
    if not isinstance(verdict, Denied) or verdict.code in NOT_WORTH_SAYING:
        return ""
    return f"{verdict.reason} {verdict.remedy}".strip()
