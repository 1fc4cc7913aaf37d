"""A version of the ruleset that Nora wants: numbers masked, names replaced so that a letter still reads, marked texts held. It runs in shadow."""

from governance.detection.policy import Verdict
from governance.detection.ways import Way
from governance.scanning.changing import Changes, RuleChange
from governance.scanning.selectors import ruleset_in_force
from governance.scanning.services import make_version, run_in_shadow
from governance.stack.story.cast import Cast

ANALYST, DAY = "nora", 20
WANTED = Changes(
    {
        "identifier": RuleChange(Verdict.REDACT, Way.MASK),
        "contact_data": RuleChange(Verdict.REDACT, Way.STAND_IN),
        "confidential_marking": RuleChange(Verdict.HOLD),
    }
)


def try_a_version(cast: Cast) -> None:
    by, at = cast.actor(ANALYST), cast.calendar.day(DAY)
    made = make_version(basis=ruleset_in_force().version, changes=WANTED, by=by, at=at)
    run_in_shadow(version=made.version, on=True, by=by, at=at)
