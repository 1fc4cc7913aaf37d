"""Grants to recertify: owners answer, stewards confirm, identical low-risk ones in one go."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.core.errors import Invalid
from governance.core.vocabulary import Classification, Mode, Purpose
from governance.gateway.selectors.oversight_records import records_of
from governance.remits import services
from governance.remits.recertifying import LONGEST_COMMENT, RecertificationReason
from governance.remits.selectors import (
    RecertificationRow,
    identical,
    recertifications,
    recertifications_page,
    recertifications_waiting,
)
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState

SPEC = ListSpec(
    sorts={"due": "Answer by", "initiative": "Initiative"},
    default_sort="due",
    filters=(
        Filter("q", "Search", hint="an initiative or data"),
        Filter(
            "show",
            "Show",
            (
                ("answer", "To answer"),
                ("confirm", "To confirm"),
                ("grace", "Ends without an answer"),
                ("unused", "Not used for long"),
            ),
        ),
    ),
    noun="grant",
)
NOTHING: Mapping[str, str] = MappingProxyType({})
READ, ANSWER, CONFIRM = "remits:grant:read", "remits:grant:recertify", "remits:grant:confirm"


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    comment = forms.CharField(max_length=LONGEST_COMMENT, required=False)


@requires(READ)
def recertify(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    found = recertifications_page(
        standing(request),
        search=state.value("q"),
        show=state.value("show"),
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    rows, count = found.rows, recertify_count(request)
    groups = identical(rows)
    together = {row.id for group in groups for row in group}
    told = records_of((row.initiative_code for row in rows), at=now())
    context = {
        "page": ListPage(state, rows, found.total),
        "waiting": count,
        "sorts": [state.heading(key) for key in SPEC.sorts],
        "headline": f"{count} grant{'' if count == 1 else 's'} to recertify" if count else "Nothing to recertify",
        "groups": [_group(group, told) for group in groups],
        "owned": [_row(row, told) for row in rows if row.may_answer and row.id not in together],
        "kept": [_row(row, told) for row in rows if row.may_confirm],
    }
    return page_or_part(request, "remits/recertify.html", "rows", context)


def recertify_count(request: HttpRequest) -> int:
    return recertifications_waiting(standing(request))


def recertify_rows(request: HttpRequest, limit: int) -> list[dict[str, Any]]:
    return [_row(row) for row in recertifications(standing(request))[:limit]]


def _row(row: RecertificationRow, told: Mapping[str, str] = NOTHING) -> dict[str, Any]:
    return {
        "record": told.get(row.initiative_code, ""),
        "id": row.id,
        "initiative": row.initiative,
        "code": row.initiative_code,
        "unit": row.unit,
        "what": _what(row),
        "classification": words.state(Classification, row.classification).text,
        "conditions": words.sentence(row.conditions_text),
        "why": _why(row),
        "in_grace": row.in_grace,
        "due_at": row.grace_ends_at or row.due_at,
        "answered_by": row.answered_by,
        "confirms": row.may_confirm,
    }


def _what(row: RecertificationRow) -> str:
    mode, purpose = words.word(Mode, row.mode).lower(), words.word(Purpose, row.purpose).lower()
    return f"{row.dataset} to {row.destination}: {mode}, {purpose}"


def _why(row: RecertificationRow) -> str:
    if row.may_confirm:
        return f"{row.answered_by} says that it is still needed."
    if row.reason is RecertificationReason.UNUSED:
        return "Nothing was sent by it for a long time."
    return "Its time has come."


def _group(rows: list[RecertificationRow], told: Mapping[str, str]) -> dict[str, Any]:
    return {
        "what": _what(rows[0]),
        "conditions": words.sentence(rows[0].conditions_text),
        "rows": [_row(row, told) for row in rows],
    }


def _said(request: HttpRequest) -> tuple[bool, str]:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Invalid("not_an_answer", "This is not an answer that can be given.", remedy="Open the page again.")
    return form.cleaned_data["outcome"] == "yes", form.cleaned_data["comment"]


@requires(ANSWER)
@require_POST
def recertify_answer(request: HttpRequest, recertification_id: UUID) -> HttpResponse:
    needed, comment = _said(request)
    services.answer_recertification(
        recertification_id=recertification_id, needed=needed, comment=comment, by=actor_of(request), at=now()
    )
    messages.success(request, "Noted: it stays." if needed else "Ended. The gateway refuses it from now on.")
    return redirect("recertify")


@requires(ANSWER)
@require_POST
def recertify_together(request: HttpRequest) -> HttpResponse:
    chosen = [UUID(value) for value in request.POST.getlist("recertification") if _is_id(value)]
    count = services.answer_together(recertification_ids=chosen, by=actor_of(request), at=now())
    messages.success(request, f"Noted for {count} grants, each for itself: they stay.")
    return redirect("recertify")


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


@requires(CONFIRM)
@require_POST
def recertify_confirm(request: HttpRequest, recertification_id: UUID) -> HttpResponse:
    confirmed, comment = _said(request)
    services.confirm_recertification(
        recertification_id=recertification_id, confirmed=confirmed, comment=comment, by=actor_of(request), at=now()
    )
    messages.success(request, "Confirmed: it stays." if confirmed else "Ended. Its owner was told why.")
    return redirect("recertify")
