"""Writes about where data can go. All of them are for the whole organisation, so the root unit's roles count."""

from governance.destinations.services.keys import set_provider_key
from governance.destinations.services.places import (
    add_provider,
    edit_destination,
    open_destination,
    propose_destination,
    retire_destination,
    set_reply_check,
    set_unread,
    suspend_destination,
)
from governance.destinations.services.prices import set_price
from governance.destinations.services.terms import set_terms

__all__ = [
    "add_provider",
    "edit_destination",
    "open_destination",
    "propose_destination",
    "retire_destination",
    "set_price",
    "set_provider_key",
    "set_reply_check",
    "set_terms",
    "set_unread",
    "suspend_destination",
]
