"""Customers of the reply assistant sign in: each call says, proven, whose it is."""

from governance.gateway.end_users import USUAL_CLAIM, USUAL_HEADER
from governance.gateway.services.issuers import set_issuer
from governance.initiatives.models import Initiative
from governance.stack.story.cast import Cast
from governance.stack.story.titles import REPLIES

HEAD = "priya"


def verify_customers(cast: Cast, initiatives: dict[str, Initiative]) -> None:
    """Let the head of Digital name the provider where customers sign in."""
    set_issuer(
        initiative=initiatives[REPLIES].code,
        header=USUAL_HEADER,
        issuer="https://login.alder.example/",
        audience="reply-assistant",
        claim=USUAL_CLAIM,
        jwks_url="https://login.alder.example/keys",
        keys="",
        replaces=None,
        by=cast.actor(HEAD),
        at=cast.calendar.day(17),
    )
