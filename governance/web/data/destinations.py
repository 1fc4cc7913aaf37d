"""Pages of destinations: where data can go, on what terms, and who may change that."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.core.vocabulary import Classification, Hosting, WeightsOwner
from governance.destinations import selectors, services
from governance.destinations.rules import DestinationState, Dialect, ReplyCheck
from governance.destinations.selectors import DestinationPage, DestinationRow, PriceRow, TermsRow
from governance.gateway.stopping import StopScope
from governance.web.data.passing import EDIT, HOME, OPAQUE
from governance.web.frame import words
from governance.web.frame.access import actor_of, holds, requires, standing
from governance.web.frame.forms import Day, Lines, LongText, form_page, start_of, tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.observed import observed_here
from governance.web.frame.shapes import Crumb
from governance.web.frame.stopped import stop_url, stops_here

READ = "destinations:destination:read"
SUSPEND, WRITE_KEY = "destinations:destination:suspend", "destinations:key:write"
DIALECTS = {
    Dialect.OPENAI: "OpenAI",
    Dialect.ANTHROPIC: "Anthropic",
    Dialect.GEMINI: "Gemini",
    Dialect.DATABRICKS: "Databricks",
    Dialect.OLLAMA: "Ollama",
}
MICRO = 1_000_000
SPEC = ListSpec(
    sorts={"title": "Destination", "provider": "Provider"},
    default_sort="title",
    filters=(
        Filter("q", "Search", hint="a name or provider"),
        Filter("state", "Status", words.choices(DestinationState)),
        Filter("hosting", "Where it runs", words.choices(Hosting)),
        Filter("cleared", "Cleared for", words.choices(Classification)),
    ),
    noun="destination",
)


class DestinationForm(forms.Form):
    provider_id = forms.TypedChoiceField(label="Provider", coerce=UUID, required=False, empty_value=None)
    provider_name = forms.CharField(label="Or a new provider", required=False, max_length=200)
    title = forms.CharField(label="What is it called?", max_length=200)
    ref = forms.SlugField(label="Short name", help_text="Builders write it before the model: short-name/model.")
    model_names = Lines(label="Models", help_text="One a line, as the provider writes them.")
    dialect = forms.ChoiceField(
        label="Which interface does it speak?", choices=[(d.value, t) for d, t in DIALECTS.items()]
    )
    base_url = forms.URLField(label="Address", assume_scheme="https")
    region = forms.CharField(label="Region", max_length=100)
    hosting = forms.ChoiceField(label="Where does it run?", choices=words.choices(Hosting), widget=forms.RadioSelect)
    cidrs = Lines(
        label="Networks", help_text="Only for our own servers: one a line, such as 10.2.0.0/16.", required=False
    )

    def __init__(self, *args: Any, providers: list[tuple[UUID, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        provider: Any = self.fields["provider_id"]
        provider.choices = [("", "Choose"), *[(str(key), name) for key, name in providers]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if bool(cleaned.get("provider_id")) == bool(cleaned.get("provider_name")):
            self.add_error("provider_id", "Choose a provider, or name a new one.")
        return cleaned


class TermsForm(forms.Form):
    cleared_for = forms.ChoiceField(label="Cleared for data up to", choices=words.choices(Classification))
    retention_days = forms.IntegerField(label="Days it keeps what it gets", min_value=0, max_value=36500)
    trains_on_inputs = forms.BooleanField(label="It learns from what it gets", required=False)
    weights_owner = forms.ChoiceField(label="Who owns what comes of training?", choices=words.choices(WeightsOwner))
    price_in = forms.DecimalField(
        label="€ per million tokens sent", required=False, min_value=0, max_digits=12, decimal_places=6
    )
    price_out = forms.DecimalField(
        label="€ per million tokens answered", required=False, min_value=0, max_digits=12, decimal_places=6
    )
    contract = forms.CharField(
        label="Contract", help_text="Where the promise is written down.", required=False, max_length=500
    )


class PriceForm(forms.Form):
    model = forms.ChoiceField(label="Of which model?", required=False)
    price_in = forms.DecimalField(label="€ per million tokens sent", min_value=0, max_digits=12, decimal_places=6)
    price_out = forms.DecimalField(label="€ per million tokens answered", min_value=0, max_digits=12, decimal_places=6)
    begins = Day(label="From which day on?", help_text="Empty: from now. A day begins at midnight UTC.", required=False)

    def __init__(self, *args: Any, models: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        model: Any = self.fields["model"]
        model.choices = [("", "All without a price of their own"), *[(name, name) for name in models]]


class ReasonForm(forms.Form):
    reason = LongText(label="Why?", help_text="People whose calls are refused from now on read this.")


class SecretForm(forms.Form):
    secret = forms.CharField(
        label="New key",
        help_text="Sealed at once. Only the gateway can open it; nobody can read it here again.",
        max_length=500,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


@requires(READ)
def destinations(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    found = selectors.destinations(
        standing=standing(request),
        at=now(),
        search=state.value("q"),
        state=state.value("state"),
        hosting=state.value("hosting"),
        cleared_for=state.value("cleared"),
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [_row(row) for row in found.rows], found.total)
    return page_or_part(request, "destinations/list.html", "rows", {"page": page, "may_edit": holds(request, EDIT)})


def _row(row: DestinationRow) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "title": row.title,
        "provider": row.provider,
        "hosting": words.word(Hosting, row.hosting),
        "said": words.state(DestinationState, row.state),
        "region": row.region,
        "terms": _terms(row.terms) if row.terms else None,
    }


def _terms(terms: TermsRow) -> dict[str, Any]:
    return {
        "version": terms.version,
        "since": terms.in_force_from,
        "cleared_for": words.state(Classification, terms.cleared_for).text,
        "kept": words.kept(terms.retention_days),
        "trains": words.yes(terms.trains_on_inputs),
        "weights": words.word(WeightsOwner, terms.weights_owner),
        "price": words.prices(terms.price_in, terms.price_out),
    }


@requires(READ)
def destination(request: HttpRequest, ref: str) -> HttpResponse:
    found = selectors.destination(ref, standing=standing(request), at=now())
    return render(request, "destinations/page.html", {"page": _page(request, found)})


def _page(request: HttpRequest, found: DestinationPage) -> dict[str, Any]:
    row = found.row
    in_force = row.terms.version if row.terms else None
    return {
        "trail": [HOME, Crumb(row.title)],
        "title": row.title,
        "about": row.state_reason or f"{row.provider}, {words.word(Hosting, row.hosting)}, {row.region}.",
        "said": words.state(DestinationState, row.state),
        "stops": stops_here(request, destinations=[row.id]),
        "observed": observed_here(request, destination=row.id),
        "actions": _actions(request, found),
        "terms": [_terms(terms) | {"in_force": terms.version == in_force} for terms in found.terms],
        "models": [
            {"name": f"model-{n}", "title": model, "text": f"{row.ref}/{model}"}
            for n, model in enumerate(row.model_names)
        ],
        "facts": [
            ("Provider", row.provider),
            ("Interface", DIALECTS[row.dialect]),
            ("Address", row.base_url),
            *([("Answered by", "Remit's stand-in, on this machine: nothing leaves it")] if row.stand_in else []),
            ("Networks", words.joined(list(row.cidrs), "any public address")),
            ("May go unread", words.joined([OPAQUE[kind] for kind in row.unread], "nothing")),
            ("Answers", words.word(ReplyCheck, row.reply_check)),
            ("Provider key", f"set, ends in {found.key.last_four}" if found.key else "not set"),
        ],
        "prices": [_price(price) for price in selectors.prices_of(row.id)],
        "key_form": SecretForm() if found.may_set_key else None,
        "key_url": reverse("destination_key", args=[row.ref]),
        "key_about": "A key is set. A new one replaces it." if found.key else "Without a key nothing can be sent.",
    }


def _price(price: PriceRow) -> dict[str, Any]:
    return {
        "model": price.model or "All without a price of their own",
        "price": words.prices(price.price_in, price.price_out),
        "since": price.in_force_from,
        "set_by": price.set_by,
    }


def _actions(request: HttpRequest, found: DestinationPage) -> list[dict[str, str]]:
    ref = found.row.ref
    actions: list[dict[str, str]] = []
    if found.may_edit:
        actions.append({"title": "New terms", "url": reverse("destination_terms", args=[ref])})
        actions.append({"title": "New price", "url": reverse("destination_prices", args=[ref])})
        actions.append({"title": "May go unread", "url": reverse("destination_unread", args=[ref])})
        actions.append({"title": "Answers", "url": reverse("destination_answers", args=[ref])})
    if found.may_suspend:
        actions.append({"title": "Suspend", "url": reverse("destination_suspend", args=[ref])})
    if url := stop_url(request, StopScope.DESTINATION, ref):
        actions.append({"title": "Stop", "url": url, "kind": "danger"})
    if found.may_open:
        question = f"Open {found.row.title}? Initiatives with a right to it can send from then on."
        opened = {"title": "Open", "post_to": reverse("destination_open", args=[ref]), "confirm": question}
        actions.append(opened | {"kind": "primary"})
    return actions


@requires(EDIT)
def destination_new(request: HttpRequest) -> HttpResponse:
    form = DestinationForm(request.POST or None, providers=selectors.providers())
    if form.is_valid():
        made = tried(form, lambda: _propose(request, dict(form.cleaned_data)))
        if made:
            messages.success(request, f"{made.title} is written down. Set its terms next; nothing goes there before.")
            return redirect("destination_terms", made.ref)
    trail = [HOME, Crumb("Add a destination")]
    return form_page(request, form, title="Add a destination", trail=trail, action="Add it", back=HOME.url)


def _propose(request: HttpRequest, told: dict[str, Any]) -> Any:
    by, at = actor_of(request), now()
    new_provider = told.pop("provider_name")
    if new_provider:
        told["provider_id"] = services.add_provider(name=new_provider, by=by, at=at).pk
    return services.propose_destination(**told, by=by, at=at)


@requires(EDIT)
def destination_terms(request: HttpRequest, ref: str) -> HttpResponse:
    row = selectors.destination(ref, standing=standing(request), at=now()).row
    form = TermsForm(request.POST or None, initial=_initial(row.terms) if row.terms else None)
    if form.is_valid():
        told = form.cleaned_data | {name: _micro(form.cleaned_data[name]) for name in ("price_in", "price_out")}
        if tried(form, lambda: services.set_terms(destination_id=row.id, **told, by=actor_of(request), at=now())):
            messages.success(request, "The new terms hold. Rights that depended on the old ones are asked about again.")
            return redirect("destination", ref)
    trail = [HOME, Crumb(row.title, reverse("destination", args=[ref])), Crumb("New terms")]
    about = "What the destination promises from now on. Exactly the rights that depend on it are asked about again."
    return form_page(
        request,
        form,
        title=f"New terms of {row.title}",
        about=about,
        trail=trail,
        action="Put in force",
        back=trail[1].url,
    )


def _initial(terms: TermsRow) -> dict[str, Any]:
    prices = {"price_in": terms.price_in, "price_out": terms.price_out}
    return {
        "cleared_for": terms.cleared_for,
        "retention_days": terms.retention_days,
        "trains_on_inputs": terms.trains_on_inputs,
        "weights_owner": terms.weights_owner,
        "contract": terms.contract,
    } | {name: price / MICRO for name, price in prices.items() if price is not None}


def _micro(euros: Any) -> int | None:
    return None if euros is None else int(euros * MICRO)


@requires(EDIT)
def destination_prices(request: HttpRequest, ref: str) -> HttpResponse:
    """Write down a price from a day on. Grants stay as they are: a price is no promise about data."""
    row = selectors.destination_row(ref, at=now())
    form = PriceForm(request.POST or None, models=row.model_names)
    if form.is_valid():
        told, by, at = form.cleaned_data, actor_of(request), now()
        costs: dict[str, Any] = {name: int(told[name] * MICRO) for name in ("price_in", "price_out")}
        begins = start_of(told["begins"], "UTC") if told["begins"] else None
        dated = {"model": told["model"], "in_force_from": begins}
        if tried(form, lambda: services.set_price(destination_id=row.id, **dated, **costs, by=by, at=at)):
            messages.success(request, "The price is written down. What was counted before stays as it was.")
            return redirect("destination", ref)
    trail = [HOME, Crumb(row.title, reverse("destination", args=[ref])), Crumb("New price")]
    about = "Budgets and usage count by it from that day on."
    return form_page(
        request,
        form,
        title=f"A price of {row.title}",
        about=about,
        trail=trail,
        action="Write it down",
        back=trail[1].url,
    )


@requires(EDIT)
@require_POST
def destination_open(request: HttpRequest, ref: str) -> HttpResponse:
    row = selectors.destination_row(ref, at=now())
    services.open_destination(destination_id=row.id, by=actor_of(request), at=now())
    messages.success(request, f"{row.title} is open.")
    return redirect("destination", ref)


@requires(SUSPEND)
def destination_suspend(request: HttpRequest, ref: str) -> HttpResponse:
    row = selectors.destination_row(ref, at=now())
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(
            form,
            lambda: services.suspend_destination(destination_id=row.id, reason=reason, by=actor_of(request), at=now()),
        ):
            messages.success(request, f"Nothing goes to {row.title} until it is opened again.")
            return redirect("destination", ref)
    trail = [HOME, Crumb(row.title, reverse("destination", args=[ref])), Crumb("Suspend")]
    return form_page(request, form, title=f"Suspend {row.title}", trail=trail, action="Suspend", back=trail[1].url)


@sensitive_post_parameters("secret")
@require_POST
@requires(WRITE_KEY, step_up=True)
def destination_key(request: HttpRequest, ref: str) -> HttpResponse:
    row = selectors.destination_row(ref, at=now())
    form = SecretForm(request.POST)
    if form.is_valid():
        services.set_provider_key(
            destination_id=row.id, secret=form.cleaned_data["secret"], by=actor_of(request), at=now()
        )
        messages.success(request, "The key is sealed. Only the gateway can open it.")
    else:
        messages.error(request, "No key was given. The one before stays.")
    return redirect("destination", ref)
