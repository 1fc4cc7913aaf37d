"""The page of the log: what happened, to what, by whom, in the order in which it was sealed."""

import re
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from governance.audit import selectors
from governance.audit.events import EventKind
from governance.audit.selectors import LoggedEvent
from governance.core.actors import ActorKind
from governance.organisation.directory import names_of
from governance.organisation.selectors import paths_for
from governance.web.frame.access import holds, requires, standing
from governance.web.frame.forms import days_of
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState

READ, EXPORT = "audit:event:read_own_unit", "audit:event:export"
EXPORT_URL = "/api/v1/audit/events?after=-1"
# Kinds of subject that a page of this name shows by their id.
PAGES = (
    "unit",
    "initiative",
    "contest",
    "overlap",
    "dataset",
    "destination",
    "pattern",
    "request",
    "stop",
    "observation",
)
# Of these not every reader of the log may read the page.
APART = {
    "person": "organisation:person:read",
    "exchange": "gateway:exchange:read",
    "run": "gateway:exchange:read",
    "training_set": "training:set:read",
}
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SHOWN = 8  # characters of an id; the whole stands in the details
AREAS = sorted({kind.partition(".")[0] for kind in EventKind})
SPEC = ListSpec(
    sorts={"number": "Number"},
    default_sort="-number",
    filters=(
        Filter("subject", "About", hint="person:… or initiative:…"),
        Filter("area", "Area", [(area, area.capitalize()) for area in AREAS]),
        Filter(
            "kind",
            "What happened",
            [(kind.value, kind.value.partition(".")[2].replace("_", " ")) for kind in EventKind],
        ),
        Filter("since", "From", kind="date"),
        Filter("until", "To", kind="date"),
    ),
    noun="event",
)


@requires(READ)
def audit(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    since, until = days_of(state)
    found = selectors.events(
        paths=paths_for(standing(request), READ),
        kinds=_kinds(state),
        subject=state.value("subject"),
        since=since,
        until=until,
        newest_first=state.descending,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, _rows(found.rows, _shown_to(request)), found.total, found.more)
    may_export = holds(request, EXPORT)
    return page_or_part(
        request, "audit/list.html", "rows", {"page": page, "export_url": EXPORT_URL if may_export else ""}
    )


def _kinds(state: ListState) -> list[str]:
    kind, area = state.value("kind"), state.value("area")
    if kind:
        return [kind]
    return [each.value for each in EventKind if each.startswith(f"{area}.")] if area else []


def _shown_to(request: HttpRequest) -> set[str]:
    """Return the kinds of subject whose pages the reader may open."""
    return {*PAGES, *(kind for kind, permission in APART.items() if holds(request, permission))}


def _rows(found: list[LoggedEvent], shown: set[str]) -> list[dict[str, Any]]:
    bodies = [event.body for event in found]
    refs = {ref for body in bodies for ref in (body["actor"]["ref"], body["subject"].partition(":")[2])}
    names = {str(key): name for key, name in names_of({UUID(ref) for ref in refs if ID.fullmatch(ref)}).items()}
    return [_row(event, body, names, shown) for event, body in zip(found, bodies, strict=True)]


def _row(event: LoggedEvent, body: dict[str, Any], names: dict[str, str], shown: set[str]) -> dict[str, Any]:
    actor, detail = body["actor"], [(name.replace("_", " "), value) for name, value in body["detail"].items()]
    subject, url = subject_link(event.subject, names, shown)
    return {
        "number": event.idx,
        "at": event.occurred_at,
        "happened": event.kind.partition(".")[2].replace("_", " ").capitalize(),
        "kind": event.kind,
        "subject": subject,
        "url": url,
        "actor": names.get(actor["ref"]) or actor_said(event.actor),
        "on_behalf_of": actor["on_behalf_of"],
        "detail": [
            *detail,
            ("about", event.subject),
            ("event", body["id"]),
            ("request", body["request_id"] or "none"),
            ("leaf", event.leaf_hash),
        ],
    }


def subject_link(subject: str, names: dict[str, str], shown: Collection[str]) -> tuple[str, str]:
    """Return how the subject is shown and the page that shows it, "" when there is none."""
    kind, _, ref = subject.partition(":")
    if not ID.fullmatch(ref):
        return subject, ""
    title = names.get(ref) or f"{kind.replace('_', ' ')} …{ref[-SHOWN:]}"
    return title, reverse(kind, args=[ref]) if kind in shown else ""


def actor_said(named: str) -> str:
    """Return who acted, where it is nobody who has a name: "Remit: sign in" for a process of ours."""
    kind, _, ref = named.partition(":")
    return f"Remit: {ref.replace('_', ' ')}" if kind == ActorKind.PROCESS else named
