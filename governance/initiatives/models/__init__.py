"""GenAI undertakings, who says they own them, and who decided."""

from governance.initiatives.models.claims import Claim
from governance.initiatives.models.contests import Appeal, Contest, ContestComment, Ruling, Statement
from governance.initiatives.models.initiatives import Initiative, Member
from governance.initiatives.models.overlaps import JoinRequest, Overlap, PurposeTerms
from governance.initiatives.models.ownership import Accountability, Capability, Involved, Transfer

__all__ = [
    "Accountability",
    "Appeal",
    "Capability",
    "Claim",
    "Contest",
    "ContestComment",
    "Initiative",
    "Involved",
    "JoinRequest",
    "Member",
    "Overlap",
    "PurposeTerms",
    "Ruling",
    "Statement",
    "Transfer",
]
