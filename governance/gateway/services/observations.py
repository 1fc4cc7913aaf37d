"""Ask that most rules are only observed for a while; begin that, end it early, let it end by itself. Called by the web process and the clock."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from governance.approvals.locks import hold_subject
from governance.approvals.rules import REVISABLE
from governance.approvals.selectors import request_of
from governance.approvals.services import open_request, revise
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.core.verdict import require
from governance.core.vocabulary import Mode
from governance.core.wording import says_nothing
from governance.destinations.selectors import destination_row, terms_in_force
from governance.gateway.models import Observation
from governance.gateway.observing import (
    LONGEST_REASON,
    OPEN_OBSERVATION,
    WARN_BEFORE,
    Because,
    ObservationState,
    days_left,
    may_ask,
    may_move,
)
from governance.gateway.selectors.observations import (
    link_of,
    observable,
    path_of,
    periods_of,
    sentence_of,
    told_of,
    visible_observations,
)
from governance.initiatives.locks import lock_initiative
from governance.initiatives.selectors import initiative_seen
from governance.notices.services import notify
from governance.organisation.selectors import authorize, standing_of
from governance.remits.models import Grant
from governance.remits.rules import LIVE_GRANT
from governance.work.batches import each_row

KIND = "observation"
ASK, END = "gateway:observation:ask", "gateway:observation:end"


@transaction.atomic
def ask_to_observe(
    *, initiative: str | UUID, destination: str | UUID, days: int, reason: str, by: Actor, at: datetime
) -> Observation:
    """Ask security that most rules are only observed toward a destination, for `days` from their yes.

    Raises:
        NotFound: no such initiative or destination. NotAllowed: the permission; `no_grant`, `not_observable`, `observed_enough`.
        Invalid: `wrong_days`, the reason. Conflict: `asked_already`.
    """
    found = initiative_seen(initiative, standing_of(by.person) if by.person else None)
    place = destination_row(destination, at=at)
    authorize(by, ASK, found.accountable_unit.path)
    if by.person is None:
        raise Invalid("no_person", "Observing needs a person who asks for it.")
    lock_initiative(found.pk)
    open_now = Observation.objects.filter(initiative=found, destination_id=place.id)
    if open_now.filter(state__in=OPEN_OBSERVATION).exists():
        raise Conflict(
            "asked_already", "This is asked for or in force already.", remedy="Its page shows how it stands."
        )
    asked = Observation(initiative=found, destination_id=place.id, asked_by_id=by.person, asked_at=at)
    _state_wish(asked, days, reason, at=at)
    asked.save(force_insert=True)
    _record(EventKind.OBSERVE_ASKED, asked, by=by, at=at, days=days, reason_characters=len(asked.reason))
    open_request(subject_kind=KIND, subject_id=asked.pk, by=by, at=at)
    return asked


@transaction.atomic
def ask_again(*, observation_id: UUID, days: int, reason: str, by: Actor, at: datetime) -> Observation:
    """Answer what security wanted changed: other days, another reason, or the terms as they are now.

    Raises:
        NotFound, NotAllowed, Invalid: as ask_to_observe. Conflict: security did not ask for a change.
    """
    asked = _locked(observation_id, by)
    authorize(by, ASK, path_of(asked))
    request = request_of(KIND, asked.pk)
    if request is None or request.state not in REVISABLE:
        raise Conflict("not_open_for_changes", "Nobody waits for a change of this.", remedy="Withdraw it and ask anew.")
    _state_wish(asked, days, reason, at=at)
    asked.save(update_fields=["days", "reason", "terms"])
    _record(EventKind.OBSERVE_ASKED, asked, by=by, at=at, days=days, reason_characters=len(asked.reason))
    revise(request_id=request.id, by=by, at=at)
    return asked


@transaction.atomic
def begin_observing(*, observation_id: UUID, by: Actor, at: datetime) -> Observation:
    """Security said yes: from now on, for as many days as were asked for, most rules are only observed."""
    asked = _moved(observation_id, ObservationState.IN_FORCE)
    require(observable(asked.initiative_id, asked.destination_id, at=at))
    asked.starts_at, asked.ends_at = at, at + timedelta(days=asked.days)
    asked.save(update_fields=["state", "starts_at", "ends_at"])
    _record(EventKind.OBSERVE_BEGAN, asked, by=by, at=at, ends_at=asked.ends_at.isoformat())
    _tell("gateway.observe_began", f"From now on {sentence_of(asked)}.", asked, by=by, at=at)
    return asked


@transaction.atomic
def close_wish(*, observation_id: UUID, to: ObservationState, by: Actor, at: datetime) -> Observation:
    """Security said no, or whoever asked took it back: the rules hold as before."""
    asked = _moved(observation_id, to)
    asked.save(update_fields=["state"])
    _record(EventKind.OBSERVE_CLOSED, asked, by=by, at=at, state=str(to))
    return asked


@transaction.atomic
def end_observing(*, observation_id: UUID, reason: str, by: Actor, at: datetime) -> Observation:
    """Let the rules hold again before the time is over.

    Raises:
        NotFound: no such period, or one the person may not see. NotAllowed: the permission. Invalid: the reason.
        Conflict: it is not in force.
    """
    seen = _locked(observation_id, by)
    authorize(by, END, path_of(seen))
    seen.end_reason = _reason(reason, "Say why: whoever uses the initiative reads it.")
    return _end(seen, Because.PERSON, by=by, at=at)


def tend_observations(*, by: Actor, at: datetime) -> int:
    """End what has run out, and tell those concerned three days before. Return how many rows were touched."""
    running = Observation.objects.filter(state=ObservationState.IN_FORCE)
    over = running.filter(ends_at__lte=at).order_by("pk").values_list("pk", flat=True)
    ended = each_row("end_observations", over, lambda key: _run_out(key, by=by, at=at))
    soon = running.filter(ends_at__gt=at, ends_at__lte=at + WARN_BEFORE, warned_at=None).order_by("pk")
    return ended + each_row(
        "warn_of_observations", soon.values_list("pk", flat=True), lambda key: _warn(key, by=by, at=at)
    )


@transaction.atomic
def end_for_terms(*, destination_id: UUID, terms_id: UUID, by: Actor, at: datetime) -> int:
    """New terms are not those that security decided on: end every period toward the destination; return how many."""
    stale = Observation.objects.filter(destination_id=destination_id).exclude(terms_id=terms_id)
    return _end_all(stale, Because.TERMS, by=by, at=at)


@transaction.atomic
def end_for_classification(*, dataset_id: UUID, by: Actor, at: datetime) -> int:
    """Data classified higher is not what security decided on: end every period of who may send it there; return how many."""
    pair = {"initiative": OuterRef("initiative"), "destination": OuterRef("destination")}
    granted = Grant.objects.filter(**pair, dataset_id=dataset_id, mode=Mode.PROMPT, state__in=LIVE_GRANT)
    return _end_all(Observation.objects.filter(Exists(granted)), Because.CLASSIFICATION, by=by, at=at)


def _end_all(found: QuerySet[Observation], because: Because, *, by: Actor, at: datetime) -> int:
    running = found.filter(state=ObservationState.IN_FORCE).order_by("pk").values_list("pk", flat=True)
    ended = [_end(_one(key), because, by=by, at=at) for key in list(running)]
    return len(ended)


@transaction.atomic
def _run_out(observation_id: UUID, *, by: Actor, at: datetime) -> bool:
    seen = _one(observation_id)
    if seen.state != ObservationState.IN_FORCE or seen.ends_at is None or seen.ends_at > at:
        return False
    _end(seen, Because.TIME, by=by, at=at)
    return True


@transaction.atomic
def _warn(observation_id: UUID, *, by: Actor, at: datetime) -> bool:
    seen = _one(observation_id)
    if seen.state != ObservationState.IN_FORCE or seen.warned_at is not None:
        return False
    seen.warned_at = at
    seen.save(update_fields=["warned_at"])
    _record(EventKind.OBSERVE_ENDS_SOON, seen, by=by, at=at)
    text = f"In a few days the rules hold again: {sentence_of(seen)} until then. See what they would stop."
    _tell("gateway.observe_ends_soon", text, seen, by=by, at=at)
    return True


def _end(seen: Observation, because: Because, *, by: Actor, at: datetime) -> Observation:
    require(may_move(ObservationState(seen.state), ObservationState.ENDED), Conflict)
    seen.state, seen.ended_because, seen.ended_by_id = ObservationState.ENDED, because, by.person
    seen.ends_at = min(at, seen.ends_at or at)
    seen.save(update_fields=["state", "ended_because", "ended_by", "ends_at", "end_reason"])
    _record(EventKind.OBSERVE_ENDED, seen, by=by, at=at, because=str(because))
    text = f"The rules hold again for {seen.initiative.title} toward {seen.destination.title}."
    _tell("gateway.observe_ended", text, seen, by=by, at=at)
    return seen


def _state_wish(asked: Observation, days: int, reason: str, *, at: datetime) -> None:
    """Fill in what is asked for. Raises NotAllowed, Invalid."""
    require(observable(asked.initiative_id, asked.destination_id, at=at))
    left = days_left(periods_of(asked.initiative_id, asked.destination_id))
    require(may_ask(days, left=left), Invalid if left else NotAllowed)
    asked.days, asked.terms = days, terms_in_force(asked.destination_id, at=at)
    asked.reason = _reason(reason, "Say what is to be found out: security decides by it.")


def _moved(observation_id: UUID, to: ObservationState) -> Observation:
    asked = _one(observation_id)
    require(may_move(ObservationState(asked.state), to), Conflict)
    asked.state = to
    return asked


def _locked(observation_id: UUID, by: Actor) -> Observation:
    seen = visible_observations(standing_of(by.person)) if by.person else Observation.objects.all()
    if not seen.filter(pk=observation_id).exists():
        raise NotFound("no_such_observation", "There is no such period.")
    return _one(observation_id)


def _one(observation_id: UUID) -> Observation:
    hold_subject(KIND, observation_id)
    related = Observation.objects.select_related("initiative__accountable_unit", "destination")
    return related.select_for_update(of=("self",)).get(pk=observation_id)


def _reason(reason: str, remedy: str) -> str:
    if says_nothing(reason):
        raise Invalid("no_reason", "A reason is missing.", field="reason", remedy=remedy)
    if len(reason.strip()) > LONGEST_REASON:
        raise Invalid("reason_too_long", f"A reason has at most {LONGEST_REASON} characters.", field="reason")
    return " ".join(reason.split())


def _tell(kind: str, text: str, seen: Observation, *, by: Actor, at: datetime) -> None:
    people: Iterable[UUID] = told_of(seen)
    notify(people=people, kind=kind, text=text, link=link_of(seen.pk), by=by, at=at)


def _record(kind: EventKind, seen: Observation, *, by: Actor, at: datetime, **detail: Any) -> None:
    named = {"initiative": seen.initiative.code, "destination": seen.destination.ref, **detail}
    record(kind, subject=f"observation:{seen.pk}", by=by, at=at, unit_path=path_of(seen), **named)
