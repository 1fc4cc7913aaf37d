"""Paul, the policy admin of Alder Mutual, drafts stricter rules and looks at what they would have changed."""

from governance.approvals.selectors.workflows import source_of, workflow_for
from governance.approvals.services import save_draft, start_draft, start_replay
from governance.stack.story.cast import Cast

SECURITY = """      - if: classification.at_least("confidential")"""
PERSONAL = """      - if: size(personal_data) > 0
        because: It holds personal data.
        otherwise: It holds no personal data.
"""
TIED = """attach:
  - if: '"public_api" in hostings'
    because: What leaves our own cloud tells as little as it can and is looked at again sooner.
    way: placeholder
    longest_days: 180
"""


def draft_rules(cast: Cast) -> None:
    at, paul = cast.calendar.told_at, cast.actor("paul")
    begun = start_draft(name="default", by=paul, at=at)
    in_force = source_of(workflow_for("default", at=at))
    stricter = in_force.replace(SECURITY, PERSONAL + SECURITY).replace("stages:", TIED + "stages:", 1)
    kept = save_draft(draft_id=begun.pk, source=stricter, revision=begun.revision, by=paul, at=at)
    start_replay(draft_id=kept.pk, last=1000, by=paul, at=at)
