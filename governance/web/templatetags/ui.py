"""The components. Markup stands in templates/components/, one file each; the shapes they show are in web/frame/shapes.py."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from governance.core.clock import now
from governance.web.frame import times
from governance.web.frame.forms import fault_of
from governance.web.frame.lists import Heading, ListPage
from governance.web.frame.saved import LISTS, shown
from governance.web.frame.shapes import Crumb, DiffRow, RouteStage, Segment, Step, Tab

register = template.Library()
SLASH = re.compile(r"(?<=[^/]/)(?=[^/])")  # behind a slash that stands alone
MANY = 4  # choices stand in columns when there are more


def _block(component: str, content: str, /, **values: Any) -> SafeString:
    return render_to_string(f"components/{component}.html", {"content": content, **values})


@register.simple_block_tag
def card(content: str, title: str = "", *, about: str = "", tone: str = "", flush: bool = False) -> SafeString:
    return _block("card", content, title=title, about=about, tone=tone, flush=flush)


@register.simple_block_tag
def banner(content: str, tone: str = "accent", *, url: str = "", action: str = "") -> SafeString:
    """A sentence that needs the reader, with at most one action."""
    return _block("banner", content, tone=tone, url=url, action=action)


@register.simple_block_tag
def empty(content: str, title: str, *, url: str = "", action: str = "") -> SafeString:
    """What stands where rows will be: says what belongs here, one example, one button."""
    return _block("empty", content, title=title, url=url, action=action)


@register.simple_block_tag
def dialog(content: str, name: str, title: str) -> SafeString:
    """A native dialog, opened by any `<button data-opens="name">`."""
    return _block("dialog", content, name=name, title=title)


@register.simple_block_tag
def fieldset(content: str, legend: str, *, about: str = "") -> SafeString:
    return _block("fieldset", content, legend=legend, about=about)


@register.simple_block_tag
def code(content: str, name: str, title: str = "") -> SafeString:
    """A block of code with a button that copies it; `name` is its id on the page."""
    return _block("code", SafeString(content.strip("\n")), title=title, name=name)  # strip() forgets that it is escaped


@register.inclusion_tag("components/pill.html")
def pill(text: str, tone: str = "", *, plain: bool = False) -> dict[str, Any]:
    return {"text": text, "tone": tone, "plain": plain}


@register.inclusion_tag("components/figure.html")
def figure(label: str, value: Any, note: str = "") -> dict[str, Any]:
    return {"label": label, "value": value, "note": note}


@register.inclusion_tag("components/crumbs.html")
def crumbs(trail: Sequence[Crumb]) -> dict[str, Any]:
    return {"trail": trail}


@register.inclusion_tag("components/tabs.html")
def tabs(entries: Sequence[Tab], label: str) -> dict[str, Any]:
    return {"entries": entries, "label": label}


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Sequence[Step]) -> dict[str, Any]:
    return {"steps": steps}


@register.inclusion_tag("components/route.html")
def route(stages: Sequence[RouteStage]) -> dict[str, Any]:
    return {"stages": stages}


@register.inclusion_tag("components/diff.html")
def diff(rows: Sequence[DiffRow], before: str, after: str) -> dict[str, Any]:
    return {"rows": rows, "before": before, "after": after}


@register.inclusion_tag("components/prompt.html")
def prompt(segments: Sequence[Segment], label: str = "Text") -> dict[str, Any]:
    return {"segments": segments, "label": label}


@register.inclusion_tag("components/meter.html")
def meter(
    label: str, done: float, whole: float, note: str = "", tone: str = "", *, bare: bool = False
) -> dict[str, Any]:
    """A bar. `whole` of 0 means that the end is not known yet, and the bar says so. `bare`: the head of its column is its label."""
    return {"label": label, "done": done, "whole": whole, "note": note, "tone": tone, "bare": bare}


@register.inclusion_tag("components/once.html")
def once(secret: str, title: str, about: str = "", name: str = "secret") -> dict[str, Any]:
    """A secret shown this one time, with a button that copies it."""
    return {"secret": secret, "title": title, "about": about, "name": name}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, *, bare: bool = False) -> dict[str, Any]:
    """One field with its label, help and error. `bare`: in a table whose heads say what it is, so only screen readers need the label."""
    widget = bound.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        kind = "choices"
    else:
        kind = "check" if isinstance(widget, CheckboxInput) else "text"
    many = kind == "choices" and len(bound) > MANY
    choices, check = kind == "choices", kind == "check"
    optional = not (bound.field.required or check or getattr(bound.field, "depends", False))
    shape = {"choices": choices, "check": check, "many": many, "optional": optional}
    return {"field": bound, "kind": kind, "bare": bare, "fault": fault_of(bound), **shape}


@register.filter
def fault(bound: BoundField) -> str:
    """What is wrong with a field that a page draws by itself, and what to do; "" when nothing is."""
    return fault_of(bound)


@register.inclusion_tag("components/filters.html", takes_context=True)
def filters(context: Context, page: ListPage, target: str = "rows") -> dict[str, Any]:
    """The filters of a list, and the views of it that the reader keeps where they can keep any."""
    request = context.get("request")
    list_name = request.resolver_match.url_name if request and request.resolver_match else ""
    saved = shown(list_name, context["views_kept"], page.state) if list_name in LISTS else None
    return {"page": page, "target": target, "saved": saved}


@register.inclusion_tag("components/pages.html")
def pages(page: ListPage, target: str = "rows") -> dict[str, Any]:
    return {"page": page, "target": target}


@register.inclusion_tag("components/heading.html")
def sort(page: ListPage, key: str, target: str = "rows", *, number: bool = False) -> dict[str, Any]:
    """The heading of a column the reader can sort by."""
    heading: Heading = page.state.heading(key)
    return {"heading": heading, "target": target, "number": number}


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" width="16" height="16" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("web/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | None, missing: str = "never") -> SafeString | str:
    """A moment as people say it, in the reader's zone; the exact time on hover and for screen readers."""
    if moment is None:
        return missing
    zone = timezone.get_current_timezone()
    said, precise = times.spoken(moment, now=context.get("at") or now(), zone=zone), times.exact(moment, zone=zone)
    hidden = format_html('<span class="out-of-sight"> ({})</span>', precise)
    return format_html('<time datetime="{}" title="{}">{}{}</time>', moment.isoformat(), precise, said, hidden)


