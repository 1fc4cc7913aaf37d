"""Views of lists that a person keeps for themselves: nobody else reads them, and nothing is decided by them."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.organisation.models import Person, SavedView
from governance.organisation.rules import LONGEST_VIEW_QUERY, MOST_VIEWS, view_title_fault


@transaction.atomic
def save_view(*, list_name: str, title: str, query: str, by: Actor, at: datetime) -> SavedView:
    """Keep a filter of the list `list_name` for the actor; `query` is that of its address.

    Raises:
        NotAllowed: "nobody", for a process. Invalid: "bad_name", "nothing_chosen", "query_too_long".
        Conflict: "name_taken", "too_many_views".
    """
    # Two windows of one person: the second counts what the first has saved.
    person = Person.objects.select_for_update().get(pk=_person(by))
    _require_title(title)
    if not query:
        raise Invalid("nothing_chosen", "This would show the whole list.", remedy="Choose a filter of the list first.")
    if len(query) > LONGEST_VIEW_QUERY:
        limit = f"A filter that is kept has at most {LONGEST_VIEW_QUERY:,} characters."
        raise Invalid("query_too_long", limit, remedy="Search for fewer words.")
    if SavedView.objects.filter(person=person, list_name=list_name).count() >= MOST_VIEWS:
        raise Conflict(
            "too_many_views",
            f"You keep {MOST_VIEWS} views of this list, and that is the most.",
            remedy="Remove one that you no longer need.",
        )
    view = SavedView(person=person, list_name=list_name, title=title.strip(), query=query, saved_at=at)
    return _written(view)


@transaction.atomic
def rename_view(*, view_id: UUID, title: str, by: Actor, at: datetime) -> SavedView:  # noqa: ARG001 - all writes say when
    """Give a view of the actor's own another name.

    Raises:
        NotFound: "no_such_view", also for somebody else's. Invalid: "bad_name". Conflict: "name_taken".
    """
    view = _own(view_id, by)
    _require_title(title)
    view.title = title.strip()
    return _written(view)


@transaction.atomic
def remove_view(*, view_id: UUID, by: Actor, at: datetime) -> SavedView:  # noqa: ARG001 - all writes say when
    """Remove a view of the actor's own, and return what it was.

    Raises:
        NotFound: "no_such_view", also for somebody else's.
    """
    view = _own(view_id, by)
    SavedView.objects.filter(pk=view.pk).delete()
    return view


def _person(by: Actor) -> UUID:
    if by.person is None:
        raise NotAllowed("nobody", "Only a person keeps views.")
    return by.person


def _own(view_id: UUID, by: Actor) -> SavedView:
    view = SavedView.objects.select_for_update().filter(pk=view_id, person_id=_person(by)).first()
    if view is None:
        raise NotFound("no_such_view", "There is no such view of yours.", remedy="It may have been removed.")
    return view


def _require_title(title: str) -> None:
    if fault := view_title_fault(title):
        raise Invalid("bad_name", fault, field="title")


def _written(view: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as taken:
        raise Conflict(
            "name_taken", f"You have a view of this list called “{view.title}” already.", field="title"
        ) from taken
    return view
