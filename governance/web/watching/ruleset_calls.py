"""The calls that a version of the ruleset in shadow would have decided otherwise."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from governance.core.clock import now
from governance.gateway.comparing import Effect
from governance.gateway.selectors.comparisons import ComparisonRow, comparisons
from governance.scanning import selectors
from governance.web.frame.access import requires, standing
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb
from governance.web.watching import ruleset_words
from governance.web.watching.exchanges import VERDICTS, row_of
from governance.web.watching.rulesets import HOME, kind_row

READ = "gateway:exchange:read"
SPEC = ListSpec(
    sorts={"at": "When"},
    default_sort="-at",
    filters=(
        Filter(
            "effect",
            "What would become of it",
            [(effect, ruleset_words.EFFECTS[effect].text) for effect in Effect],
            otherwise="Those that differ",
        ),
    ),
    noun="call",
)


@requires(READ)
def ruleset_calls(request: HttpRequest, version: int) -> HttpResponse:
    held, state = standing(request), ListState.read(request.GET, SPEC)
    row = selectors.ruleset(version, standing=held)
    found = comparisons(
        row.digest,
        standing=held,
        at=now(),
        effect=state.value("effect"),
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [_row(each) for each in found.rows], found.total)
    trail = [HOME, Crumb(f"Version {version}", f"/rulesets/{version}/"), Crumb("Calls")]
    return page_or_part(request, "rulesets/calls.html", "rows", {"page": page, "trail": trail, "version": version})


def _row(row: ComparisonRow) -> dict[str, Any]:
    return row_of(row.exchange) | {
        "effect": ruleset_words.EFFECTS[row.effect],
        "would": VERDICTS[row.verdict],
        "kinds": [kind_row(kind) for kind in row.kinds],
    }
