"""What the page of one training set says: the sentence first, then what can be done, then what was found."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils import timezone

from governance.approvals.rules import RequestState
from governance.core.percent import percent
from governance.core.verdict import Denied
from governance.gateway.rules import PublicationState
from governance.gateway.selectors.publications import PublicationRow
from governance.remits.evidence import ExamOutcome
from governance.remits.selectors import CheckRow
from governance.training.rules import (
    NEVER_RELEASED,
    CopyState,
    TrainingSetState,
    may_ask_release,
    may_redact,
    removable,
)
from governance.training.selectors import BrokenLine, Place, ReleaseRow, TrainingSetPage, TrainingSetRow
from governance.web.frame import words
from governance.web.frame.shapes import Crumb
from governance.web.frame.times import spoken_day

HOME = Crumb("Training sets", "/training-sets/")
SHOWN = 3  # places of each type that stand open; the others unfold
# What an empty table of findings means: only where everything was read does it mean that there is nothing.
NOTHING = ("Nothing was found", "No personal data, no key, no registered source and no marking in any line.")
NOT_KNOWN = ("Not known", "Nothing was found in what could be read. Of the rest nothing is known.")
UNDER_WAY = {TrainingSetState.RECEIVED, TrainingSetState.SCANNING}


class ReleaseForm(forms.Form):
    destination_id = forms.TypedChoiceField(
        label="Where should it go?",
        help_text="Places that the initiative may train with its data.",
        coerce=UUID,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, places: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.places = places
        place: Any = self.fields["destination_id"]
        place.choices = places


class SettleForm(forms.Form):
    arrived = forms.TypedChoiceField(
        choices=[("yes", "It is there"), ("no", "It is not there")], coerce=lambda said: said == "yes"
    )


def sent_row(row: PublicationRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "destination": row.destination,
        "said": words.state(PublicationState, row.state),
        "at": row.at,
        "exchange": row.exchange,
        "settled_by": row.settled_by,
        "settled_at": row.settled_at,
        "may_settle": row.may_settle,
    }


def possibly_sent_sentence(destination: str) -> str:
    """Return what comes first of a set whose gateway died: that it may go, as its release says, is not so now."""
    return f"It was on its way to {destination}, and nobody knows whether it is there. It is not sent again until somebody has looked."


def row_of(row: TrainingSetRow) -> dict[str, Any]:
    settled = TrainingSetState(row.state) not in UNDER_WAY
    return {
        "id": row.id,
        "title": row.title,
        "initiative": row.initiative_title,
        "said": words.state(TrainingSetState, row.state),
        "found": f"{row.findings:,}" if settled else "not known yet",
        "records": f"{row.records:,}" if settled else "not known yet",
        "size": words.sized(row.bytes),
        "by": row.uploaded_by,
        "at": row.uploaded_at,
    }


def set_page(
    found: TrainingSetPage, form: ReleaseForm, *, may_upload: bool, may_ask: bool, sees_proof: bool
) -> dict[str, Any]:
    """Return what the page shows. `sees_proof`: the reader proves or decides, and so is shown what identifies the bytes."""
    row = found.row
    return row_of(row) | {
        "trail": [HOME, Crumb(row.title)],
        "sentence": _sentence(found),
        "steps": _steps(found, form, may_upload=may_upload, may_ask=may_ask),
        "finished": TrainingSetState(row.state) not in UNDER_WAY,
        "findings": _findings(found),
        "nothing": NOT_KNOWN if row.state == TrainingSetState.UNSCANNABLE else NOTHING,
        "broken": [_broken(line) for line in found.broken],
        "broken_about": f"{words.lines(found.broken_lines)} could not be read.",
        "copies": [row_of(copy) for copy in found.children],
        "releases": [_release(release) for release in found.releases],
        "facts": _facts(found),
        "exams": [_exam(check) for check in found.exams],
        "parent": row_of(found.parent) if found.parent else None,
        "proof": _proof(found) if sees_proof else [],
    }


def live_of(found: TrainingSetPage) -> dict[str, Any] | None:
    """Return how far what is under way has come; None when nothing is.

    `seen` changes with every tenth of the way: more often would only disturb those who listen.
    """
    progress = found.progress
    if TrainingSetState(found.row.state) in UNDER_WAY:
        note = f"{progress.scanned:,} of {progress.chunks:,} parts" if progress.chunks else "waits for its turn"
        tenth = progress.percent // 10 if progress.chunks else "waits"
        return {
            "label": "Scan",
            "note": note,
            "done": progress.scanned,
            "whole": progress.chunks,
            "seen": f"scan-{tenth}",
        }
    if found.copy is CopyState.BEING_MADE:
        return {"label": "Redacted copy", "note": "being made", "done": 0, "whole": 0, "seen": "copy"}
    return None


def _sentence(found: TrainingSetPage) -> str:
    row = found.row
    match TrainingSetState(row.state):
        case TrainingSetState.RECEIVED:
            said = "It has arrived whole and waits to be scanned. Until that is done it may not leave."
        case TrainingSetState.SCANNING:
            said = "It is being scanned, line by line. Until that is done it may not leave."
        case TrainingSetState.CLEAN:
            said = (
                f"Nothing was found in its {words.records(row.records)}. It may leave once people have approved that."
            )
        case TrainingSetState.FINDINGS:
            said = _found_sentence(found)
        case TrainingSetState.UNSCANNABLE:
            why = words.lines(found.broken_lines) if found.broken_lines else "part of it"
            said = f"It may not leave: {why} could not be checked."
        case TrainingSetState.IN_REVIEW:
            said = f"People are deciding whether it may go to {_last_place(found)}. Until then it may not leave."
        case TrainingSetState.RELEASABLE:
            said = f"It may go to {_last_place(found)}{_until(found)}: exactly as it is, to nowhere else."
            if isinstance(found.kept_to, Denied):
                said = f"It was to go to {_last_place(found)} and may not any more. {found.kept_to.reason}"
        case TrainingSetState.RELEASED:
            said = f"It went to {_last_place(found)}."
    return said


def _found_sentence(found: TrainingSetPage) -> str:
    what = words.counted(found.counts)
    if NEVER_RELEASED & found.counts.keys():
        return f"It may not leave as it is. Found in it: {what}."
    return (
        f"Found in it: {what}. It leaves only once people have approved that; a redacted copy is approved more easily."
    )


def _last_place(found: TrainingSetPage) -> str:
    return found.releases[0].destination if found.releases else "a destination"


def _until(found: TrainingSetPage) -> str:
    ends = found.releases[0].permit_expires_at if found.releases else None
    return f" until {spoken_day(timezone.localtime(ends).date())}" if ends else ""


def _steps(found: TrainingSetPage, form: ReleaseForm, *, may_upload: bool, may_ask: bool) -> list[dict[str, Any]]:
    """Return what can be done now, the best first."""
    if TrainingSetState(found.row.state) in UNDER_WAY:
        return []
    steps = [_copy_step(found, may_upload=may_upload), _release_step(found, form, may_ask=may_ask)]
    if not found.counts or TrainingSetState(found.row.state) is TrainingSetState.IN_REVIEW:
        steps.reverse()
    shown = [step for step in steps if step]
    return [step | {"first": step is shown[0]} for step in shown]


def _copy_step(found: TrainingSetPage, *, may_upload: bool) -> dict[str, Any]:
    title = "Make a redacted copy"
    match found.copy:
        case CopyState.BEING_MADE:
            return {"title": title, "about": "It is being made. You can leave this page; it goes on."}
        case CopyState.FAILED:
            return {"title": title, "about": "It could not be made. The set is as it was; tell those who run Remit."}
        case CopyState.MADE:
            return {}
    verdict = may_redact(TrainingSetState(found.row.state), found.counts)
    if isinstance(verdict, Denied):
        return (
            {"title": title, "about": f"{verdict.reason} {verdict.remedy}"} if verdict.code == "only_language" else {}
        )
    about = "Every name, number and key that was found is replaced, in the way the ruleset says. The copy is a set of its own and is scanned again."
    if len(removable(found.counts)) < len(found.counts):
        about += " It stays in the languages it is in: a copy cannot take that out, and those who decide see it."
    if not may_upload:
        return {"title": title, "about": f"{about} The unit that answers for the initiative can make one."}
    post_to = reverse("training_copy", args=[found.row.id])
    return {"title": title, "about": about, "post_to": post_to, "action": "Make the copy"}


def _release_step(found: TrainingSetPage, form: ReleaseForm, *, may_ask: bool) -> dict[str, Any]:
    state = TrainingSetState(found.row.state)
    verdict = may_ask_release(state, found.counts, granted=bool(form.places), kept_to=found.kept_to)
    if isinstance(verdict, Denied):
        told = {"title": "Why it may not leave", "about": f"{verdict.reason} {verdict.remedy}"}
        if verdict.code != "no_grant":
            return told
        return told | {"url": reverse("initiative", args=[found.row.initiative_code]), "action": "See the initiative"}
    title = "Ask for release"
    if not may_ask:
        return {"title": title, "about": "The unit that answers for the initiative can ask for it."}
    about = "People decide about exactly this file and exactly one place. It stays here until they have."
    post_to = reverse("training_release", args=[found.row.id])
    return {"title": title, "about": about, "form": form, "post_to": post_to, "action": "Ask for release"}


def _findings(found: TrainingSetPage) -> list[dict[str, Any]]:
    places: dict[str, list[Place]] = defaultdict(list)
    for place in found.places:
        places[place.type].append(place)
    ordered = sorted(found.counts.items(), key=lambda item: (item[0] not in NEVER_RELEASED, -item[1], item[0]))
    return [_finding(kind, number, places[kind]) for kind, number in ordered]


def _finding(kind: str, number: int, places: list[Place]) -> dict[str, Any]:
    said = [f"line {place.line:,}, {place.path}, characters {place.start} to {place.end}" for place in places]
    unlisted = number - len(said)
    return {
        "kind": words.sentence(words.finding(kind)),
        "never": kind in NEVER_RELEASED,
        "number": number,
        "first": said[:SHOWN],
        "others": said[SHOWN:],
        "others_said": f"{len(said[SHOWN:])} more places",
        "unlisted": f"{unlisted:,} more, not listed" if unlisted > 0 else "",
    }


def _exam(check: CheckRow) -> dict[str, Any]:
    seen = f"{check.items_seen:,} of {check.items:,}" if check.outcome is ExamOutcome.CONTAMINATED else "none"
    return {
        "title": check.exam_title,
        "ref": check.exam_ref,
        "said": words.state(ExamOutcome, check.outcome),
        "seen": "not known" if check.outcome is ExamOutcome.COULD_NOT_CHECK else seen,
        "coverage": percent(check.coverage, places=1),
    }


def _broken(line: BrokenLine) -> dict[str, Any]:
    return {"line": line.line, "reason": line.reason}


def _release(release: ReleaseRow) -> dict[str, Any]:
    return {
        "destination": release.destination,
        "said": words.state(RequestState, release.request_state) if release.request_state else None,
        "url": reverse("request", args=[release.request_id]) if release.request_id else "",
        "asked_at": release.asked_at,
        "until": release.permit_expires_at,
    }


def _facts(found: TrainingSetPage) -> list[tuple[str, str]]:
    row, shown = found.row, row_of(found.row)
    broken = [("Lines that could not be read", f"{found.broken_lines:,}")] if found.broken_lines else []
    return [
        ("Initiative", row.initiative_title),
        ("Size", shown["size"]),
        ("Records", shown["records"]),
        *broken,
        ("Uploaded by", row.uploaded_by),
    ]


def _proof(found: TrainingSetPage) -> list[tuple[str, str]]:
    return [("Fingerprint of the bytes", found.row.digest), ("Scanned with ruleset", found.ruleset_digest or "not yet")]
