"""Connect: what a builder pastes, what would become of a call, and the calls of the initiative as they come."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from governance.client import doctor
from governance.core import strict_json
from governance.core.canonical import digest
from governance.core.clock import now
from governance.core.errors import Invalid
from governance.gateway.first_call import FIRST_CALLS
from governance.gateway.later_snippets import batch_lines, file_lines, tuning_lines
from governance.gateway.selectors import newest_of
from governance.gateway.selectors.connection import Connection, built, connection
from governance.gateway.snippets import Language, Snippet, export_line, report_lines, snippet
from governance.web.building.gateway_client import CHECK, Reply, ask
from governance.web.building.trying import LONGEST, OK_ENDS, TRY, ReachForm, checked_as, passing_key, refused_as
from governance.web.frame import words
from governance.web.frame.access import requires, signed_in, standing
from governance.web.frame.htmx import page_or_part, wants_part
from governance.web.frame.shapes import Crumb, Segment
from governance.web.watching.exchanges import ACTIONS
from governance.web.watching.exchanges import row_of as call_row

LANGUAGES = (
    (Language.PYTHON, "Python"),
    (Language.JAVASCRIPT, "JavaScript"),
    (Language.CURL, "curl"),
    (Language.ENVIRONMENT, "No change: the environment"),
)
MANNERS = (("whole", "At once"), ("streamed", "Piece by piece"))
YOUR_KEY = "YOUR KEY"
SHOWN = 20
EVERY_S = 3
# A page that asks by itself keeps its reader signed in, so it asks for a while only.
WATCHED = timedelta(minutes=10)
READINGS = {
    "raw": "as it stands",
    "folded": "with look-alike letters made plain",
    "decoded": "decoded",
    "respelt": "put together from pieces",
    "joined": "across two neighbouring texts",
    "lined": "across neighbouring texts, one below another",
}


class LinesForm(ReachForm):
    """What the lines are for. It only shows what is chosen, which stands in the address."""

    model = forms.ChoiceField(label="Model")
    language = forms.ChoiceField(label="Language", choices=LANGUAGES)
    manner = forms.ChoiceField(label="The answer comes", choices=MANNERS)


class TestForm(ReachForm):
    text = forms.CharField(
        label="A prompt, or the whole body of a call as JSON",
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )

    def clean_text(self) -> str | dict[str, Any]:
        """Return the text, or the body that it spells out."""
        typed = str(self.cleaned_data["text"])
        if not typed.lstrip().startswith("{"):
            return typed
        try:
            body = strict_json.loads(typed.encode())
        except Invalid as wrong:
            if wrong.code == "json_syntax":
                return typed
            raise forms.ValidationError(f"{wrong.reason} {wrong.remedy}".strip()) from wrong
        return body if isinstance(body, dict) else typed


@sensitive_post_parameters("text")
@never_cache
@requires(TRY)
def connect(request: HttpRequest, code: str) -> HttpResponse:
    at = now()
    found = connection(code, standing=standing(request), at=at)
    row, models = found.initiative.row, [(reach.name, reach.name) for reach in found.reaches]
    asked = request.POST or request.GET
    chosen = {"model": _known(asked, "model", models), "language": _known(asked, "language", LANGUAGES)}
    chosen["manner"] = _known(asked, "manner", MANNERS)
    test = TestForm(request.POST or None, models=models, initial={"model": chosen["model"]})
    context = {
        "title": row.title,
        "code": row.code,
        "trail": [Crumb("Initiatives", "/initiatives/"), Crumb(row.title, _page_of(row.code)), Crumb("Connect")],
        "back": _page_of(row.code),
        "keys_url": f"{reverse('key_new')}?initiative={row.id}",
        "form": LinesForm(initial=chosen, models=models),
        "lines": _lines(found, chosen) if models else None,
        "token_header": found.token_header,
        "export": export_line(YOUR_KEY),
        "report": report_lines(gateway=found.gateway),
        "doctor": f"python3 doctor.py --gateway {found.gateway}",
        "test": test,
        "outcome": _outcome(request, found, test.cleaned_data) if test.is_valid() else None,
        **_calls(request, row.id, row.code, since=at, at=at),
    }
    part = "outcome" if request.method == "POST" else "lines"
    return page_or_part(request, "initiatives/connect.html", part, context, status=422 if test.errors else 200)


def _known(asked: Mapping[str, Any], name: str, choices: Sequence[tuple[str, str]]) -> str:
    """Return what is asked for when it is one of the choices, else the first of them, "" when there is none."""
    known, wanted = [str(value) for value, _ in choices], str(asked.get(name, ""))
    return wanted if wanted in known else next(iter(known), "")


def _page_of(code: str) -> str:
    return reverse("initiative", args=[code])


def _lines(found: Connection, chosen: Mapping[str, str]) -> dict[str, Any]:
    reach, language = found.reach(chosen["model"]), Language(chosen["language"])
    streamed = chosen["manner"] == "streamed"
    told = snippet(reach.dialect, language, gateway=found.gateway, model=reach.name, stream=streamed)
    datasets = words.joined([title for _, title in reach.datasets])
    where = {"gateway": found.gateway, "model": reach.name}
    return {
        "reach": reach,
        "datasets": datasets,
        "snippet": told,
        "title": _title(language, told),
        "batch": batch_lines(reach.dialect, **where),
        "tuning": tuning_lines(reach.dialect, **where),
        "files": file_lines(reach.dialect, **where),
    }


def _title(language: Language, told: Snippet) -> str:
    match language:
        case Language.PYTHON:
            return f"Python, with the official {told.client}"
        case Language.JAVASCRIPT:
            return f"JavaScript, with the official {told.client}"
        case Language.CURL:
            return "curl"
        case Language.ENVIRONMENT:
            return "In the shell, for a program that stays as it is"


def _outcome(request: HttpRequest, found: Connection, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what would become of the call, in the interface of the chosen model."""
    name, typed = told["model"], told["text"]
    call = FIRST_CALLS[found.reach(name).dialect]
    usual = call.asked(name, "")
    if isinstance(typed, dict):
        body = {"model": name, **typed} if "model" in usual else typed
    else:
        body = call.asked(name, typed)
    with passing_key(request, found.initiative.row.id) as key:
        reply = ask(CHECK + call.address(name), body, key=key)
    return _checked(reply) if reply.status < OK_ENDS else refused_as(reply)


