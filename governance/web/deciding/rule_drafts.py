"""Pages of a policy admin: rules are written with a check beside them, tried, replayed on the past, put to two people."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.approvals import services
from governance.approvals.document import LONGEST_DOCUMENT, MOST_LINES
from governance.approvals.drafting import MOST_REPLAYED, DraftState, ReplayState
from governance.approvals.facts import AI_ACT_CLASSES, TIERS
from governance.approvals.selectors import request_of
from governance.approvals.selectors.drafts import DraftRow, checked_draft, draft
from governance.approvals.selectors.dry_runs import DryRun, dry_run, facts_of_request, made_up
from governance.approvals.selectors.replays import ReplayRow, replay, replays_of
from governance.core.clock import now
from governance.core.errors import DomainError, Invalid, NotFound
from governance.core.vocabulary import Classification, Hosting, Mode
from governance.web.deciding.rule_shapes import HELP, fact_rows, said_of
from governance.web.deciding.workflows import EDIT, HOME
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.htmx import page_or_part, wants_part
from governance.web.frame.shapes import Crumb

LAST = 1000


class TryForm(forms.Form):
    number = forms.IntegerField(
        label="A real request", required=False, min_value=1, help_text="Its number; or an example:"
    )
    classification = forms.ChoiceField(label="Data", choices=words.choices(Classification), required=False)
    hosting = forms.ChoiceField(label="Where it runs", choices=words.choices(Hosting), required=False)
    mode = forms.ChoiceField(label="How it is used", choices=words.choices(Mode), required=False)
    tier = forms.ChoiceField(label="Risk tier", choices=[(tier, tier.title()) for tier in TIERS], required=False)
    ai_act_class = forms.ChoiceField(
        label="AI Act class", choices=[(name, name.title()) for name in AI_ACT_CLASSES], required=False
    )
    contest_open = forms.BooleanField(label="Another unit claims it", required=False)

    def facts(self) -> dict[str, Any]:
        """Return the facts of the example that was chosen."""
        told = self.cleaned_data
        facts: dict[str, Any] = {
            name: told[name] for name in ("classification", "tier", "ai_act_class", "contest_open") if told[name] != ""
        }
        if told["hosting"]:
            facts["hostings"] = [told["hosting"]]
        if told["mode"]:
            facts["modes"] = [told["mode"]]
        return facts


@requires(EDIT)
@require_POST
def rules_draft_new(request: HttpRequest) -> HttpResponse:
    made = services.start_draft(name=request.POST.get("name", ""), by=actor_of(request), at=now())
    messages.success(request, "A draft begins with the rules in force. Nothing changes until two people agree.")
    return redirect("rules_draft", made.pk)


@requires(EDIT)
def rules_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    row = draft(draft_id)
    return render(request, "rules/draft.html", _page(request, row, row.source))


def _page(request: HttpRequest, row: DraftRow, source: str, **more: Any) -> dict[str, Any]:
    """Return the whole page; what htmx swaps while somebody types needs far less."""
    asked = request_of("workflow", row.id)
    found = replays_of(row.id, reader=standing(request), at=now())
    return {
        "trail": [HOME, Crumb("Draft")],
        "row": row,
        "said": words.state(DraftState, row.state),
        "writing": row.state is DraftState.WRITING,
        "source": source,
        "numbers": "\n".join(str(n) for n in range(1, MOST_LINES + 1)),
        "longest": LONGEST_DOCUMENT,
        "facts": fact_rows(),
        "help": HELP,
        "form": TryForm(),
        "replays": found,
        "last": min(LAST, MOST_REPLAYED),
        "ready": any(each.current and each.state is ReplayState.DONE for each in found),
        "asked_url": reverse("request", args=[asked.id]) if asked else "",
        **_checked(source, row.name),
        **more,
    }


def _checked(source: str, name: str) -> dict[str, Any]:
    checked = checked_draft(source, name)
    if checked.definition is None:
        return {"faults": checked.faults, "sound": False}
    return {"faults": (), "sound": True, **said_of(checked.definition)}


def _source(request: HttpRequest) -> str:
    """Return the text as it was typed; browsers send line ends of their own."""
    return request.POST.get("source", "").replace("\r\n", "\n")


@requires(EDIT)
@require_POST
def rules_draft_check(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    row, source = draft(draft_id), _source(request)
    page = _checked(source, row.name) if wants_part(request) else _page(request, row, source)
    return page_or_part(request, "rules/draft.html", "check", page)


@requires(EDIT)
@require_POST
def rules_draft_save(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    source, revision = _source(request), request.POST.get("revision", "")
    try:
        services.save_draft(
            draft_id=draft_id,
            source=source,
            revision=int(revision) if revision.isdecimal() and len(revision) < 10 else 0,  # noqa: PLR2004 - a counter
            by=actor_of(request),
            at=now(),
        )
    except DomainError as refused:
        if isinstance(refused, NotFound):
            raise
        # What was typed is not lost to a refusal: it stands in the form, with the reason above it.
        page = _page(request, draft(draft_id), source, refused=f"{refused.reason} {refused.remedy}".strip())
        return render(request, "rules/draft.html", page, status=422 if isinstance(refused, Invalid) else 409)
    messages.success(request, "Kept.")
    return redirect("rules_draft", draft_id)


@requires(EDIT)
@require_POST
def rules_draft_try(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    row, form = draft(draft_id), TryForm(request.POST)
    more: dict[str, Any] = {"form": form}
    if form.is_valid():
        more["tried"] = _tried(request, row, form)
    page = {**more, "row": row} if wants_part(request) else _page(request, row, row.source, **more)
    return page_or_part(request, "rules/draft.html", "trial", page)


def _tried(request: HttpRequest, row: DraftRow, form: TryForm) -> DryRun | None:
    number = form.cleaned_data["number"]
    try:
        facts = facts_of_request(number, reader=standing(request), at=now()) if number else made_up(form.facts())
        return dry_run(row.source, row.name, facts, at=now())
    except (Invalid, NotFound) as refused:
        form.add_error("number" if number else None, refused.reason)
        return None


@requires(EDIT)
@require_POST
def rules_draft_replay(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    last = request.POST.get("last", "")
    made = services.start_replay(
        draft_id=draft_id,
        last=int(last) if last.isdecimal() and len(last) < 10 else 0,  # noqa: PLR2004 - a number of requests
        by=actor_of(request),
        at=now(),
    )
    return redirect("rules_replay", made.pk)


@requires(EDIT)
def rules_replay(request: HttpRequest, replay_id: UUID) -> HttpResponse:
    row = replay(replay_id, reader=standing(request), at=now())
    context = {
        "row": row,
        "under_way": row.ended_at is None,
        "title": _title(row),
        "trail": [HOME, Crumb("Draft", reverse("rules_draft", args=[row.draft_id])), Crumb("Replay")],
    }
    return page_or_part(request, "rules/replay.html", "report", context)


def _title(row: ReplayRow) -> str:
    if row.state is ReplayState.FAILED:
        return "The replay could not be finished. Ask for it again."
    return row.summary.removesuffix(".") if row.ended_at else f"Replaying {words.several(row.total, 'request')}"


@require_POST
@requires(EDIT, step_up=True)
def rules_draft_submit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    row = draft(draft_id)
    asked = services.submit_draft(draft_id=draft_id, revision=row.revision, by=actor_of(request), at=now())
    messages.success(request, "Two people who wrote none of it now decide.")
    return redirect("request", asked)


@requires(EDIT)
@require_POST
def rules_draft_discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    services.discard_draft(draft_id=draft_id, by=actor_of(request), at=now())
    messages.success(request, "The draft is gone. The rules in force stay.")
    return redirect("rules")
