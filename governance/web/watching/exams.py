"""Pages of evaluation sets: what is watched for, which training sets and calls have seen it, what initiatives are measured by."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from governance.catalogue import selectors, services
from governance.catalogue.rules import LONGEST_TITLE, ExamState, Secrecy
from governance.catalogue.selectors import ExamPage, ExamRow, exam_named
from governance.core.clock import now
from governance.core.errors import Conflict, NotFound
from governance.core.percent import percent
from governance.gateway.selectors.exposures import ExposureRow, exposed, exposures
from governance.initiatives.selectors import initiative
from governance.organisation.permissions import may
from governance.organisation.selectors import authorize, unit, units_tree
from governance.remits import services as remits
from governance.remits.evidence import ExamEvidence, ExamOutcome
from governance.remits.selectors import CheckRow, MeasuredBy, checks_of_exam, evidence_of, exams_of, exams_seen
from governance.training.tickets import ticket_for
from governance.web.frame import words
from governance.web.frame.access import actor_of, holds, reader, requires, standing
from governance.web.frame.forms import form_page, tried
from governance.web.frame.htmx import go, page_or_part, wants_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.sayings import Said
from governance.web.frame.shapes import Crumb
from governance.web.owning.initiatives import HOME as INITIATIVES
from governance.web.watching.exchanges import row_of as exchange_row

READ, EDIT = "catalogue:exam:read", "catalogue:exam:edit"
NAME, CALLS, SETS = "remits:remit:draft", "gateway:exchange:read", "training:set:read"
PROOF = ("approvals:request:decide", "audit:event:read_own_unit")
HOME = Crumb("Evaluation sets", "/evaluation-sets/")
SHOWN = 50  # rows of each table on the page of one exam
SPEC = ListSpec(
    sorts={"title": "Evaluation set", "items": "Questions"},
    default_sort="title",
    filters=(
        Filter("q", "Search", hint="a word of the title"),
        Filter("state", "Status", words.choices(ExamState), otherwise="All but retired"),
    ),
    noun="evaluation set",
)
CHECKED = "What each holds of it. A model trained on one that has seen it knows part of the answers."
EXPOSED = "Each may have shown the exam to a model. That it happened is in the log, on the exam itself."
EVIDENCE = {
    ExamEvidence.ABSENT: "No exam is named, and no training set has been checked against one.",
    ExamEvidence.PRESENT: "An exam is named, and no training set has been checked against it.",
    ExamEvidence.CLEAN: "None of the questions it is measured by stands in a training set of it.",
    ExamEvidence.CONTAMINATED: "A training set has seen questions it is measured by: what it scores there proves little.",
    ExamEvidence.COULD_NOT_CHECK: "Whether its training sets have seen what it is measured by could not be checked wholly.",
}


class ExamForm(forms.Form):
    title = forms.CharField(label="What is it called?", max_length=LONGEST_TITLE)
    ref = forms.CharField(
        label="Its short name",
        max_length=64,
        help_text="Lower-case letters, digits and hyphens. Findings carry it, and it stays.",
    )
    secrecy = forms.ChoiceField(
        label="Who may know its questions?", choices=words.choices(Secrecy), widget=forms.RadioSelect
    )
    unit_id = forms.TypedChoiceField(label="Which unit looks after it?", coerce=UUID)

    def __init__(self, *args: Any, units: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        owner: Any = self.fields["unit_id"]
        owner.choices = units


@requires(READ)
def exams(request: HttpRequest) -> HttpResponse:
    state, held = ListState.read(request.GET, SPEC), standing(request)
    found = selectors.exams(
        standing=held,
        search=state.value("q"),
        state=state.value("state"),
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    seen = exams_seen([row.id for row in found.rows], standing=held)
    calls = exposed([row.ref for row in found.rows], standing=held) if holds(request, CALLS) else {}
    rows = [_row(row) | {"seen": _seen_by(seen.get(row.id, 0), calls.get(row.ref, 0))} for row in found.rows]
    page = ListPage(state, rows, found.total)
    new_url = reverse("exam_new") if holds(request, EDIT) else ""
    return page_or_part(request, "exams/list.html", "rows", {"page": page, "new_url": new_url})


def _row(row: ExamRow) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "title": row.title,
        "unit": row.unit,
        "items": row.items,
        "secrecy": words.word(Secrecy, row.secrecy).partition(":")[0].lower(),
        "said": words.state(ExamState, row.state),
    }


def _seen_by(sets: int, calls: int) -> str:
    said = [words.several(sets, "training set")] if sets else []
    return words.joined([*said, *([words.several(calls, "call")] if calls else [])], "nothing yet")


@requires(EDIT)
def exam_new(request: HttpRequest) -> HttpResponse:
    held = standing(request)
    units = [(str(each.id), each.name) for each in units_tree() if may(held, EDIT, each.path)]
    form = ExamForm(request.POST or None, units=units)
    if form.is_valid():
        by = actor_of(request)
        added = tried(form, lambda: services.add_exam(**form.cleaned_data, by=by, at=now()))
        if added:
            messages.success(request, "Registered. Send its questions: only fingerprints of them stay.")
            return redirect("exam", added.ref)
    return form_page(
        request,
        form,
        title="Register an evaluation set",
        about="An exam for models. Once its questions have been read, they are recognised in prompts and training sets.",
        trail=[HOME, Crumb("Register one")],
        action="Register it",
        back=HOME.url,
    )


@requires(READ)
def exam(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one exam. htmx asks for what is under way only, and is told nothing while nothing has changed."""
    found = selectors.exam(ref, standing=standing(request))
    reading = found.row.state is ExamState.READING
    if wants_part(request):
        return HttpResponse(status=204) if reading else go(request, reverse("exam", args=[ref]))
    context = {"page": _page(request, found), "live": reading}
    return page_or_part(request, "exams/page.html", "live", context)


