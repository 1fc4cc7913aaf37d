"""GenAI undertakings and who says they own them."""

from governance.initiatives.models.claims import Claim
from governance.initiatives.models.initiatives import Initiative, Member

__all__ = ["Claim", "Initiative", "Member"]
