"""A gateway with a hole: one field of chat completions is passed on and never scanned. `uvicorn holed_gateway:application`

It is the product's own but for that, so a census that does not find the hole would not find one of ours.
"""

from governance.gateway.asgi import application
from governance.gateway.dialects.openai.chat import CHAT

FIELD = "user"
_whole = CHAT.request


def _blind(value, spot, texts):
    """Walk as ever, then forget what stood in one field."""
    found = []
    _whole(value, spot, found)
    texts += [each for each in found if each.place != FIELD]


object.__setattr__(CHAT, "request", _blind)
__all__ = ["application"]
