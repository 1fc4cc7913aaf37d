"""Try it: type or paste, see what would leave and why, send it through the same gateway, see the answer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.core.errors import Invalid
from governance.gateway.first_call import FIRST_CALLS, FirstCall
from governance.gateway.reviewing import AnswerOutcome
from governance.gateway.selectors.connection import Connection, connection
from governance.gateway.services.tried_answers import review_tried
from governance.organisation.services import make_key, revoke_key
from governance.web.building.gateway_client import CHECK, Reply, ask
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.htmx import page_or_part
from governance.web.frame.shapes import Crumb, Segment, Tone
from governance.web.watching.exchanges import ACTIONS

TRY = "gateway:exchange:try"
FORBIDDEN, OK_ENDS = 403, 400  # HTTP: refused; the statuses of errors begin there
KEY_LIFE = timedelta(hours=1)
LONGEST = 60_000
LOOK = "governance.look"  # what the page signs: which answer it showed, and when
REMOVED = "[removed]"
LEAVE = frozenset({"allow", "redact"})
FOR_PROGRAMS = re.compile(
    r" \[[^\]]*\]| See https?://\S+| The link [^.]*\.| A member of the initiative can give a reason at the link[^.]*\."
)
TOLD: Mapping[str, tuple[str, Tone, str]] = {
    "allow": ("This would leave as it is", "good", "Nothing in it needs care."),
    "redact": (
        "This would leave, with parts replaced",
        "good",
        "What is replaced stays with us.",
    ),
    "justify": (
        "This would need a reason",
        "wait",
        "Send it, and a builder can give the reason on the page of the refusal.",
    ),
    "hold": ("This would wait for two people", "wait", "Security looks at it before it leaves."),
    "block": (
        "This would be refused",
        "bad",
        "What is struck out never leaves, whoever asks. The rest could go out like this:",
    ),
}

# What was sent and is not refused for good: the title, and what happens next.
WAITS: Mapping[str, tuple[str, str]] = {
    "justify": (
        "This needs a reason before it may leave",
        "A builder gives it on the page of this call; sent again within fifteen minutes, it passes once.",
    ),
    "hold": (
        "This waits for two people",
        "Security looks at it. Once two people released it, send exactly the same again: it passes once.",
    ),
}
ONLY_OBSERVED: tuple[str, Tone, str] = (
    "This would leave, for most rules are only observed now",
    "wait",
    "What it says is written down. Once the rules hold, it is treated as they say.",
)


class ReachForm(forms.Form):
    """Asks for one of the models that may be called now."""

    model = forms.ChoiceField(label="Where it would go")

    def __init__(self, *args: Any, models: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        model: Any = self.fields["model"]
        model.choices = models


class TryForm(ReachForm):
    text = forms.CharField(label="Your text", max_length=LONGEST, strip=False, widget=forms.Textarea(attrs={"rows": 6}))


@sensitive_post_parameters("text")
@never_cache
@requires(TRY)
def try_it(request: HttpRequest, code: str) -> HttpResponse:
    found = connection(code, standing=standing(request), at=now())
    models = [(reach.name, f"{reach.destination}: {reach.model}") for reach in found.reaches]
    form = TryForm(request.POST or None, models=models)
    outcome = _outcome(request, found, form.cleaned_data) if form.is_valid() else None
    here = reverse("initiative", args=[code])
    context = {
        "trail": [
            Crumb("Initiatives", "/initiatives/"),
            Crumb(found.initiative.row.title, here),
            Crumb("Try a prompt"),
        ],
        "form": form,
        "models": models,
        "outcome": outcome,
        "back": here,
        "code": code,
    }
    return page_or_part(request, "initiatives/try.html", "outcome", context, status=422 if form.errors else 200)


def _outcome(request: HttpRequest, found: Connection, told: Mapping[str, str]) -> dict[str, Any]:
    model, text = told["model"], told["text"]
    call = FIRST_CALLS[found.reach(model).dialect]
    sending = request.POST.get("then") == "send"
    path, body = call.address(model), call.asked(model, text)
    with passing_key(request, found.initiative.row.id) as key:
        reply = ask(path if sending else CHECK + path, body, key=key)
        checked = reply
        if (
            sending and reply.status == FORBIDDEN
        ):  # asked once more for what could leave: its parts were read a moment ago
            checked = ask(CHECK + path, body, key=key)
    if reply.status < OK_ENDS:
        return _sent(reply, call) if sending else checked_as(reply)
    refused = refused_as(reply)
    if checked.status >= OK_ENDS:
        return refused
    could = checked_as(checked)
    if reply.verdict in WAITS:
        return could | refused
    return could | refused | {"about": f"{refused['about']} {TOLD[str(checked.body['verdict'])][2]}"}


@contextmanager
def passing_key(request: HttpRequest, initiative_id: UUID) -> Iterator[str]:
    """Make a key of the reader's for this one call, and revoke it when the call is over."""
    by, at = actor_of(request), now()
    scope = f"initiative:{initiative_id}"
    key, secret = make_key(title="Try it", scope=scope, expires_at=at + KEY_LIFE, by=by, at=at)
    try:
        yield secret
    finally:
        revoke_key(key_id=key.pk, by=by, at=now())


