"""What follows when somebody lets another decide in their place."""

from datetime import datetime
from uuid import UUID

from governance.core.actors import Actor
from governance.notices.services import notify
from governance.organisation.away import delegation_of


def tell_deputy(*, delegation_id: UUID, by: Actor, at: datetime) -> None:
    """Tell the deputy; in the transaction of the delegation, so that nobody hears of one that did not come about."""
    deputy, giver = delegation_of(delegation_id)
    text = f"You decide in place of {giver} for a time. What waits for them waits for you, too."
    notify(people=[deputy], kind="approvals.deputy", text=text, link="/away/", by=by, at=at)
