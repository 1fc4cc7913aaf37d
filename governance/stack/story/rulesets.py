"""What Nora changes in the ruleset: what is marked restricted is held for two people, which is in force.

What she wants next runs in shadow: numbers masked, names replaced so that a letter still reads, confidential texts held too.
"""

from governance.detection.policy import Verdict
from governance.detection.ways import Way
from governance.scanning.changing import Changes, RuleChange
from governance.scanning.selectors import ruleset_in_force
from governance.scanning.services import make_version, put_in_force, run_in_shadow
from governance.stack.story.cast import Cast

ANALYST, APPROVER = "nora", "samir"
HELD_DAY, DAY = 19, 20
HELD = Changes({"restricted_marking": RuleChange(Verdict.HOLD)})
WANTED = Changes(
    {
        "identifier": RuleChange(Verdict.REDACT, Way.MASK),
        "contact_data": RuleChange(Verdict.REDACT, Way.STAND_IN),
        "confidential_marking": RuleChange(Verdict.HOLD),
    }
)


def hold_what_is_restricted(cast: Cast) -> None:
    """What is marked restricted was refused; now two people of security look at it first."""
    at = cast.calendar.day(HELD_DAY)
    made = make_version(basis=ruleset_in_force().version, changes=HELD, by=cast.actor(ANALYST), at=at)
    put_in_force(version=made.version, by=cast.actor(APPROVER), at=at)


def try_a_version(cast: Cast) -> None:
    by, at = cast.actor(ANALYST), cast.calendar.day(DAY)
    made = make_version(basis=ruleset_in_force().version, changes=WANTED, by=by, at=at)
    run_in_shadow(version=made.version, on=True, by=by, at=at)
