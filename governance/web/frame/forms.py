"""What all forms share: a refusal of the service stands at the field it names, and unknown trouble at the top."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from governance.core.errors import Conflict, DomainError, Invalid
from governance.detection.ways import DEMANDED, Way, in_words
from governance.web.frame.lists import ListState
from governance.web.frame.shapes import Crumb

Result = TypeVar("Result")
LONGEST_TEXT = 4000
FIRST_YEAR, LAST_YEAR = 1900, 2999


def tried(form: forms.Form, act: Callable[[], Result]) -> Result | None:
    """Run `act` and return its result; a refusal of what was typed becomes an error of the form, and None."""
    try:
        return act()
    except (Invalid, Conflict) as refused:
        put_error(form, refused)
        return None


def put_error(form: forms.Form, refused: DomainError) -> None:
    field = form.fields.get(refused.field)
    # What is wrong with a hidden field (a stale revision) is said at the top: nobody sees the field.
    seen = field is not None and not field.widget.is_hidden
    form.add_error(refused.field if seen else None, f"{refused.reason} {refused.remedy}".strip())


def fault_of(bound: forms.BoundField) -> str:
    """Return what is wrong with a field and what to do, "" when nothing is.

    Words that a field brings itself (`error_messages`) stand as they are; where Django's own name no remedy, ours do.
    """
    first = next(iter(bound.errors.as_data()), None)
    if first is None:
        return ""
    plain = forms.ChoiceField.default_error_messages | forms.Field.default_error_messages
    said = plain.get(first.code or "")
    if said is None or bound.field.error_messages.get(first.code or "") != said:
        return str(bound.errors[0])
    return (
        f"{_act(bound)}."
        if first.code == "required"
        else f"{_act(bound)}: what was sent is not one of the available choices."
    )


def _act(bound: forms.BoundField) -> str:
    """Return what the reader does to a field that lacks a value, naming it: `Fill in “Name”`."""
    label = str(bound.label)
    match bound.field.widget:
        case forms.CheckboxSelectMultiple() | forms.SelectMultiple():
            act = "Choose at least one for"
        case forms.Select() | forms.RadioSelect():
            act = "Choose one for"
        case forms.CheckboxInput():
            act = "Tick"
        case forms.FileInput():
            act = "Choose a file for"
        case _:
            act = "Answer" if label.endswith("?") else "Fill in"
    return f"{act} “{label}”"


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    trail: Sequence[Crumb],
    action: str,
    back: str,
    **more: Any,
) -> HttpResponse:
    """Show one form on a page of its own; with errors the status says that it was not taken."""
    context: Mapping[str, Any] = {"form": form, "title": title, "trail": trail, "action": action, "back": back, **more}
    return render(request, "form.html", dict(context), status=422 if form.errors else 200)


@cache
def zones() -> list[str]:
    """Return the time zones that are named after places."""
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))


class LongText(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}), **options)


class Lines(forms.CharField):
    """Several values, one a line. Cleaned to a list of the lines that hold something. `longest`: characters of all together."""

    def __init__(self, *, longest: int = LONGEST_TEXT, **options: Any) -> None:
        super().__init__(max_length=longest, widget=forms.Textarea(attrs={"rows": 3}), **options)

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class MostTold(forms.TypedChoiceField):
    """The most that may be told of a value that is replaced. Cleaned to a Way, or None: as the rules say."""

    def __init__(self, **options: Any) -> None:
        offered = ways_offered(DEMANDED)
        super().__init__(
            label="What stands for a value", required=False, coerce=Way, empty_value=None, choices=offered, **options
        )


def ways_offered(ways: Sequence[Way]) -> list[tuple[str, str]]:
    """Return the choices that demand each of `ways`, after the one that demands nothing."""
    return [("", "As the rules say"), *((way.value, f"Only {in_words(way)}") for way in ways)]


class Day(forms.DateField):
    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def days_of(state: ListState) -> tuple[datetime | None, datetime | None]:
    """Return the [since, until) that a list's filters "since" and "until" name, in the reader's zone; no date is None."""
    zone = timezone.get_current_timezone_name()
    since, until = _day(state.value("since")), _day(state.value("until"))
    return start_of(since, zone) if since else None, end_of(until, zone) if until else None


def asked_of(state: ListState) -> dict[str, Any]:
    """Return what the selector of a list of what began is asked: from when to when, in which order, which page."""
    since, until = days_of(state)
    return {"since": since, "until": until, "sort": state.sort, "page": state.page, "size": state.limit}


def _day(text: str) -> date | None:
    try:
        named = date.fromisoformat(text)
    except ValueError:
        return None
    return named if FIRST_YEAR <= named.year <= LAST_YEAR else None  # the day after 9999-12-31 is none


def end_of(day: date, zone: str) -> datetime:
    """Return the end of `day` in the zone called `zone`: what ends on a day holds all through it."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))


def start_of(day: date, zone: str) -> datetime:
    """Return the first moment of `day` in the zone called `zone`."""
    return datetime.combine(day, time.min, ZoneInfo(zone))
