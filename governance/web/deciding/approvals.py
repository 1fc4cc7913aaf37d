"""One request on one screen: what is asked, why the reader is asked, what was found, and what they say to it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from governance.approvals import selectors, services
from governance.approvals.binding import LONGEST_OVERSIGHT, Binding
from governance.approvals.rules import DecisionKind
from governance.core.clock import now
from governance.core.errors import Invalid, NotAllowed
from governance.web.deciding.decision_shapes import decision_page
from governance.web.deciding.request_shapes import REDACTABLE
from governance.web.frame import words
from governance.web.frame.access import actor_of, handed, requires, signed_in, standing
from governance.web.frame.forms import LONGEST_TEXT, Day, MostTold
from governance.web.frame.kept import put_back

DECIDE, COMMENT = "approvals:request:decide", "approvals:request:comment"
DONE = {
    DecisionKind.APPROVE: "Approved. Whoever comes next was told.",
    DecisionKind.REQUEST_CHANGES: "Sent back. They were told what to change.",
    DecisionKind.REJECT: "Rejected. They were told why.",
}
TYPED = ("comment", "redact", "way", "ends", "human_oversight")


class ConditionsForm(forms.Form):
    """What can be tied to a yes; it only takes away."""

    redact = forms.MultipleChoiceField(
        label="Also replace before it leaves",
        choices=[(kind, words.finding(kind)) for kind in REDACTABLE],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    way = MostTold()
    ends = Day(label="Ends at the latest", required=False)
    human_oversight = forms.CharField(
        label="Who looks at it, and how",
        max_length=LONGEST_OVERSIGHT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def binding(self) -> Binding:
        """Return what a valid form says."""
        told = self.cleaned_data
        oversight = (told["human_oversight"].strip(),) if told["human_oversight"].strip() else ()
        return Binding(tuple(sorted(told["redact"])), told["ends"], oversight, told["way"])


class DecisionForm(ConditionsForm):
    kind = forms.TypedChoiceField(choices=[(kind.value, kind.value) for kind in DecisionKind], coerce=DecisionKind)
    digest = forms.CharField(max_length=64)
    comment = forms.CharField(max_length=LONGEST_TEXT, required=False)


class CommentForm(forms.Form):
    text = forms.CharField(max_length=LONGEST_TEXT)


@signed_in
def request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show one request. Whoever asked it, decides it or may read its unit sees it; for others it does not exist."""
    return _page(request, request_id, put_back(request))


def _page(
    request: HttpRequest, request_id: UUID, typed: dict[str, list[str]], fault: Invalid | None = None
) -> HttpResponse:
    """Show the request with what the reader typed before, `typed`, and what was wrong with it, `fault`."""
    found = selectors.request_page(request_id, reader=standing(request), at=now(), known=handed(request))
    if found.may_decide:
        services.note_look(request_id=request_id, by=actor_of(request), at=now())
    first = {name: values[0] for name, values in typed.items() if values}
    conditions = ConditionsForm(initial=first | {"redact": typed.get("redact", [])}) if found.may_bind else None
    context = {
        "page": decision_page(found, request),
        "conditions": conditions,
        "conditions_open": any(typed.get(name) not in (None, [], [""]) for name in TYPED[1:]),
        "typed": first,
        "came_back": bool(typed) and fault is None,
        "fault": f"{fault.reason} {fault.remedy}".strip() if fault else "",
        "fault_at": (fault.field or "comment").rpartition(".")[2] if fault else "",
    }
    return render(request, "approvals/request.html", context, status=422 if fault else 200)


@require_POST
@requires(DECIDE, step_up=True, keeps=TYPED)
def request_decide(request: HttpRequest, request_id: UUID) -> HttpResponse:
    form = DecisionForm(request.POST)
    typed = {name: request.POST.getlist(name) for name in TYPED}
    if not form.is_valid():
        if {"kind", "digest"} & form.errors.keys():
            remedy = "Open the request again."
            raise Invalid("not_a_decision", "This is not a decision that can be taken.", remedy=remedy)
        field, faults = next(iter(form.errors.items()))
        return _page(request, request_id, typed, Invalid("not_taken", str(faults[0]), field=field))
    said, approves = form.cleaned_data, form.cleaned_data["kind"] is DecisionKind.APPROVE
    try:
        services.decide(
            request_id=request_id,
            kind=said["kind"],
            digest=said["digest"],
            comment=said["comment"],
            conditions=form.binding() if approves else Binding(),
            by=actor_of(request),
            at=now(),
        )
    except Invalid as refused:
        return _page(request, request_id, typed, refused)
    except NotAllowed as refused:
        if refused.code != "already_spoken":  # a second click finds the first one's decision, which is no fault
            raise
        messages.info(request, refused.reason)
        return redirect("request", request_id)
    messages.success(request, DONE[said["kind"]])
    return redirect("inbox")


@requires(COMMENT)
@require_POST
def request_comment(request: HttpRequest, request_id: UUID) -> HttpResponse:
    form = CommentForm(request.POST)
    if form.is_valid():
        remark = services.comment(request_id=request_id, **form.cleaned_data, by=actor_of(request), at=now())
        if remark.told:
            messages.success(request, f"Sent, and {len(remark.told)} of those named were told of it.")
    else:
        messages.error(request, "Write something first.")
    return redirect("request", request_id)


@signed_in
@require_POST
def request_withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    services.withdraw(request_id=request_id, by=actor_of(request), at=now())
    messages.success(request, "Withdrawn. Nothing that is in force changed.")
    return redirect("request", request_id)
