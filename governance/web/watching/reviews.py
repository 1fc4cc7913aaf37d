"""What security looks at afterwards: reported mistakes, reasons that were used, what is held."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.core.errors import Conflict, DomainError, Invalid
from governance.core.percent import percent
from governance.gateway.rules import JustificationOutcome
from governance.gateway.selectors import justifications_to_review
from governance.gateway.selectors.holds import MOST, HeldRow, held_requests
from governance.gateway.services import review_justification
from governance.scanning import services
from governance.scanning.rules import HoldAct
from governance.scanning.selectors import MistakeRow, mistake, mistakes_open, work_count
from governance.web.frame import words
from governance.web.frame.access import actor_of, holds, requires, standing
from governance.web.frame.forms import Day, LongText, end_of, put_error, tried
from governance.web.frame.kept import first_of, put_back
from governance.web.frame.sayings import Said
from governance.web.watching.holds import RELEASE, WhyForm, decide

REVIEW, ANSWER = "gateway:exchange:review", "scanning:mistake:answer"
USUALLY_PASSES = timedelta(days=90)


class AnswerForm(forms.Form):
    answer = LongText(label="Your answer")
    suppress_until = Day(label="Let it pass until", help_text="Only if it is a mistake.")


class DiscardForm(WhyForm):
    """Several requests and one reason. Only to discard: whoever releases a request has read that one."""

    request = forms.TypedMultipleChoiceField(label="Which", coerce=UUID, choices=())

    def __init__(self, *args: Any, chosen: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        told: Any = self.data
        self.chosen = told.getlist("request")[:MOST] if self.is_bound else list(chosen)
        field: Any = self.fields["request"]
        field.choices = [(each, each) for each in self.chosen]
        field.error_messages["required"] = "Choose at least one request of the list."


@requires(REVIEW)
def reviews(request: HttpRequest) -> HttpResponse:
    kept = put_back(request)
    return _shown(request, DiscardForm(initial={"reason": first_of(kept, "reason")}, chosen=kept.get("request", ())))


@require_POST
@requires(RELEASE, step_up=True, keeps=("reason", "request"))
def holds_discard(request: HttpRequest) -> HttpResponse:
    """Discard several at once, each in a transaction of its own: one that somebody else decided meanwhile keeps no other."""
    form, by = DiscardForm(request.POST), actor_of(request)
    if not form.is_valid():
        return _shown(request, form)
    chosen: list[UUID] = form.cleaned_data["request"]
    faults: list[DomainError] = []
    for key in chosen:
        try:
            decide(key, HoldAct.DISCARD, form, by)
        except DomainError as refused:
            faults.append(refused)
    if len(faults) == len(chosen):
        if not isinstance(faults[0], Invalid):
            raise faults[0]
        put_error(form, faults[0])
        return _shown(request, form)
    messages.success(request, f"Discarded: {words.several(len(chosen) - len(faults), 'request')}.")
    for reason, number in Counter(fault.reason for fault in faults).items():
        messages.warning(request, f"Not discarded: {words.several(number, 'request')}. {reason}")
    return redirect("reviews")


def _shown(request: HttpRequest, discard: DiscardForm, faulty: AnswerForm | None = None) -> HttpResponse:
    """Show all that waits; `faulty` is an answer that could not be taken, which keeps what was typed."""
    held, at = standing(request), now()
    mistakes = [_mistake(row, faulty) for row in mistakes_open(held)]
    reasons = justifications_to_review(standing=held, at=at)
    waiting = held_requests(standing=held, at=at)
    count = len(mistakes) + len(reasons) + len(waiting)
    context = {
        "headline": f"{count} thing{'' if count == 1 else 's'} to look at" if count else "Nothing to look at",
        "mistakes": mistakes,
        "reasons": reasons,
        "holds": [_held(row, discard.chosen) for row in waiting],
        "may_answer": holds(request, ANSWER),
        "discard": discard if any(row.yours for row in waiting) else None,
    }
    return render(request, "exchanges/reviews.html", context, status=422 if discard.errors or faulty else 200)


def review_count(request: HttpRequest) -> int:
    return work_count(standing=standing(request), at=now())


def _held(row: HeldRow, chosen: Collection[str]) -> dict[str, Any]:
    would = f"{words.joined(list(row.released_by))} would release it"
    return {
        "id": row.exchange,
        "reason": row.reason,
        "initiative": row.initiative,
        "unit": row.unit,
        "destination": row.destination or "nowhere",
        "stand": would if row.released_by else "nobody has decided yet",
        "said": Said("Waits for you", "wait") if row.yours else Said("Waits for somebody else", "quiet"),
        "yours": row.yours,
        "chosen": str(row.exchange) in chosen,
        "held_at": row.held_at,
        "expires_at": row.expires_at,
    }


def _mistake(row: MistakeRow, faulty: AnswerForm | None) -> dict[str, Any]:
    found, prefix = row.finding, str(row.id)
    form = AnswerForm(prefix=prefix, initial={"suppress_until": timezone.localdate() + USUALLY_PASSES})
    return {
        "id": row.id,
        "title": f"Said to be no {words.finding(found.type)}",
        "about": f"By {row.reported_by}, {row.unit}. Found by {found.detector}, {percent(found.score)} sure, in {found.place or 'the text'}.",
        "comment": row.comment or "No comment.",
        "due_at": row.due_at,
        "form": faulty if faulty and faulty.prefix == prefix else form,
        "exchange_url": _url(row.subject),
    }


def _url(subject: str) -> str:
    kind, _, ref = subject.partition(":")
    return reverse("exchange", args=[ref]) if kind == "exchange" else ""


@requires(ANSWER)
@require_POST
def mistake_answer(request: HttpRequest, report_id: UUID) -> HttpResponse:
    form = AnswerForm(request.POST, prefix=str(report_id))
    if request.POST.get("outcome") != "agree":
        form.errors.pop("suppress_until", None)  # the day counts only for what passes
    if not form.is_valid() or not tried(form, lambda: _answer(request, report_id, form)):
        if mistake(report_id, standing=standing(request)).answered_at is not None:
            raise Conflict("already_answered", "Somebody has answered this report.", remedy="Reload the page.")
        return _shown(request, DiscardForm(), form)
    messages.success(request, "Answered. Whoever reported it was told.")
    return redirect("reviews")


def _answer(request: HttpRequest, report_id: UUID, form: AnswerForm) -> object:
    agreed = request.POST.get("outcome") == "agree"
    until = form.cleaned_data["suppress_until"] if agreed else None
    return services.answer_mistake(
        report_id=report_id,
        suppress_until=end_of(until, timezone.get_current_timezone_name()) if until else None,
        answer=form.cleaned_data["answer"],
        by=actor_of(request),
        at=now(),
    )


@requires(REVIEW)
@require_POST
def reason_review(request: HttpRequest, justification_id: UUID) -> HttpResponse:
    fine = request.POST.get("outcome") == JustificationOutcome.FINE
    outcome = JustificationOutcome.FINE if fine else JustificationOutcome.CONCERN
    review_justification(justification_id=justification_id, outcome=outcome, by=actor_of(request), at=now())
    messages.success(request, "Noted.")
    return redirect("reviews")
