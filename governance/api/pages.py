"""Lists over REST: `limit` and an opaque `cursor`; the answer names the next cursor, or null at the end."""

import base64
import binascii
import functools
from collections.abc import Callable, Sequence
from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.parsing import In, Out
from governance.core.errors import Invalid
from governance.core.paging import Page, page_window

LARGEST = 200
FURTHEST = 10_000_000


class ListAsk(In):
    limit = serializers.IntegerField(min_value=1, max_value=LARGEST, default=50)
    cursor = serializers.CharField(max_length=64, required=False)


def page_of(cursor: str) -> int:
    """Return the page number a cursor stands for.

    Raises:
        Invalid: `wrong_cursor`, for anything this API did not give out.
    """
    try:
        kind, number = base64.urlsafe_b64decode(cursor.encode()).decode().split(":")
    except (binascii.Error, UnicodeError, ValueError):
        kind, number = "", ""
    if kind != "page" or not number.isascii() or not number.isdigit() or not 1 <= int(number) <= FURTHEST:
        raise Invalid(
            "wrong_cursor", "This cursor is none of ours.", field="cursor", remedy="Begin again without a cursor."
        )
    return int(number)


def cursor_of(number: int) -> str:
    return base64.urlsafe_b64encode(f"page:{number}".encode()).decode()


def page_shape(row: type[Out]) -> serializers.Serializer[Any]:
    """Return the shape of one page of `row`, under a name of its own in the description."""
    return _page_class(row)()


@functools.cache
def _page_class(row: type[Out]) -> type[Out]:
    fields = {
        "rows": row(many=True),
        "total": serializers.IntegerField(help_text="The number of rows on all pages, counted up to 10,000."),
        "more": serializers.BooleanField(help_text="Whether counting stopped at `total` and there are further rows."),
        "next": serializers.CharField(allow_null=True, help_text="The cursor of the next page; null at the end."),
    }
    return type(f"{row.__name__.removesuffix('Out')}PageOut", (Out,), fields)


def whole(ask: dict[str, Any], rows: Sequence[Any], shape: type[Out]) -> Response:
    """Return one page of `rows`, which a selector gives as a whole because it is short by nature (an inbox, say)."""

    def read(*, page: int, size: int) -> Page[Any]:
        start, end = page_window(page, size)
        return Page(list(rows[start:end]), len(rows), page, size)

    return listed(ask, read, shape)


def listed(ask: dict[str, Any], read: Callable[..., Page[Any]], shape: type[Out], **filters: Any) -> Response:
    """Return one page of `read` in `shape`: what was asked beside limit and cursor goes to it as filters."""
    number = page_of(ask.pop("cursor")) if "cursor" in ask else 1
    page = read(page=number, size=ask.pop("limit"), **ask, **filters)
    following = cursor_of(page.number + 1) if page.has_next else None
    rows = shape(page.rows, many=True).data
    return Response({"rows": rows, "total": page.total, "more": page.more, "next": following})