def _checked(reply: Reply) -> dict[str, Any]:
    told, sent = checked_as(reply), reply.body.get("sent")
    return told | {
        "texts": _texts(reply.body["segments"], told["segments"]),
        "places": [_place(each) for each in reply.body["places"]],
        "sent": json.dumps(json.loads(sent["body"]), ensure_ascii=False, indent=2) if sent else "",
        "sent_to": sent["path"] if sent else "",
    }


def _texts(pieces: Sequence[Mapping[str, str]], shown: Sequence[Segment]) -> list[dict[str, Any]]:
    """Return the texts of the call in order, each with its place and its pieces."""
    texts: dict[str, list[Segment]] = {}
    for piece, segment in zip(pieces, shown, strict=True):
        texts.setdefault(piece["place"], []).append(segment)
    return [{"place": place, "segments": segments} for place, segments in texts.items()]


def _place(found: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": words.sentence(words.finding(found["type"])),
        "place": found["place"],
        "reading": READINGS.get(found["view"], found["view"]),
        "said": ACTIONS[found["action"]],
        "why": found["sentence"],
    }


@never_cache
@requires(TRY)
def connect_calls(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the page that asks by itself: the newest calls, or nothing at all while they are the same."""
    if not wants_part(request):
        return redirect("connect", code)
    at = now()
    found = built(code, standing=standing(request)).row
    context = _calls(request, found.id, found.code, since=_moment(request.GET.get("since", ""), at), at=at)
    if context["watching"] and context["seen"] == request.GET.get("seen"):
        return HttpResponse(status=204)
    return page_or_part(request, "initiatives/connect.html", "calls", context)


def _calls(request: HttpRequest, initiative_id: UUID, code: str, *, since: datetime, at: datetime) -> dict[str, Any]:
    rows = [call_row(row) for row in newest_of(initiative_id, standing=standing(request), at=at, limit=SHOWN)]
    # The minute is in it, so that times said in words do not grow old.
    seen = digest([f"{at:%H:%M}", *[[str(row["id"]), row["happened"].text] for row in rows]])[:16]
    here = reverse("connect_calls", args=[code])
    return {
        "calls": rows,
        "seen": seen,
        "every": EVERY_S,
        "watching": timedelta() <= at - since < WATCHED,
        "calls_url": f"{here}?since={int(since.timestamp())}&seen={seen}",
        "again_url": f"{here}?since={int(at.timestamp())}",
        "all_url": f"{reverse('exchanges')}?initiative={code}",
    }


def _moment(seconds: str, at: datetime) -> datetime:
    """Return when watching began; now, for anything that is no such moment."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return at


@signed_in
def doctor_file(_request: HttpRequest) -> HttpResponse:
    """Hand out the doctor: one file that needs nothing but Python."""
    source = Path(doctor.__file__).read_bytes()
    return HttpResponse(
        source,
        content_type="text/x-python; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="doctor.py"'},
    )