def _page(request: HttpRequest, found: ExamPage) -> dict[str, Any]:
    row, held = found.row, standing(request)
    checks = checks_of_exam(row.id, standing=held, size=SHOWN)
    calls = exposures(row.ref, standing=held, at=now(), size=SHOWN) if holds(request, CALLS) else None
    return _row(row) | {
        "trail": [HOME, Crumb(row.title)],
        "sentence": _sentence(row),
        "sends": _sends(request, row) if found.may_send else None,
        "may_retire": bool(found.may_retire),
        "checks": [_check(check, see=holds(request, SETS)) for check in checks.rows],
        "checks_about": CHECKED + _unlisted(checks.total or 0),
        "shows_exposures": calls is not None and row.secrecy is Secrecy.SECRET,
        "exposures": [_exposure(each) for each in calls.rows] if calls else [],
        "exposures_about": EXPOSED + _unlisted(calls.total or 0 if calls else 0),
        "facts": _facts(row),
        "added_at": row.added_at,
        "read_at": row.read_at,
        "proof": row.index_digest if any(holds(request, permission) for permission in PROOF) else "",
    }


def _unlisted(total: int) -> str:
    return f" {total - SHOWN:,} more are not listed here; the REST API gives them all." if total > SHOWN else ""


def _sentence(row: ExamRow) -> str:
    match row.state:
        case ExamState.EMPTY:
            said = "It has no questions yet. Send them: only keyed fingerprints of them stay."
        case ExamState.READING:
            said = "Its questions are being read. Once they have been, only their fingerprints are left."
        case ExamState.WATCHED:
            said = f"{words.several(row.items, 'question')} of it, recognised in training sets and prompts. {_rule(row.secrecy)}"
        case ExamState.FAULTY:
            before = " The questions of before are still recognised." if row.index_digest else ""
            said = f"Its last file could not be read. {row.fault}{before}"
        case ExamState.RETIRED:
            said = "It is no longer looked for. What was seen of it stays on record."
    return said


def _rule(secrecy: Secrecy) -> str:
    if secrecy is Secrecy.PUBLIC:
        return "Anybody may have them, so a prompt that holds one passes; a training set that does is told apart."
    return "A prompt that holds one is refused where the destination keeps or trains on what it gets."


def _sends(request: HttpRequest, row: ExamRow) -> dict[str, Any]:
    """Return how its questions are sent: what is asked first while it has none, and afterwards the last thing on the page."""
    put_path = f"/api/v1/evaluation-sets/{row.ref}/items"
    title = "Send its questions again" if row.index_digest else "Send its questions"
    asked = {"title": title, "put_path": put_path, "put_url": request.build_absolute_uri(put_path)}
    return asked | {"first": not row.index_digest}


