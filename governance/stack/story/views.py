"""How some of the people look at lists: views that they keep for themselves."""

from governance.organisation.services import save_view
from governance.stack.story.cast import Cast

DAY = 20
VIEWS = [  # who, the name of the list's address, what they call it, the query of the address
    ("nora", "exchanges", "Refused", "verdict=block"),
    ("nora", "exchanges", "Held for two people", "verdict=hold"),
    ("bea", "exchanges", "Parts replaced", "verdict=redact"),
    ("lea", "initiatives", "Active ones", "state=active"),
]


def save_views(cast: Cast) -> None:
    at = cast.calendar.day(DAY)
    for login, list_name, title, query in VIEWS:
        save_view(list_name=list_name, title=title, query=query, by=cast.actor(login), at=at)
