"""Pages of exchanges: what left, what was changed, why, and what can be done about a refusal."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.core.errors import NotFound
from governance.destinations.rules import ReplyCheck
from governance.detection.ways import Way
from governance.gateway import selectors, services
from governance.gateway.confirming import ConfirmationState
from governance.gateway.rules import POSSIBLY_SENT, ExchangeState, NextStep, Provenance
from governance.gateway.selectors import ExchangePage, ExchangeRow
from governance.gateway.selectors.comparisons import comparison_of
from governance.gateway.selectors.confirmations import confirmation_of
from governance.initiatives.selectors import initiative_named
from governance.scanning import services as scanning
from governance.scanning.selectors import FindingRow, RulesetRow, ruleset_of
from governance.web.frame import words
from governance.web.frame.access import actor_of, holds, requires, standing
from governance.web.frame.forms import LongText, days_of, form_page, tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.kept import put_back
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.sayings import Said
from governance.web.frame.shapes import Crumb
from governance.web.watching import confirmations, ruleset_words

READ, JUSTIFY, REPORT = "gateway:exchange:read", "gateway:exchange:justify", "scanning:mistake:report"
CLIENT_LEFT = "client_left"
HOME = Crumb("What left", "/exchanges/")
VERDICTS = {
    "allow": Said("Sent as it was", "good"),
    "redact": Said("Parts replaced", "accent"),
    "justify": Said("Needs a reason", "wait"),
    "hold": Said("Held", "wait"),
    "block": Said("Refused", "bad"),
    "unavailable": Said("Could not be checked", "bad"),
}
ACTIONS = VERDICTS | {
    "redact": Said("Replaced", "accent"),
    "allow": Said("Left as it was", "good"),
    "": Said("Counted", "quiet"),
}
OBSERVED = {
    "redact": Said("Sent; parts would be replaced", "wait"),
    "justify": Said("Sent; would need a reason", "wait"),
    "hold": Said("Sent; would be held", "wait"),
    "block": Said("Sent; would be refused", "wait"),
}
WOULD = {
    "redact": Said("Would be replaced", "wait"),
    "justify": Said("Would need a reason", "wait"),
    "hold": Said("Would be held", "wait"),
    "block": Said("Would be refused", "wait"),
}
ANSWERS = {
    "allow": Said("Passed on as it was", "good"),
    "redact": Said("Parts taken out", "accent"),
    "block": Said("Stopped", "bad"),
    "unavailable": Said("Could not be checked", "bad"),
}
WATCHED = ANSWERS | {
    "redact": Said("Passed on; parts would be taken out", "wait"),
    "block": Said("Passed on; would be stopped", "wait"),
}
TAKEN_OUT = ACTIONS | {"redact": Said("Taken out", "accent"), "block": Said("Stopped the answer", "bad")}
ANSWER_WAITS, NOT_PASSED_ON = Said("Sent; its answer waits", "wait"), Said("Not passed on yet", "wait")
NOTHING_TO_FILL_IN = {
    NextStep.WAIT: ("Wait for two people", "Security looks at it and releases or discards it."),
    NextStep.SEND_AGAIN: (
        "Send it again",
        "Two people released it: exactly the same request passes once within a day of that.",
    ),
    NextStep.TRY_AGAIN: ("Try again", "It could not be checked, so it was not sent. In a minute it may be."),
}
SPEC = ListSpec(
    sorts={"at": "When"},
    default_sort="-at",
    filters=(
        Filter("verdict", "What was decided", [(verdict, said.text) for verdict, said in VERDICTS.items()]),
        Filter("state", "What came of it", [*words.choices(ExchangeState)[1:], (POSSIBLY_SENT, "Possibly sent")]),
        Filter("initiative", "Initiative", hint="its code", names="initiatives"),
        Filter("destination", "Sent to", hint="its name in addresses", names="destinations"),
        Filter("dataset", "Data", hint="its name in addresses", names="datasets"),
        Filter("since", "From", kind="date"),
        Filter("until", "To", kind="date"),
    ),
    noun="call",
)


class ReasonForm(forms.Form):
    reason = LongText(label="Why must exactly this be sent?", help_text="Somebody in security reads it afterwards.")


class MistakeForm(forms.Form):
    comment = LongText(label="What is it really?", help_text="Describe it; do not paste it.")


@requires(READ)
def exchanges(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    since, until = days_of(state)
    found = selectors.exchanges(
        standing=standing(request),
        at=now(),
        initiative=initiative_id(state.value("initiative")),
        verdict=state.value("verdict") or None,
        state=state.value("state") or None,
        destination=state.value("destination"),
        dataset=state.value("dataset"),
        since=since,
        until=until,
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [row_of(row) for row in found.rows], found.total, found.more)
    return page_or_part(request, "exchanges/list.html", "rows", {"page": page})


def initiative_id(code: str) -> UUID | None:
    """Return the id of the initiative called `code`; an unknown one matches nothing, as a search does."""
    if not code:
        return None
    try:
        return initiative_named(code).pk
    except NotFound:
        return UUID(int=0)


def row_of(row: ExchangeRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.at,
        "initiative": row.initiative_title or "a key of no initiative",
        "destination": row.destination or row.model or "nowhere",
        "happened": happened(row),
        "found": _found(row),
        "asked_by": _asked_by(row),
    }


def _asked_by(row: ExchangeRow) -> str:
    """Return who asked: whoever a token proved before whom the application only says."""
    told = f"{row.end_user} (not verified)" if row.end_user else ""
    return " as ".join(filter(None, [row.verified_user, told])) or "a\u00a0program"


def _found(row: ExchangeRow) -> str:
    """Return what was found; of a call that was not read, that nothing is known."""
    unread = row.verdict == "unavailable" or (row.state == ExchangeState.REFUSED and not row.counts)
    return "not read" if unread else words.counted(row.counts)


def happened(row: ExchangeRow) -> Said:
    """Return what became of a call in a word or three."""
    if row.state == POSSIBLY_SENT:
        return Said("Possibly sent", "wait")
    if row.state == ExchangeState.REFUSED:
        return Said("Could not be checked" if row.verdict == "unavailable" else "Refused", "bad")
    if row.state == ExchangeState.COMPLETED and row.would_be not in {"", row.verdict}:
        return OBSERVED.get(row.would_be, OBSERVED["block"])
    if row.state == ExchangeState.COMPLETED and row.verdict == "redact":
        return Said("Sent, parts replaced", "accent")
    return words.state(ExchangeState, row.state)


@requires(READ)
def exchange(request: HttpRequest, exchange_id: UUID) -> HttpResponse:
    found = selectors.exchange(exchange_id, standing=standing(request), at=now())
    page = _page(found, ReasonForm()) | {"sees_rulesets": holds(request, "scanning:ruleset:read")}
    asked = confirmation_of(exchange_id, standing=standing(request), at=now())
    if asked:
        page["confirmation"] = confirmations.shown(asked, exchange_id, kept=put_back(request))
        page["title"] = confirmations.title(asked) or page["title"]
        if asked.state == ConfirmationState.WAITING:
            page["happened"] = ANSWER_WAITS
            if page.get("answer"):
                page["answer"]["said"] = NOT_PASSED_ON
    return render(request, "exchanges/page.html", {"page": page})


def _page(found: ExchangePage, form: ReasonForm) -> dict[str, Any]:
    row, decided_by = found.row, ruleset_of(found.ruleset)
    return row_of(row) | {
        "trail": [HOME, Crumb("One call")],
        "title": _sentence(found),
        "about": _about(found),
        "run": (reverse("run", args=[found.run_id]), found.run_name) if found.run_id else None,
        "observation": reverse("observation", args=[found.observation]) if _relaxed(found) else "",
        "steps": [_step(step, found, form) for step in found.steps],
        "findings": [_finding(finding, found, ACTIONS, decided_by) for finding in found.findings],
        "answer": _answer(found, decided_by) if found.answer.check else None,
        "nothing": "Nothing is known: it was not read" if _found(row) == "not read" else "Nothing was found",
        "justifications": found.justifications,
        "facts": _facts(found),
    }


def _about(found: ExchangePage) -> str:
    row, release = found.row, found.release
    if row.state == ExchangeState.REFUSED:
        return "Nothing of it left."
    if row.state == ExchangeState.DISCARDED:
        return "Nothing of it left, and its sealed copy is gone. Sent anew, it waits for two people again."
    if release is not None and release.used_at is not None:
        return "Two people released it, and exactly the same was sent once since."
    if release is not None and not found.steps:
        return "Two people released it, and nobody sent it within a day. Sent anew, it waits for two people again."
    return "Most rules were only observed: what they would have done is written down." if _relaxed(found) else ""


def _relaxed(found: ExchangePage) -> bool:
    """Say whether the call, or its answer, passed as it did because most rules were only observed."""
    row, answer = found.row, found.answer
    passed = row.state not in {ExchangeState.REFUSED, ExchangeState.HELD}
    return passed and (row.would_be not in {"", row.verdict} or answer.would_be not in {"", answer.verdict})


def _sentence(found: ExchangePage) -> str:
    row = found.row
    sentence = _why(found).rstrip(".")
    if row.state in {ExchangeState.REFUSED, ExchangeState.HELD}:
        return f"{happened(row).text}: {sentence or row.error_code.replace('_', ' ')}"
    if row.state == ExchangeState.FAILED and row.error_code == CLIENT_LEFT:
        return "Failed: its program went away before it had the answer"
    if row.error_code.startswith("reply_"):
        reasons = [reason["sentence"] for reason in found.answer.reasons if reason["action"] not in {"allow", "redact"}]
        return (
            f"Answer withheld: {(reasons or [row.error_code.removeprefix('reply_')])[0].rstrip('.').replace('_', ' ')}"
        )
    if row.verdict == "redact":
        return f"Sent, with {words.counted(_replaced(found) or row.counts)} replaced"
    if row.would_be not in {"", row.verdict}:
        return f"{happened(row).text}: {_would(found)}"
    return happened(row).text


def _replaced(found: ExchangePage) -> dict[str, int]:
    """Return how many of each type were replaced: what else was found left as it was."""
    return Counter(finding.type for finding in found.findings if finding.action == "redact")


def _would(found: ExchangePage) -> str:
    """Return the sentence of the strictest rule that was only observed."""
    noted = [reason for reason in found.reasons if reason.get("would_be") == found.row.would_be]
    return next((reason["sentence"] for reason in noted), "most rules are only observed").rstrip(".")


def _why(found: ExchangePage) -> str:
    """Return the sentence of the reason that stopped it: one that only asked for a replacement stopped nothing."""
    stopping = [reason for reason in found.reasons if reason["action"] not in {"allow", "redact", ""}]
    return next((reason["sentence"] for reason in stopping), "")


def _step(step: NextStep, found: ExchangePage, form: ReasonForm) -> dict[str, Any]:
    row = found.row
    first = {"first": found.steps[0] is step}
    match step:
        case NextStep.JUSTIFY:
            about = "Send exactly the same again within fifteen minutes of your reason: it passes once."
            told = {"title": "Give a reason", "about": about, "action": "Give the reason"}
            if not found.may_justify:
                return first | told | {"about": "A builder of the initiative can give a reason for it."}
            return first | told | {"form": form, "post_to": reverse("exchange_justify", args=[row.id])}
        case NextStep.ASK_GRANT:
            about = "What is in force stays so. The request is filled in as far as it is known."
            told = {"title": "Ask for the right to send this", "about": about, "action": "Ask for it"}
            return first | told | {"post_to": reverse("request_more", args=[row.initiative])}
        case NextStep.REPORT_MISTAKE:
            url = reverse("mistake_report", args=[row.id, found.findings[0].id])
            about = "If what was found is harmless, say so. An analyst answers within three days."
            return first | {"title": "Is it a mistake?", "about": about, "url": url, "action": "Report a mistake"}
        case NextStep.WAIT | NextStep.SEND_AGAIN | NextStep.TRY_AGAIN:
            return first | {"title": NOTHING_TO_FILL_IN[step][0], "about": NOTHING_TO_FILL_IN[step][1]}


def _answer(found: ExchangePage, decided_by: RulesetRow | None) -> dict[str, Any]:
    answer = found.answer
    watched = answer.check == ReplyCheck.WATCH
    observed = answer.would_be not in {"", answer.verdict}
    # Stricter actions than stopping mean the same for what comes back.
    meant = WATCHED if watched or observed else ANSWERS
    said = meant.get(answer.would_be if observed else answer.verdict, meant["block"])
    unread = answer.verdict == "unavailable"
    return {
        "said": said,
        "about": f"Answers of this destination are {words.word(ReplyCheck, answer.check)}. The text is never kept.",
        "findings": [_finding(finding, found, TAKEN_OUT, decided_by) for finding in answer.findings],
        "nothing": "Nothing is known: it was not read" if unread else "Nothing was found",
    }


def _finding(
    finding: FindingRow, found: ExchangePage, actions: Mapping[str, Said], decided_by: RulesetRow | None
) -> dict[str, Any]:
    done = ruleset_words.WAYS[Way(finding.way)] if finding.way else actions.get(finding.action, actions[""])
    said = WOULD.get(finding.would_be, done)
    kind = f"{finding.type}:{finding.subtype}" if finding.subtype else finding.type
    return {
        "kind": words.sentence(words.finding(kind)),
        "place": f"{finding.place or 'the text'}, characters {finding.start} to {finding.end}",
        "said": said,
        "why": finding.sentence,
        "exactly": ruleset_words.why(finding, decided_by.body if decided_by else {}),
        "ruleset": decided_by.version if decided_by else 0,
        "report_url": reverse("mistake_report", args=[found.row.id, finding.id]),
    }


def _beside(row: ExchangeRow) -> list[tuple[str, str]]:
    """Return what a version of the ruleset in shadow would have made of it, when one decided it too."""
    beside = comparison_of(row.id)
    if beside is None:
        return []
    digest, effect, verdict = beside
    by, said = ruleset_of(digest), ruleset_words.EFFECTS[effect].text
    return [(f"By version {by.version} in shadow" if by else "In shadow", f"{said} ({VERDICTS[verdict].text.lower()})")]


def _facts(found: ExchangePage) -> list[tuple[str, str]]:
    row = found.row
    tokens = "not known" if row.tokens_in is None else f"{row.tokens_in:,} sent, {row.tokens_out or 0:,} answered"
    return [
        ("Model", row.model or "not named"),
        ("Data", words.joined(found.datasets, "not named")),
        *([("Rules", "most of them only observed")] if found.observation else []),
        *([("Allowed by", "an override of two people, before it was approved")] if found.by_override else []),
        ("How the data is known", words.word(Provenance, found.provenance)),
        ("Asked by", row_of(row)["asked_by"]),
        ("Size", f"{words.sized(found.bytes_in)} in, {words.sized(found.bytes_out)} out"),
        ("Tokens", tokens),
        ("Cost", f"€ {words.euros(row.cost)}" if row.cost is not None else "not known"),
        ("Streamed", words.yes(row.stream)),
        *([("Code", row.error_code)] if row.error_code else []),
        *_beside(row),
    ]


@require_POST
@requires(JUSTIFY, step_up=True)
def exchange_justify(request: HttpRequest, exchange_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        by = actor_of(request)
        if tried(form, lambda: services.justify(exchange_id=exchange_id, reason=reason, by=by, at=now())):
            messages.success(request, "Send exactly the same again within fifteen minutes: it passes once.")
            return redirect("exchange", exchange_id)
    found = selectors.exchange(exchange_id, standing=standing(request), at=now())
    return render(request, "exchanges/page.html", {"page": _page(found, form)}, status=422)


@requires(REPORT)
def mistake_report(request: HttpRequest, exchange_id: UUID, finding_id: UUID) -> HttpResponse:
    found = selectors.exchange(exchange_id, standing=standing(request), at=now())
    everything = [*found.findings, *found.answer.findings]
    finding = next((each for each in everything if each.id == finding_id), None)
    if finding is None:
        raise NotFound("no_such_finding", "There is no such finding.")
    form = MistakeForm(request.POST or None)
    if form.is_valid():
        comment, by = form.cleaned_data["comment"], actor_of(request)
        report = tried(form, lambda: scanning.report_mistake(finding_id=finding_id, comment=comment, by=by, at=now()))
        if report:
            messages.success(request, "Reported. An analyst answers within three days.")
            return redirect("exchange", exchange_id)
    here = reverse("exchange", args=[exchange_id])
    trail = [HOME, Crumb("One call", here), Crumb("Report a mistake")]
    about = f"Found: {words.finding(finding.type)}. Until an analyst has answered, the same is treated the same way."
    return form_page(request, form, title="Report a mistake", about=about, trail=trail, action="Report it", back=here)
