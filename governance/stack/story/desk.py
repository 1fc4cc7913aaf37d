"""What approvers meet at Alder Mutual besides single requests: the like of one another, somebody away, an exception."""

from datetime import timedelta
from uuid import UUID

from governance.approvals.overriding import OverrideVerdict
from governance.approvals.services import ask_override, confirm_override, end_overrides, review_override
from governance.core.actors import CLOCK
from governance.organisation.services import delegate
from governance.remits.services import Outcome
from governance.stack.story.cast import Cast
from governance.stack.story.titles import CALLS, REPLIES


def go_away_and_make_exceptions(cast: Cast, outcomes: dict[str, Outcome]) -> None:
    """Let Lukas go on leave, and two requests be let through for some hours: one reviewed, one waiting for it."""
    told_at = cast.calendar.told_at
    delegate(
        deputy_id=cast.people["arya"].pk,
        starts_at=cast.calendar.day(20),
        ends_at=told_at + timedelta(days=12),
        reason="On leave until the twelfth day from now.",
        by=cast.actor("lukas"),
        at=cast.calendar.day(19),
    )
    reviewed = _let_through(cast, outcomes[REPLIES], day=17, reason="Hail over Bern: the portal takes 9,000 messages.")
    review_override(
        override_id=reviewed,
        verdict=OverrideVerdict.JUSTIFIED,
        finding="Three hours, 412 calls, nothing found in them. The usual approval is on its way.",
        by=cast.actor("nora"),
        at=cast.calendar.day(18),
    )
    _let_through(cast, outcomes[CALLS], day=20, reason="Half of the phone staff is ill; summaries save their evening.")


def _let_through(cast: Cast, outcome: Outcome, *, day: int, reason: str) -> UUID:
    """Let Ines ask and Samir confirm an override of three hours that has ended since; return its id."""
    at = cast.calendar.day(day)
    if outcome.request_id is None:
        raise LookupError("only what people decide can be overridden")
    asked = ask_override(request_id=outcome.request_id, reason=reason, hours=3, by=cast.actor("ines"), at=at)
    confirm_override(override_id=asked.pk, by=cast.actor("samir"), at=at + timedelta(minutes=10))
    end_overrides(by=CLOCK, at=at + timedelta(hours=4))
    return asked.pk
