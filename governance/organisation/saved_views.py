"""What a person keeps of the lists they look at."""

from dataclasses import dataclass
from uuid import UUID

from governance.organisation.models import SavedView


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One view. `query` is that of the list's address, its names in order, without "?"."""

    id: UUID
    list_name: str
    title: str
    query: str


def saved_views(person_id: UUID, list_name: str) -> list[ViewRow]:
    """Return the views that somebody keeps of one list, by name."""
    kept = SavedView.objects.filter(person_id=person_id, list_name=list_name).order_by("title", "pk")
    return [_row(view) for view in kept]


def saved_view(person_id: UUID, view_id: UUID) -> ViewRow | None:
    """Return one view of somebody's own; None for one that is not there or not theirs."""
    view = SavedView.objects.filter(person_id=person_id, pk=view_id).first()
    return _row(view) if view else None


def _row(view: SavedView) -> ViewRow:
    return ViewRow(view.pk, view.list_name, view.title, view.query)
