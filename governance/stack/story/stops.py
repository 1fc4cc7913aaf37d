"""A drill of everything, and a stop of one destination that two people lifted after an hour."""

from datetime import datetime, timedelta

from governance.core.actors import GATEWAY
from governance.gateway.models import Stop
from governance.gateway.services.stops import ask_lift, confirm_lift, note_effect, place_stop
from governance.gateway.stopping import StopScope
from governance.stack.story.cast import Cast

ANALYST, SECOND, PLACE = "nora", "samir", "quillon-eu"
DRILLED = (("gateway-1:212", 187, 3), ("gateway-2:214", 412, 1))  # process, milliseconds, open calls
STOPPED = (("gateway-1:212", 305, 2), ("gateway-2:214", 398, 0))


def stop_and_drill(cast: Cast) -> None:
    """Let security try the stop, need it a week later, and lift it."""
    by, at = cast.actor(ANALYST), cast.calendar.day(12)
    reason = "Quarterly exercise, announced to all units."
    drill = place_stop(scope=StopScope.EVERYTHING, target=None, reason=reason, drill=True, by=by, at=at)
    _answer(drill, DRILLED, at=at)
    at = cast.calendar.day(19)
    reason = "Quillon reports that answers of other customers reached some accounts."
    stop = place_stop(scope=StopScope.DESTINATION, target=PLACE, reason=reason, by=by, at=at)
    _answer(stop, STOPPED, at=at)
    mended = "Quillon has mended it, in writing; none of our accounts was among them."
    ask_lift(stop_id=stop.pk, reason=mended, by=by, at=at + timedelta(minutes=50))
    confirm_lift(stop_id=stop.pk, by=cast.actor(SECOND), at=at + timedelta(hours=1))


def _answer(stop: Stop, processes: tuple[tuple[str, int, int], ...], *, at: datetime) -> None:
    """Write down what the processes of that day said: no gateway runs while the story is told."""
    for process, took, calls in processes:
        moment, told = at + timedelta(milliseconds=took), {"milliseconds": took, "calls": calls}
        note_effect(stop_id=stop.pk, process=process, **told, by=GATEWAY, at=moment)
