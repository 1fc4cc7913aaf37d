"""Charts, drawn by the server. Each stands beside words or a table that say the same."""

from typing import Any

from django import template

from governance.web.frame.charts import Column, Piece, Span
from governance.web.frame.sankey import Sankey

register = template.Library()


@register.inclusion_tag("components/span.html")
def span(drawn: Span) -> dict[str, Any]:
    """A wait: half of all within the strong bar, nine in ten within the faint one."""
    return {"span": drawn}


@register.inclusion_tag("components/strip.html")
def strip(pieces: list[Piece]) -> dict[str, Any]:
    return {"pieces": pieces}


@register.inclusion_tag("components/weeks.html")
def weeks(columns: list[Column], label: str) -> dict[str, Any]:
    """Two bars a week; `label` says what they are to who cannot see them."""
    return {"columns": columns, "label": label}


@register.inclusion_tag("components/sankey.html")
def sankey(drawn: Sankey, label: str) -> dict[str, Any]:
    return {"drawn": drawn, "label": label}