def _facts(row: ExamRow) -> list[tuple[str, str]]:
    short = [("Too short to be recognised", f"{row.too_short:,}")] if row.too_short else []
    return [
        ("Short name", row.ref),
        ("Looked after by", row.unit),
        ("Its questions", words.word(Secrecy, row.secrecy)),
        ("How many", f"{row.items:,}" if row.index_digest else "not known yet"),
        *short,
        ("Registered by", row.added_by),
    ]


def _check(check: CheckRow, *, see: bool) -> dict[str, Any]:
    said = words.state(ExamOutcome, check.outcome)
    return {
        "title": check.set_title,
        "url": reverse("training_set", args=[check.set_id]) if see else "",
        "initiative": check.initiative_title,
        "said": Said(f"{said.text}, of earlier questions", "wait") if check.is_stale else said,
        "seen": f"{check.items_seen:,} of {check.items:,}",
        "items": [_item(item) for item in check.seen],
        "coverage": percent(check.coverage, places=1),
        "told": _told(check),
        "at": check.checked_at,
    }


def _item(item: dict[str, Any]) -> str:
    return f"{item['item']}: {percent(item['coverage'])} of it, line {item['line']:,}"


def _told(check: CheckRow) -> str:
    if check.outcome is ExamOutcome.CONTAMINATED:
        return f"{words.several(check.items_seen, 'question')} seen, {percent(check.coverage, places=1)} of the exam"
    return words.state(ExamOutcome, check.outcome).text.lower()


def _exposure(row: ExposureRow) -> dict[str, Any]:
    return exchange_row(row.exchange) | {"items": row.items}


@requires(EDIT)
@require_POST
@never_cache
def exam_ticket(request: HttpRequest, ref: str) -> HttpResponse:
    """Answer the upload's script with a ticket; see web.training.training_ticket."""
    authorize(actor_of(request), EDIT, exam_named(ref).unit.path)
    person = reader(request)
    return HttpResponse(ticket_for(person.pk, person.name), content_type="text/plain")


@requires(EDIT)
@require_POST
def exam_retire(request: HttpRequest, ref: str) -> HttpResponse:
    services.retire_exam(exam_id=exam_named(ref).pk, by=actor_of(request), at=now())
    messages.success(request, "Retired. What was seen of it stays on record.")
    return redirect("exam", ref)


@requires("initiatives:initiative:read")
def initiative_exams(request: HttpRequest, code: str) -> HttpResponse:
    return _measured(request, code)


@requires(NAME)
@require_POST
def initiative_exam_name(request: HttpRequest, code: str) -> HttpResponse:
    """Name an exam that the initiative is measured by, or take that back."""
    initiative(code, standing=standing(request))
    exam_ref, by = request.POST.get("exam", ""), actor_of(request)
    try:
        if request.POST.get("act") == "unname":
            remits.unname_exam(initiative=code, exam=exam_ref, by=by, at=now())
        else:
            remits.name_exam(initiative=code, exam=exam_ref, by=by, at=now())
    except (Conflict, NotFound) as refused:
        return _measured(request, code, error=f"{refused.reason} {refused.remedy}".strip(), status=422)
    return redirect("initiative_exams", code)


def _measured(request: HttpRequest, code: str, *, error: str = "", status: int = 200) -> HttpResponse:
    found = initiative(code, standing=standing(request)).row
    evidence = evidence_of(found.id)
    page = {
        "code": code,
        "title": found.title,
        "trail": [INITIATIVES, Crumb(found.title, reverse("initiative", args=[code])), Crumb("What it is measured by")],
        "said": words.state(ExamEvidence, evidence),
        "sentence": EVIDENCE[evidence],
        "rows": [_measure(request, row) for row in exams_of(found.id)],
        "may_name": bool(may(standing(request), NAME, unit(found.unit_id).path)),
        "new_url": reverse("exam_new") if holds(request, EDIT) else "",
        "error": error,
    }
    return render(request, "exams/initiative.html", {"page": page}, status=status)


def _measure(request: HttpRequest, row: MeasuredBy) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "title": row.title,
        "url": reverse("exam", args=[row.ref]) if holds(request, READ) else "",
        "questions": words.several(row.items, "question"),
        "is_named": row.is_named,
        "said": words.state(ExamEvidence, row.evidence),
        "checks": [_check(check, see=holds(request, SETS)) for check in row.checks],
    }
