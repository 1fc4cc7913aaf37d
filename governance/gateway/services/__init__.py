"""What the web process writes of the gateway. What the gateway process writes is in `exchanges`, which it imports itself."""

from governance.gateway.services.justifications import justify, review_justification

__all__ = ["justify", "review_justification"]
