"""The stop: whom it concerns, what it says, and how two people lift it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from governance.core.errors import NotAllowed
from governance.core.verdict import Allowed, Denied, Verdict

STOPPED = "stopped"
LIFT_ASK_LIFE = timedelta(hours=24)  # a wish to lift that nobody confirmed for so long is asked again
DRILL_LIFE_S = 60  # a process that answers a drill later was not there to be measured
ALIVE_S = 10  # without a sign of life for so long a process is not waited for
LONGEST_REASON = 500  # it stands in every refusal


class StopScope(StrEnum):
    """What sends nothing any more, the widest first. A person's are the keys they made."""

    EVERYTHING = "everything"
    DESTINATION = "destination"
    INITIATIVE = "initiative"
    PERSON = "person"


class StopState(StrEnum):
    """A drill never held anything up."""

    IN_FORCE = "in_force"
    LIFT_ASKED = "lift_asked"
    LIFTED = "lifted"
    DRILL = "drill"


@dataclass(frozen=True, slots=True)
class Sending:
    """What is to be sent: who made the key (None for a release, which needs none), for which initiative, toward where (None while that is not known)."""

    person: UUID | None
    initiative: UUID
    destination: UUID | None


@dataclass(frozen=True, slots=True)
class InForce:
    """A stop as the gateway reads it; `target` is None for everything."""

    id: UUID
    scope: StopScope
    target: UUID | None
    reason: str

    def concerns(self, sending: Sending) -> bool:
        match self.scope:
            case StopScope.EVERYTHING:
                return True
            case StopScope.DESTINATION:
                return self.target == sending.destination
            case StopScope.INITIATIVE:
                return self.target == sending.initiative
            case StopScope.PERSON:
                return self.target == sending.person


TOLD = {
    StopScope.EVERYTHING: "Nothing is sent to any model now.",
    StopScope.DESTINATION: "Nothing is sent to this destination now.",
    StopScope.INITIATIVE: "This initiative sends nothing now.",
    StopScope.PERSON: "Keys of the person who made this one send nothing now.",
}
REMEDY = "Sending it again does not help: two people have to lift the stop. Ask security; the page Stops shows how it stands."


def stop_on(stops: Sequence[InForce], sending: Sending) -> InForce | None:
    """Return the widest of the stops that concern what is being sent."""
    if not stops:
        return None
    order = list(StopScope)
    return min(
        (stop for stop in stops if stop.concerns(sending)), key=lambda stop: order.index(stop.scope), default=None
    )


def refusal_of(stop: InForce) -> NotAllowed:
    return NotAllowed(STOPPED, f"{TOLD[stop.scope]} The reason given: {stop.reason.rstrip('.')}.", remedy=REMEDY)


def require_unstopped(stops: Sequence[InForce], sending: Sending) -> None:
    """Do nothing when no stop concerns what is being sent.

    Raises:
        NotAllowed: `stopped`, with the reason of the widest.
    """
    if (stop := stop_on(stops, sending)) is not None:
        raise refusal_of(stop)


def state_of(*, drill: bool, lifted_at: datetime | None, lift_asked_at: datetime | None, at: datetime) -> StopState:
    if drill:
        return StopState.DRILL
    if lifted_at is not None:
        return StopState.LIFTED
    waits = lift_asked_at is not None and at < lift_asked_at + LIFT_ASK_LIFE
    return StopState.LIFT_ASKED if waits else StopState.IN_FORCE


def may_ask_lift(state: StopState, *, stopped: UUID | None, person: UUID | None) -> Verdict:
    """`stopped` is the person whose keys the stop holds up, None when it holds up something else."""
    if state is StopState.LIFT_ASKED:
        return Denied("lift_asked_already", "Somebody has asked to lift it.", "A second person confirms that.")
    return _may_touch(state, stopped=stopped, person=person)


def may_confirm_lift(state: StopState, *, asked_by: UUID | None, stopped: UUID | None, person: UUID | None) -> Verdict:
    if state is StopState.IN_FORCE:
        return Denied("lift_not_asked", "Nobody asks to lift this stop now.", "Ask for it; a second person confirms.")
    if state is StopState.LIFT_ASKED and person == asked_by:
        return Denied("own_request", "You asked for it yourself.", "A second person has to confirm.")
    return _may_touch(state, stopped=stopped, person=person)


def may_keep(state: StopState, *, stopped: UUID | None, person: UUID | None) -> Verdict:
    """Say whether `person` may set aside the wish to lift a stop; whoever asked may take it back."""
    if state is StopState.IN_FORCE:
        return Denied("lift_not_asked", "Nobody asks to lift this stop now.", "It holds as it is.")
    return _may_touch(state, stopped=stopped, person=person)


def _may_touch(state: StopState, *, stopped: UUID | None, person: UUID | None) -> Verdict:
    if state is StopState.DRILL:
        return Denied("only_a_drill", "This was a drill: it holds nothing up.")
    if state is StopState.LIFTED:
        return Denied("lifted_already", "This stop has been lifted.")
    if person is None:
        return Denied("not_a_person", "A stop is lifted by people, not by processes.")
    if person == stopped:
        return Denied("own_stop", "Whoever is stopped does not lift the stop.", "Ask somebody in security.")
    return Allowed()
