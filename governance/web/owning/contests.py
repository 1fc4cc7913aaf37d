"""Pages of contests: all sides beside each other, what they say, the ruling, and the appeal."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.core.canonical import digest
from governance.core.clock import now
from governance.core.verdict import require
from governance.initiatives import selectors, services
from governance.initiatives.rules import Basis, ContestState, Plan
from governance.initiatives.selectors import ContestPage, ContestRow
from governance.organisation.selectors import units_tree
from governance.remits.selectors import grants_of
from governance.web.frame import words
from governance.web.frame.access import actor_of, reader, requires, standing
from governance.web.frame.forms import tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb
from governance.web.owning.handling import record_cards
from governance.web.owning.ruling_forms import RulingForm

READ, SPEAK = "initiatives:contest:read", "initiatives:claim:assert"
COMMENT, RULE = "initiatives:contest:comment", "initiatives:contest:rule"
HOME = Crumb("Contested", "/contests/")
MOST_TARGETS = 200
NOWHERE = "none"  # the path of no unit
SPEC = ListSpec(
    sorts={"due": "Due", "opened": "Began"},
    default_sort="due",
    filters=(
        Filter("state", "Status", (("undecided", "Not ruled on yet"), *words.choices(ContestState))),
        Filter("whose", "Whose", (("rule", "I rule on it"), ("side", "My units claim it"))),
        Filter("unit", "Claimed by", hint="a unit's short name", names="units"),
    ),
    noun="contest",
)


class StatementForm(forms.Form):
    unit_id = forms.UUIDField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = forms.CharField(max_length=8000, widget=forms.Textarea)


class AppealForm(forms.Form):
    unit_id = forms.UUIDField(widget=forms.HiddenInput)
    reasons = forms.CharField(max_length=8000, widget=forms.Textarea)


@requires(READ)
def contests(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    found = selectors.contests(
        standing=standing(request),
        state=state.value("state"),
        whose=state.value("whose"),
        unit_path=_path_of(state.value("unit")),
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [row_of(row) for row in found.rows], found.total)
    return page_or_part(request, "contests/list.html", "rows", {"page": page})


def _path_of(ref: str) -> str:
    """Return the path of the unit called `ref`; an unknown one matches nothing, as a search does."""
    return next((each.path for each in units_tree() if each.ref == ref), NOWHERE) if ref else ""


def row_of(row: ContestRow) -> dict[str, Any]:
    open_still = row.state in {ContestState.OPEN, ContestState.APPEALED}
    return {
        "id": row.id,
        "title": sentence_of(row),
        "units": words.joined(list(row.units)),
        "said": words.state(ContestState, row.state),
        "interim": row.interim,
        "arbiter": row.arbiter or "nobody yet",
        "opened_at": row.opened_at,
        "due_at": row.due_at if open_still else None,
    }


def sentence_of(row: ContestRow) -> str:
    """Return a contest as a sentence: "Three units claim Claims letters"."""
    number = len(row.units)
    claim = "claim" if row.state in {ContestState.OPEN, ContestState.APPEALED} else "claimed"
    return f"{words.sentence(words.number(number))} unit{'' if number == 1 else 's'} {claim} {row.title}"


@requires(READ)
def contest(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    found = selectors.contest(contest_id, standing=standing(request), at=now())
    return render(request, "contests/page.html", {"page": _page(request, found)})


def _page(request: HttpRequest, found: ContestPage) -> dict[str, Any]:
    row = found.row
    waits = row.state in {ContestState.OPEN, ContestState.APPEALED}
    records = record_cards(request, [side.unit_id for side in found.sides])
    return {
        "id": row.id,
        "trail": [HOME, Crumb(row.title)],
        "title": sentence_of(row),
        "said": words.state(ContestState, row.state),
        "interim": row.interim,
        "arbiter": row.arbiter,
        "waits": waits,
        "is_appeal": row.level > 1,
        "due_at": row.due_at,
        "opened_at": row.opened_at,
        "may_rule": bool(found.may_rule),
        "owned_url": reverse("initiative", args=[row.code]) if row.kind == "initiative" else reverse("capabilities"),
        "owned_title": row.title,
        "sides": [_side(found, side) | {"record": records.get(side.unit_id)} for side in found.sides],
        "rulings": [_ruling(ruling) for ruling in reversed(found.rulings)],
        "appeal": found.appeal,
        "appeal_until": found.appeal_until,
        "comments": found.comments,
        "may_comment": found.may_comment,
        "happened": _happened(found),
    }


def _side(found: ContestPage, side: Any) -> dict[str, Any]:
    level = found.row.level
    now_said = next((each for each in side.statements if each.level == level), None)
    return {
        "unit_id": side.unit_id,
        "unit": side.unit,
        "is_interim": side.is_interim,
        "basis": words.word(Basis, side.basis) if side.basis else "",
        "evidence": side.evidence,
        "new_evidence": side.new_evidence,
        "vouched_by": side.vouched_by,
        "made_at": side.made_at,
        "statements": side.statements,
        "may_speak": side.may_speak,
        "text": now_said.text if now_said else "",
        "revision": now_said.revision if now_said else 0,
        "withdraw_id": side.claim_id if side.may_withdraw else None,
        "may_appeal": bool(side.may_appeal),
    }


def _ruling(ruling: Any) -> dict[str, Any]:
    if ruling.replaced_at:
        effect = "It never took effect: the second ruling replaced it."
    elif ruling.applied_at:
        effect = ""
    else:
        effect = "takes effect"
    return {
        "title": "The ruling on the appeal" if ruling.level > 1 else "The ruling",
        "text": ruling.text,
        "reasons": ruling.reasons,
        "by": ruling.ruled_by or "The date passed; nobody ruled",
        "at": ruling.ruled_at,
        "waits": effect == "takes effect",
        "effective": ruling.effective_date,
        "effect": "" if effect == "takes effect" else effect,
        "review": ruling.review_date,
    }


def _happened(found: ContestPage) -> list[dict[str, Any]]:
    """Return what happened, oldest first."""
    steps: list[tuple[Any, str]] = [
        (side.made_at, f"{side.unit} claimed it") for side in found.sides if side.made_at is not None
    ]
    steps.append((found.row.opened_at, f"The contest began; {found.row.interim} answers for it meanwhile"))
    steps += [(ruling.ruled_at, f"{ruling.ruled_by or 'Silence'} decided") for ruling in found.rulings]
    if found.appeal:
        steps.append((found.appeal.made_at, f"{found.appeal.unit} appealed"))
    steps += [(each.written_at, f"{side.unit} made its statement") for side in found.sides for each in side.statements]
    return [{"at": at, "text": text} for at, text in sorted(steps, key=lambda step: step[0])]


@requires(SPEAK)
@require_POST
def contest_state(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    selectors.contest(contest_id, standing=standing(request), at=now())
    form = StatementForm(request.POST)
    if form.is_valid():
        done = tried(
            form,
            lambda: services.write_statement(
                contest_id=contest_id, **form.cleaned_data, by=actor_of(request), at=now()
            ),
        )
        if done:
            messages.success(request, "Your statement stands beside the others.")
            return redirect("contest", contest_id)
    return _again(request, contest_id, form, "statement")


def _again(request: HttpRequest, contest_id: UUID, form: forms.Form, what: str) -> HttpResponse:
    """Show the page again with what was typed and why it was not taken."""
    found = selectors.contest(contest_id, standing=standing(request), at=now())
    faults = [fault for faults in form.errors.values() for fault in faults]
    context = {"page": _page(request, found), "refused": what, "faults": faults, "given": form.data}
    return render(request, "contests/page.html", context, status=422)


@requires(SPEAK)
@require_POST
def contest_withdraw(request: HttpRequest, contest_id: UUID, claim_id: UUID) -> HttpResponse:
    services.withdraw_claim(claim_id=claim_id, by=actor_of(request), at=now())
    messages.success(request, "The claim is withdrawn.")
    return redirect("contest", contest_id)


@requires(COMMENT)
@require_POST
def contest_comment(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    selectors.contest(contest_id, standing=standing(request), at=now())
    text = request.POST.get("text", "")
    services.comment_contest(contest_id=contest_id, text=text, by=actor_of(request), at=now())
    messages.success(request, "All sides see your comment.")
    return redirect("contest", contest_id)


@requires(SPEAK)
@require_POST
def contest_appeal(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    selectors.contest(contest_id, standing=standing(request), at=now())
    form = AppealForm(request.POST)
    if form.is_valid():
        said, by = form.cleaned_data, actor_of(request)
        if tried(form, lambda: services.appeal_ruling(contest_id=contest_id, **said, by=by, at=now())):
            messages.success(request, "Appealed. Somebody above the first arbiter rules; that ruling is final.")
            return redirect("contest", contest_id)
    return _again(request, contest_id, form, "appeal")


@requires(RULE)
def contest_rule(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    """Show the arbiter's form; then what would change; then, when they say so, change it."""
    found = selectors.contest(contest_id, standing=standing(request), at=now())
    require(found.may_rule)
    form = _ruling_form(request, found)
    previewed = None
    if request.method == "POST" and form.is_valid():
        plan = tried(form, form.plan)
        if plan is not None:
            if request.POST.get("then") == "rule" and request.POST.get("previewed") == _print_of(form, plan):
                return _rule(request, found, form, plan)
            previewed = _preview(request, found, form, plan)
    context = {"page": _page(request, found), "form": form, "preview": previewed}
    return render(request, "contests/rule.html", context, status=422 if form.errors else 200)


