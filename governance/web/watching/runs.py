"""Pages of runs of agents: what each used of its caps, the tree of those it began, its calls in order."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from governance.core.clock import now
from governance.gateway import selectors as calls
from governance.gateway.selectors import runs as selectors
from governance.gateway.selectors.runs import RunNode, RunPage, RunRow
from governance.remits.runs import RunCaps, caps_in_words
from governance.web.frame import words
from governance.web.frame.access import requires, standing
from governance.web.frame.forms import asked_of
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb
from governance.web.owning.initiatives import trail_of
from governance.web.watching.exchanges import row_of

READ = "gateway:exchange:read"
SPEC = ListSpec(
    sorts={"began": "Began", "last": "Newest call", "calls": "Calls", "spent": "Cost"},
    default_sort="-last",
    filters=(
        Filter("name", "Name", hint="part of it"),
        Filter("since", "Began from", kind="date"),
        Filter("until", "Began to", kind="date"),
    ),
    noun="run",
)
CALLS = ListSpec(sorts={"at": "When"}, default_sort="at", noun="call")
NEARLY, FULL = 0.8, 1.0


@requires(READ)
def runs(request: HttpRequest, code: str) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    found = selectors.runs(
        code,
        standing=standing(request),
        name=state.value("name"),
        **asked_of(state),
    )
    listed = found.runs
    page = ListPage(state, [_row(row, found.caps) for row in listed.rows], listed.total, listed.more)
    told = {
        "trail": trail_of(found.code, found.title, Crumb("Runs")),
        "about": f"By the remit: {caps_in_words(found.caps)}.",
    }
    told["connect_url"] = reverse("connect", args=[found.code])
    return page_or_part(request, "runs/list.html", "rows", {"page": page, "told": told})


@requires(READ)
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    state = ListState.read(request.GET, CALLS)
    found = selectors.run(run_id, standing=standing(request))
    made = calls.exchanges(
        standing=standing(request), at=now(), run=run_id, sort=state.sort, page=state.page, size=state.limit
    )
    page = ListPage(state, [row_of(row) for row in made.rows], made.total, made.more)
    return page_or_part(request, "runs/page.html", "rows", {"page": page, "told": _told(found)})


def _row(row: RunRow, caps: RunCaps) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "began_at": row.began_at,
        "last_at": row.last_at,
        "begun": row.children,
        "calls": _used(row.calls, caps.calls, f"{row.calls:,} of {caps.calls:,}"),
        "cost": _used(row.spent + row.reserved, caps.spend, _money(row, caps)),
    }


def _used(used: int, most: int, note: str) -> dict[str, Any]:
    share = used / most
    tone = "bad" if share >= FULL else "wait" if share >= NEARLY else ""
    return {"used": min(used, most), "most": most, "note": note, "tone": tone}


def _money(row: RunRow, caps: RunCaps) -> str:
    return f"€ {words.euros(row.spent)} of € {words.euros(caps.spend)}"


def _told(found: RunPage) -> dict[str, Any]:
    root, node, caps = found.root, found.node, found.caps
    of_all = _row(root, caps)
    return {
        "trail": trail_of(found.code, found.title, Crumb("Runs", reverse("runs", args=[found.code])), Crumb("One run")),
        "name": node.name,
        "whole": node.id == root.id,
        "calls": of_all["calls"],
        "cost": of_all["cost"],
        "facts": [
            ("Its own calls", f"{node.calls:,}, {node.refused:,} of them refused"),
            ("What they cost", f"€ {words.euros(node.cost)}"),
            ("Set aside by calls under way", f"€ {words.euros(root.reserved)}"),
            ("Runs it began", f"{node.children:,} of at most {caps.fan_out:,}"),
            ("How deep it is", f"{node.depth:,} of at most {caps.depth:,}"),
        ],
        "began_at": node.began_at,
        "last_at": root.last_at,
        "tree": _branches(found.tree, node),
        "alone": len(found.tree) == 1,
        "more": found.more,
    }


def _branches(tree: Sequence[RunNode], shown: RunNode) -> list[dict[str, Any]]:
    """Return the tree as nested lists: `below` of a run are those it began."""
    below: dict[UUID | None, list[dict[str, Any]]] = {each.id: [] for each in tree}
    below[None] = []
    for each in tree:
        below[each.parent].append(_branch(each, shown) | {"below": below[each.id]})
    return below[None]


def _branch(each: RunNode, shown: RunNode) -> dict[str, Any]:
    refused = f", {each.refused:,} refused" if each.refused else ""
    return {
        "id": each.id,
        "name": each.name,
        "here": each.id == shown.id,
        "began_at": each.began_at,
        "calls": f"{words.several(each.calls, 'call')}{refused}",
        "cost": f"€ {words.euros(each.cost)}",
    }
