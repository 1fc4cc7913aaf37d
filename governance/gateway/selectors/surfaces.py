"""The table of paths, as people and programs read it."""

from dataclasses import dataclass

from governance.core.paging import Page, page_window
from governance.gateway.dialects.wire_format import Route, WireFormat
from governance.gateway.routes import FORMATS

SORTS = ("path", "title", "treatment")


@dataclass(frozen=True, slots=True)
class SurfaceRow:
    """One path: whose interface it belongs to, and what becomes of a call.

    `method` is ANY for a path whose methods are all treated alike. `recorded_as` is the name in the record of a call, "" when
    none is sent. `why` and `remedy` are for those who call what is not scanned.
    """

    dialect: str
    provider: str
    method: str
    path: str
    title: str
    treatment: str
    recorded_as: str
    why: str
    remedy: str


def surfaces(
    *, search: str = "", dialect: str = "", treatment: str = "", sort: str = "path", page: int = 1, size: int = 50
) -> Page[SurfaceRow]:
    """Return one page of the table. It is the same for everybody: it says what the gateway can do, not who may ask it."""
    wanted = search.casefold()
    found = [
        row
        for each in FORMATS
        for row in (_row(each, route) for route in each.routes)
        if dialect in {"", row.dialect} and treatment in {"", row.treatment} and wanted in _said(row)
    ]
    found.sort(
        key=lambda row: (getattr(row, sort.removeprefix("-")), row.path, row.method), reverse=sort.startswith("-")
    )
    start, end = page_window(page, size)
    return Page(found[start:end], len(found), page, size)


def _row(wire: WireFormat, route: Route) -> SurfaceRow:
    query = f"?alt={route.alt}" if route.alt else ""
    return SurfaceRow(
        dialect=wire.dialect,
        provider=wire.title,
        method=route.method,
        path=f"{wire.base}{route.path}{query}",
        title=route.title,
        treatment=route.treatment,
        recorded_as=route.surface.name if route.surface else "",
        why=route.why,
        remedy=route.remedy,
    )


def _said(row: SurfaceRow) -> str:
    return f"{row.title} {row.path} {row.provider}".casefold()
