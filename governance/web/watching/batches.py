"""The page of an initiative's batches: how each stands, what it cost, and the call that began it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from governance.gateway.batch_states import BatchState
from governance.gateway.selectors import batch_pages as selectors
from governance.gateway.selectors.batch_pages import BatchRow
from governance.web.frame import words
from governance.web.frame.access import requires, standing
from governance.web.frame.forms import asked_of
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.sayings import Said
from governance.web.frame.shapes import Crumb
from governance.web.owning.initiatives import trail_of

READ = "gateway:exchange:read"
STATES = {
    BatchState.UNDER_WAY: Said("Under way", "wait"),
    BatchState.ENDING: Said("Being ended", "wait"),
    BatchState.ENDED: Said("Answered", "good"),
    BatchState.FAILED: Said("Not begun", "bad"),
    BatchState.EXPIRED: Said("Ran out of time", "bad"),
    BatchState.CANCELLED: Said("Ended early", "quiet"),
}
SPEC = ListSpec(
    sorts={"begun": "Begun", "records": "Records", "cost": "Cost", "seen": "Last asked about"},
    default_sort="-begun",
    filters=(
        Filter("state", "How it stands", [(state.value, said.text) for state, said in STATES.items()]),
        Filter("model", "Model", hint="part of its name"),
        Filter("since", "Begun from", kind="date"),
        Filter("until", "Begun to", kind="date"),
    ),
    noun="batch",
    nouns="batches",
)


@requires(READ)
def batches(request: HttpRequest, code: str) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    wanted = state.value("state")
    found = selectors.batches(
        code,
        standing=standing(request),
        state=BatchState(wanted) if wanted else None,
        model=state.value("model"),
        **asked_of(state),
    )
    listed = found.batches
    page = ListPage(state, [_row(row) for row in listed.rows], listed.total, listed.more)
    told = {
        "trail": trail_of(found.code, found.title, Crumb("Batches")),
        "connect_url": reverse("connect", args=[found.code]),
    }
    return page_or_part(request, "batches/list.html", "rows", {"page": page, "told": told})


def _row(row: BatchRow) -> dict[str, Any]:
    said = STATES[row.state]
    return {
        "call": row.exchange,
        "own_id": row.own_id,
        "state": {"text": said.text, "tone": said.tone},
        "model": f"{row.destination}/{row.model}",
        "interface": row.interface,
        "records": row.records,
        "answered": _answered(row),
        "cost": _cost(row),
        "who": row.begun_by or "A key that is gone",
        "end_user": row.end_user,
        "begun_at": row.begun_at,
        "seen_at": row.seen_at,
    }


def _answered(row: BatchRow) -> str:
    if row.state is BatchState.UNDER_WAY and not row.answered + row.failed:
        return "none answered yet"
    failed = f", {row.failed:,} came to nothing" if row.failed else ""
    return f"{row.answered:,} answered{failed}"


def _cost(row: BatchRow) -> str:
    if row.cost is None:
        return "No price"
    amount = f"€ {words.euros(row.cost)}"
    return amount if row.counted else f"{amount} at most"