def checked_as(reply: Reply) -> dict[str, Any]:
    verdict, pieces = str(reply.body["verdict"]), list(reply.body["segments"])
    title, tone, about = TOLD[verdict]
    sentences = list(reply.body.get("sentences", []))
    if reply.body.get("would_be", verdict) != verdict:
        title, tone, about = ONLY_OBSERVED
    stopped = reply.body.get("refused") if verdict in LEAVE else None
    if stopped:  # nothing forbids it, and still it cannot be made ready to leave
        title, tone, about = TOLD["block"][0], TOLD["block"][1], f"{stopped['reason']} {stopped['remedy']}"
    return {
        "title": title,
        "tone": tone,
        "about": " ".join([*sentences, about]),
        "segments": [_segment(piece) for piece in pieces],
        "findings": [_finding(found) for found in reply.body["findings"]],
        "copies": "".join(_copied(piece) for piece in pieces) if verdict in {"redact", "block", "justify"} else "",
        "url": "",
    }


def _segment(piece: Mapping[str, str]) -> Segment:
    action = piece["action"]
    if piece["kind"] == "plain" or action == "allow":
        return Segment(piece["text"])
    said = ACTIONS[action]
    tone: Tone = "bad" if action == "block" else "wait"  # struck out is only what never leaves
    return Segment(piece["text"], f"{words.sentence(words.finding(piece['kind']))}: {said.text.lower()}", tone)


def _copied(piece: Mapping[str, str]) -> str:
    return piece["text"] if piece["action"] in {"allow", "redact"} else REMOVED


def _finding(found: Mapping[str, Any]) -> dict[str, Any]:
    count = f" ({found['count']})" if found["count"] > 1 else ""
    return {"kind": words.sentence(words.finding(found["type"])) + count, "said": ACTIONS[found["action"]]}


def _sent(reply: Reply, call: FirstCall) -> dict[str, Any]:
    answer = call.answer(reply.body) or "It answered without words."
    about = "This came back. What was replaced on the way out stands in it again."
    shown = {"exchange": reply.exchange, "shown_at": now().isoformat()}
    return {
        "look": signing.dumps(shown, salt=LOOK) if reply.exchange else "",
        "title": "The answer",
        "tone": "good",
        "about": about,
        "answer": answer,
        "url": _exchange(reply),
        "findings": None,
    }


@requires(TRY)
@require_POST
def try_look(request: HttpRequest, code: str) -> HttpResponse:
    """Write down what the reader did with the answer they got."""
    outcome, shown = request.POST.get("outcome", ""), _shown(request.POST.get("look", ""))
    if shown is None or outcome not in list(AnswerOutcome):
        raise Invalid("look_over", "It is too late to say what you did with this answer.", remedy="Send it again.")
    by, at = actor_of(request), now()
    review_tried(exchange_id=shown[0], outcome=AnswerOutcome(outcome), shown_at=shown[1], by=by, at=at)
    if request.headers.get("HX-Request"):
        return render(request, "initiatives/try.html#looked", {"looked": outcome})
    messages.success(request, f"Noted: {outcome}.")
    return redirect("try_it", code)


def _shown(token: str) -> tuple[UUID, datetime] | None:
    """Return which answer was shown and when, None when the page did not say so itself, or a day ago."""
    try:
        told = signing.loads(token, salt=LOOK, max_age=KEY_LIFE * 24)
    except signing.BadSignature:
        return None
    return UUID(told["exchange"]), datetime.fromisoformat(told["shown_at"])


def refused_as(reply: Reply) -> dict[str, Any]:
    error = reply.body.get("error") or {}
    message = error if isinstance(error, str) else str(error.get("message", ""))
    if reply.verdict in WAITS and reply.status == FORBIDDEN:
        title, then = WAITS[reply.verdict]
        about = _plain(message).removeprefix(f"{title}. ")
        return {"title": title, "tone": "wait", "about": f"{about} {then}", "url": _exchange(reply)}
    unavailable = reply.status >= 500  # noqa: PLR2004 - faults, not refusals
    title = "This could not be checked, so nothing was sent" if unavailable else "This was refused"
    return {
        "title": title,
        "tone": "bad",
        "about": _plain(message),
        "url": _exchange(reply),
    }


def _plain(message: str) -> str:
    """Return a refusal without what is meant for programs: the rule in brackets and the link, which is a button here."""
    return FOR_PROGRAMS.sub("", message).strip()


def _exchange(reply: Reply) -> str:
    try:
        return reverse("exchange", args=[UUID(reply.exchange)])
    except ValueError:
        return ""
