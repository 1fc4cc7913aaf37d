"""Views of lists that the reader keeps, as they stand above a list. What is kept is the query of its address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from governance.organisation.saved_views import ViewRow, saved_views
from governance.web.frame.access import reader
from governance.web.frame.lists import ListState, narrowing

LISTS: Mapping[str, str] = {  # name of the list's address -> what the list is called
    "inbox": "Waiting for me",
    "decided": "Decided",
    "asked": "What I asked",
    "initiatives": "Initiatives",
    "contests": "Contested",
    "overlaps": "Overlaps",
    "datasets": "Data",
    "destinations": "Destinations",
    "training_sets": "Training sets",
    "exchanges": "What left",
    "observing": "Only observed",
    "audit": "Audit",
    "people": "People",
}


@dataclass(frozen=True, slots=True)
class Chip:
    title: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands above one list. `offered`: the list is narrowed now, and by no view that is kept already."""

    chips: Sequence[Chip]
    query: str
    offered: bool
    save_url: str
    manage_url: str


def kept_of(request: HttpRequest) -> list[ViewRow] | None:
    """Return the reader's views of the list at this address; None where none can be kept."""
    name = (request.resolver_match and request.resolver_match.url_name) or ""
    return saved_views(reader(request).pk, name) if name in LISTS else None


def shown(list_name: str, rows: Sequence[ViewRow], state: ListState) -> Saved:
    """Return the views `rows` of a list as they stand above it."""
    present, home = narrowing(state.url()), reverse(list_name)
    chips = [Chip(row.title, f"{home}?{row.query}", row.query == present) for row in rows]
    return Saved(
        chips,
        present,
        bool(present) and not any(chip.current for chip in chips),
        reverse("view_save", args=[list_name]),
        reverse("saved_views", args=[list_name]),
    )
