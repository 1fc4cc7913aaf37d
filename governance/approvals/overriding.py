"""When two people may set a decision aside for a day, and who reviews that afterwards. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from governance.approvals.rules import RequestState
from governance.core.verdict import Allowed, Denied, Verdict

LONGEST_OVERRIDE_HOURS = 24
CONFIRM_WITHIN = timedelta(hours=24)  # an emergency that nobody shared within a day was none
# An open request whose decision does not come, and a no. What was withdrawn or overtaken has nobody who asks for it.
OVERRIDABLE = frozenset({RequestState.IN_REVIEW, RequestState.REJECTED})


class OverrideState(StrEnum):
    ASKED = "asked"
    UNCONFIRMED = "unconfirmed"  # nobody confirmed it in time; nothing happened
    HOLDS = "holds"
    TO_REVIEW = "to_review"
    REVIEWED = "reviewed"


class OverrideVerdict(StrEnum):
    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


@dataclass(frozen=True, slots=True)
class OverrideTimes:
    """What the state of an override follows from."""

    asked_at: datetime
    ends_at: datetime | None  # None until a second person confirmed it
    reviewed_at: datetime | None


def override_state(times: OverrideTimes, *, at: datetime) -> OverrideState:
    if times.ends_at is None:
        return OverrideState.ASKED if at < times.asked_at + CONFIRM_WITHIN else OverrideState.UNCONFIRMED
    if at < times.ends_at:
        return OverrideState.HOLDS
    return OverrideState.REVIEWED if times.reviewed_at else OverrideState.TO_REVIEW


def may_override(*, state: RequestState, apart: Verdict, overridden_before: bool) -> Verdict:
    """Say whether an override can be asked for. `apart` is rules.may_take_part of the person."""
    if state not in OVERRIDABLE:
        return Denied("nothing_to_override", "Only a request in review or a rejected one can be overridden.")
    if overridden_before:
        longer = "This version was overridden once; a second time would make a day into two."
        return Denied("overridden_before", longer, "Ask for the usual approval.")
    if isinstance(apart, Denied):
        return Denied(apart.code, "Whoever asked or wrote what is asked cannot override its decision.", apart.remedy)
    return Allowed()


def may_confirm(*, state: OverrideState, asked_by: UUID, person: UUID) -> Verdict:
    """Say whether `person` may be the second of the two."""
    if state is not OverrideState.ASKED:
        return Denied("not_asked_for", "There is no override that waits for a second person.")
    if person == asked_by:
        return Denied("needs_another", "An override takes two different people.", "Ask somebody else to confirm it.")
    return Allowed()


def may_review(*, state: OverrideState, apart: frozenset[UUID], person: UUID) -> Verdict:
    """Say whether `person` may review an override; `apart` are the two, who asked, and who wrote it."""
    if state is not OverrideState.TO_REVIEW:
        return Denied("nothing_to_review", "An override is reviewed once, after it has ended.")
    if person in apart:
        return Denied("own_override", "Whoever took part in an override does not review it.", "Another person does.")
    return Allowed()
