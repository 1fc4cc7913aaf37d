"""What security looks at afterwards: reported mistakes, reasons that were used, what is held."""

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
from governance.core.errors import Invalid
from governance.core.percent import percent
from governance.gateway.rules import JustificationOutcome
from governance.gateway.selectors import justifications_to_review
from governance.gateway.services import review_justification
from governance.scanning import services
from governance.scanning.selectors import MistakeRow, holds_open, mistakes_open
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.forms import Day, LongText, end_of

REVIEW, ANSWER = "gateway:exchange:review", "scanning:mistake:answer"
USUALLY_PASSES = timedelta(days=90)


class AnswerForm(forms.Form):
    answer = LongText(label="Your answer")
    suppress_until = Day(label="Let it pass until", help_text="Only if it is a mistake.")


@requires(REVIEW)
def reviews(request: HttpRequest) -> HttpResponse:
    held, at = standing(request), now()
    mistakes = [_mistake(row) for row in mistakes_open(held)]
    reasons = justifications_to_review(standing=held, at=at)
    holds = holds_open(held)
    count = len(mistakes) + len(reasons) + len(holds)
    context = {
        "headline": f"{count} thing{'' if count == 1 else 's'} to look at" if count else "Nothing to look at",
        "mistakes": mistakes,
        "reasons": reasons,
        "holds": [(hold, _url(hold.subject, page="exchange_hold")) for hold in holds],
    }
    return render(request, "exchanges/reviews.html", context)


def review_count(request: HttpRequest) -> int:
    return len(mistakes_open(standing(request)))


def _mistake(row: MistakeRow) -> dict[str, Any]:
    found = row.finding
    return {
        "id": row.id,
        "title": f"Said to be no {words.finding(found.type)}",
        "about": f"By {row.reported_by}, {row.unit}. Found by {found.detector}, {percent(found.score)} sure, in {found.place or 'the text'}.",
        "comment": row.comment or "No comment.",
        "due_at": row.due_at,
        "form": AnswerForm(prefix=str(row.id), initial={"suppress_until": timezone.localdate() + USUALLY_PASSES}),
        "exchange_url": _url(row.subject),
    }


def _url(subject: str, *, page: str = "exchange") -> str:
    kind, _, ref = subject.partition(":")
    return reverse(page, args=[ref]) if kind == "exchange" else ""


@requires(ANSWER)
@require_POST
def mistake_answer(request: HttpRequest, report_id: UUID) -> HttpResponse:
    form = AnswerForm(request.POST, prefix=str(report_id))
    agreed = request.POST.get("outcome") == "agree"
    if not agreed:
        del form.fields["suppress_until"]
    if not form.is_valid():
        raise Invalid(
            "no_answer",
            "Say why, so that the one who reported it knows, and until when the same may pass.",
            remedy="Go back and write an answer and a day.",
        )
    until = form.cleaned_data["suppress_until"] if agreed else None
    zone = timezone.get_current_timezone_name()
    services.answer_mistake(
        report_id=report_id,
        suppress_until=end_of(until, zone) if until else None,
        answer=form.cleaned_data["answer"],
        by=actor_of(request),
        at=now(),
    )
    messages.success(request, "Answered. Whoever reported it was told.")
    return redirect("reviews")


@requires(REVIEW)
@require_POST
def reason_review(request: HttpRequest, justification_id: UUID) -> HttpResponse:
    fine = request.POST.get("outcome") == JustificationOutcome.FINE
    outcome = JustificationOutcome.FINE if fine else JustificationOutcome.CONCERN
    review_justification(justification_id=justification_id, outcome=outcome, by=actor_of(request), at=now())
    messages.success(request, "Noted.")
    return redirect("reviews")
