"""Call transcripts do not reach for everybody: two units ask for them, and a round is open."""

from governance.catalogue.selectors import dataset_named
from governance.organisation.services import comment_on_record
from governance.remits.allocations import Scarcity
from governance.remits.models import Entry
from governance.remits.services import mark_dataset, state_case
from governance.stack.story.cast import Cast
from governance.stack.story.titles import CALLS, REPLIES

DAY = 20
WHY = "The recordings are transcribed by hand: 200 hours a month, and not for two at once."
CASES = {  # initiative -> who speaks, what it is worth, who benefits
    CALLS: ("sofia", "Four minutes saved after each of 300 calls a day.", "Agents, and customers who call twice."),
    REPLIES: ("priya", "Half of the replies need no second look.", "Customers who write in the portal."),
}
COMMENT = "New agents learn in their first week what may not leave; until then a colleague sits beside them."


def open_round(cast: Cast) -> None:
    """Mark the transcripts as scarce, so that the requests for them wait in one round, and let both make their case."""
    at = cast.calendar.day(DAY)
    scarce = dataset_named("call-transcripts")
    by = cast.actor("dana")
    mark_dataset(dataset_id=scarce.pk, scarcity=Scarcity.SCARCE, why=WHY, until=None, round_days=14, by=by, at=at)
    for entry in Entry.objects.select_related("remit__initiative").order_by("pk"):
        login, value, beneficiaries = CASES[entry.remit.initiative.title]
        state_case(
            entry_id=entry.pk,
            expected_value=value,
            beneficiaries=beneficiaries,
            by=cast.actor(login),
            at=cast.calendar.day(DAY, hour=2),
        )
    by, hour = cast.actor("sofia"), cast.calendar.day(DAY, hour=3)
    comment_on_record(unit_id=cast.units["sales"].pk, text=COMMENT, by=by, at=hour)