def _ruling_form(request: HttpRequest, found: ContestPage) -> RulingForm:
    is_capability = found.row.kind == "capability"
    grants = [] if is_capability else grants_of(found.owned_id, at=now())
    datasets = {grant.dataset_ref: grant.dataset for grant in grants if not grant.sandbox}
    others = selectors.initiatives(standing=standing(request), sort="title", size=MOST_TARGETS).rows
    return RulingForm(
        request.POST or None,
        sides=[(str(side.unit_id), side.unit) for side in found.sides],
        units=[(str(unit.id), unit.name) for unit in units_tree()],
        targets=[(str(row.id), f"{row.title} ({row.unit})") for row in others if row.id != found.owned_id],
        datasets=sorted(datasets.items(), key=lambda each: each[1]),
        of_capability=is_capability,
        calendar=ZoneInfo(found.zone),
    )


def _print_of(form: RulingForm, plan: Plan) -> str:
    """Return a digest of what was previewed, so that nothing else can be ruled by pressing the button."""
    said = form.cleaned_data
    dates = {"effective": said["effective"].isoformat(), "review": said["review"].isoformat()}
    return digest({**plan.to_json(), **dates, "reasons": said["reasons"]})


def _preview(request: HttpRequest, found: ContestPage, form: RulingForm, plan: Plan) -> dict[str, Any] | None:
    if tried(form, lambda: services.preview_ruling(**_said(request, found, form, plan)) or True) is None:
        return None
    lines = selectors.in_sentences(plan)
    return {"lines": lines, "effective": form.cleaned_data["effective"], "print": _print_of(form, plan)}


def _said(request: HttpRequest, found: ContestPage, form: RulingForm, plan: Plan) -> dict[str, Any]:
    given = {name: form.cleaned_data[name] for name in ("reasons", "effective", "review")}
    return {"contest_id": found.row.id, "plan": plan, **given, "by": actor_of(request), "at": now()}


def _rule(request: HttpRequest, found: ContestPage, form: RulingForm, plan: Plan) -> HttpResponse:
    if tried(form, lambda: services.rule_on_contest(**_said(request, found, form, plan))) is None:
        return render(
            request, "contests/rule.html", {"page": _page(request, found), "form": form, "preview": None}, status=422
        )
    messages.success(request, "Ruled. Everybody concerned was told.")
    return redirect("contest", found.row.id)


def rule_count(request: HttpRequest) -> int:
    return selectors.to_rule_count(reader(request).pk)


def undecided_count(request: HttpRequest) -> int:
    return selectors.undecided_count(standing(request))
