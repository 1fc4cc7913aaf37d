"""Writes of notices, by what they are about."""

from governance.notices.services.preferences import set_preferences
from governance.notices.services.reading import forget, mark_all_read, mark_read
from governance.notices.services.sending import close_try, lose_try, put_off, send_again
from governance.notices.services.telling import notify, spread
from governance.notices.services.webhooks import (
    TEST,
    add_webhook,
    call_again,
    edit_webhook,
    remove_webhook,
    replace_secret,
    send_test,
    switch_webhook,
)

__all__ = [
    "TEST",
    "add_webhook",
    "call_again",
    "close_try",
    "edit_webhook",
    "forget",
    "lose_try",
    "mark_all_read",
    "mark_read",
    "notify",
    "put_off",
    "remove_webhook",
    "replace_secret",
    "send_again",
    "send_test",
    "set_preferences",
    "spread",
    "switch_webhook",
]
