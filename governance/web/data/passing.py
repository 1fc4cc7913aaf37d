"""What may pass to and from a destination: how its answers are checked, and what may go there unread."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from governance.core.clock import now
from governance.destinations import selectors, services
from governance.destinations.rules import ReplyCheck
from governance.detection.documents.reading import Opaque
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires
from governance.web.frame.forms import form_page, tried
from governance.web.frame.shapes import Crumb

EDIT = "destinations:destination:edit"
HOME = Crumb("Destinations", "/destinations/")
OPAQUE = {
    Opaque.PICTURES: "pictures",
    Opaque.READ_PICTURES: "pictures whose words were read and scanned, such as a screenshot",
    Opaque.ENCRYPTED: "documents with a password",
    Opaque.PROGRAMS: "documents with macros or scripts",
    Opaque.ATTACHMENTS: "documents with files in them",
    Opaque.UNREADABLE: "documents whose letters cannot be told",
}


class AnswersForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    reply_check = forms.ChoiceField(
        label="How are answers checked?", choices=words.choices(ReplyCheck), widget=forms.RadioSelect
    )


class UnreadForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    unread = forms.MultipleChoiceField(
        label="What may go there without a scan?",
        choices=list(OPAQUE.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@requires(EDIT)
def destination_answers(request: HttpRequest, ref: str) -> HttpResponse:
    row = selectors.destination_row(ref, at=now())
    initial = {"reply_check": row.reply_check, "revision": row.revision}
    form = AnswersForm(request.POST or None, initial=initial)
    if form.is_valid():
        told, by = form.cleaned_data, actor_of(request)
        if tried(form, lambda: services.set_reply_check(destination_id=row.id, **told, by=by, at=now())):
            messages.success(request, f"Answers of {row.title} are {words.word(ReplyCheck, told['reply_check'])}.")
            return redirect("destination", ref)
    trail = [HOME, Crumb(row.title, reverse("destination", args=[ref])), Crumb("Answers")]
    about = "Reading takes time: in stretches the first words come later, as a whole all of them do. What is only watched is not stopped."
    return form_page(
        request, form, title=f"Answers of {row.title}", about=about, trail=trail, action="Check so", back=trail[1].url
    )


@requires(EDIT)
def destination_unread(request: HttpRequest, ref: str) -> HttpResponse:
    row = selectors.destination_row(ref, at=now())
    form = UnreadForm(request.POST or None, initial={"unread": list(row.unread), "revision": row.revision})
    if form.is_valid():
        told, by = form.cleaned_data, actor_of(request)
        if tried(form, lambda: services.set_unread(destination_id=row.id, **told, by=by, at=now())):
            may = words.sentence(words.joined([OPAQUE[Opaque(kind)] for kind in told["unread"]], "nothing"))
            messages.success(request, f"{may} may go to {row.title} without a scan.")
            return redirect("destination", ref)
    trail = [HOME, Crumb(row.title, reverse("destination", args=[ref])), Crumb("Unread")]
    about = (
        "Nobody can look into these, so they are refused unless they are named here; everything around them is scanned as always. "
        "Pictures go only where a dataset made of pictures may go."
    )
    return form_page(
        request,
        form,
        title=f"What may go unread to {row.title}",
        about=about,
        trail=trail,
        action="Save",
        back=trail[1].url,
    )
