"""Writes of notices, by what they are about."""

from governance.notices.services.preferences import set_preferences
from governance.notices.services.reading import forget, mark_all_read, mark_read
from governance.notices.services.sending import close_try, lose_try, put_off, send_again
from governance.notices.services.telling import notify, spread

__all__ = [
    "close_try",
    "forget",
    "lose_try",
    "mark_all_read",
    "mark_read",
    "notify",
    "put_off",
    "send_again",
    "set_preferences",
    "spread",
]
