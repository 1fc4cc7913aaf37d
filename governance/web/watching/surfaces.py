"""What the gateway reads: each path of each provider's interface, and what becomes of a call."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from governance.gateway.dialects.wire_format import ANY, Treatment
from governance.gateway.routes import FORMATS
from governance.gateway.selectors.surfaces import SurfaceRow, surfaces
from governance.web.frame.access import requires
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.sayings import Said

TREATMENTS: dict[str, Said] = {
    Treatment.SCANNED: Said("Scanned", "good"),
    Treatment.ANSWERED: Said("Answered by Remit", "accent"),
    Treatment.REFUSED: Said("Refused", "bad"),
    Treatment.UNSUPPORTED: Said("Not supported", "wait"),
}
SPEC = ListSpec(
    sorts={"title": "What for", "path": "Path", "treatment": "What becomes of it"},
    default_sort="path",
    filters=(
        Filter("q", "Search", hint="a word of the path"),
        Filter("dialect", "Interface", [(each.dialect.value, each.title) for each in FORMATS]),
        Filter("treatment", "What becomes of it", [(key, said.text) for key, said in TREATMENTS.items()]),
    ),
    noun="path",
)


@requires("destinations:destination:read")
def surface_list(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    found = surfaces(
        search=state.value("q"),
        dialect=state.value("dialect"),
        treatment=state.value("treatment"),
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    bases = [(each.title, f"{settings.GATEWAY_URL}{each.base}") for each in FORMATS]
    page = ListPage(state, [_row(row) for row in found.rows], found.total)
    return page_or_part(request, "surfaces/list.html", "rows", {"page": page, "bases": bases})


def _row(row: SurfaceRow) -> dict[str, Any]:
    method = "any method" if row.method == ANY else row.method
    return {"row": row, "method": method, "said": TREATMENTS[row.treatment]}
