"""GenAI undertakings and who says they own them."""

from governance.initiatives.models.claims import Claim
from governance.initiatives.models.initiatives import Initiative, Member
from governance.initiatives.models.overlaps import JoinRequest, Overlap, PurposeTerms

__all__ = ["Claim", "Initiative", "JoinRequest", "Member", "Overlap", "PurposeTerms"]