@register.simple_tag
def facts(pairs: Iterable[tuple[str, object]], *, small: bool = False, code: bool = False) -> SafeString:
    """A list of facts, each a label and what it is; `small` beside a page or in a row, `code` for what is read by the letter.

    Joined here and not by a template's loop: a page of the log has four hundred of them.
    """
    row = "<dt>{}</dt><dd><code>{}</code></dd>" if code else "<dt>{}</dt><dd>{}</dd>"
    around = '<dl class="facts" data-size="small">{}</dl>' if small else '<dl class="facts">{}</dl>'
    return format_html(around, format_html_join("", row, pairs))


@register.simple_tag
def day(value: date | None, missing: str = "no date") -> SafeString | str:
    return (
        format_html('<time datetime="{}">{}</time>', value.isoformat(), times.spoken_day(value)) if value else missing
    )


@register.filter
def length(value: timedelta | None) -> str:
    return "no data yet" if value is None else times.spoken_length(value)


@register.filter
def grouped(value: int) -> str:
    """A whole number with a comma between thousands."""
    return f"{value:,}"


@register.filter
def at_slashes(address: str) -> str:
    """An address, which may be broken behind a single slash and nowhere else if that is enough."""
    return format_html_join(mark_safe("<wbr>"), "{}", ((step,) for step in SLASH.split(address)))


@register.filter
def at_dots(place: str) -> str:
    """A place in a body, which may be broken behind a dot and nowhere else if that is enough."""
    return format_html_join(mark_safe(".<wbr>"), "{}", ((step,) for step in place.split(".")))
