"""What deciding side by side would spare, where nobody else's requests are counted."""

from datetime import timedelta

import asking
import builders
import scope as things
from governance.approvals.rules import DecisionKind
from governance.insights.pace import side_by_side
from governance.insights.scope import scope_for
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of


def test_a_no_at_the_first_step_alone_is_no_pair(group, claims, owner, letters, tenant, it, steward, security):
    refused = asking.sent(things.initiative(claims, by=owner), [asking.grant(letters, tenant)], by=owner)
    asking.say(DecisionKind.REJECT, refused, by=it, comment="No.", at=asking.AT + asking.HOUR)
    reader = standing_of(builders.person(Role.EXECUTIVE, group).pk)
    assert side_by_side(scope_for(reader, at=asking.AT + timedelta(days=30))) == []
