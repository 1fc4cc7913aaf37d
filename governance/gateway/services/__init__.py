"""What the web process writes of the gateway. What the gateway process writes is in `exchanges`, which it imports itself."""

from governance.gateway.services.justifications import justify, review_justification
from governance.gateway.services.unused import propose_unused

__all__ = ["justify", "propose_unused", "review_justification"]
