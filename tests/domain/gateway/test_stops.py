"""One person stops at once; two lift it, however fast they are; who has nothing to do with it sees nothing of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

import builders
import sending
from governance.core.actors import GATEWAY
from governance.core.clock import now
from governance.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from governance.gateway.models import Stop
from governance.gateway.selectors import stops as selectors
from governance.gateway.services.stops import ask_lift, confirm_lift, keep_stop, place_stop
from governance.gateway.stopping import LIFT_ASK_LIFE, StopScope, StopState
from governance.notices.models import Notice
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.work.services import beat

WHY = "A synthetic leak."


def sender():
    """Return an initiative that sends to a destination, with its unit and its lead."""
    who, place = sending.builder(), sending.destination("https://quill.example/v1")
    sending.grant(who, place)
    unit = who.initiative.accountable_unit
    return SimpleNamespace(
        initiative=who.initiative, destination=place, unit=unit, lead_person=who.person, at=now() + timedelta(seconds=1)
    )


@pytest.fixture
def every(group):
    return sender()


@pytest.fixture
def ana(every):
    return builders.actor_with(Role.SECURITY_ANALYST)


@pytest.fixture
def sven(every):
    return builders.actor_with(Role.SECURITY_APPROVER)


def place(every, by, scope=StopScope.INITIATIVE, *, drill=False, reason=WHY):
    targets = {
        StopScope.INITIATIVE: every.initiative.code,
        StopScope.DESTINATION: every.destination.ref,
        StopScope.PERSON: every.lead_person.login,
        StopScope.EVERYTHING: None,
    }
    return place_stop(scope=scope, target=targets[scope], reason=reason, drill=drill, by=by, at=every.at)


def lift(stop, first, second, at):
    ask_lift(stop_id=stop.pk, reason="It is mended.", by=first, at=at)
    return confirm_lift(stop_id=stop.pk, by=second, at=at)


def shown(stop, by, at):
    return selectors.stop(stop.pk, standing=standing_of(by.person), at=at)


def kinds_told(person):
    return set(Notice.objects.filter(person=person).values_list("kind", flat=True))


def test_one_person_stops_and_two_lift_it(every, ana, sven):
    stop = place(every, ana)
    assert shown(stop, ana, every.at).row.state is StopState.IN_FORCE
    lift(stop, ana, sven, every.at)
    row = shown(stop, ana, every.at).row
    assert (row.state, row.lift_asked_by, row.lifted_by) == (StopState.LIFTED, ana.name, sven.name)


def test_whoever_asked_does_not_confirm(every, ana):
    stop = place(every, ana)
    ask_lift(stop_id=stop.pk, reason="It is mended.", by=ana, at=every.at)
    with pytest.raises(NotAllowed) as refused:
        confirm_lift(stop_id=stop.pk, by=ana, at=every.at)
    assert refused.value.code == "own_request"


def test_a_head_stops_an_initiative_of_theirs_and_needs_security_to_go_on(every, ana):
    head, other = (builders.actor_with(Role.UNIT_HEAD, every.unit) for _ in range(2))
    stop = place(every, head)
    ask_lift(stop_id=stop.pk, reason="It is mended.", by=head, at=every.at)
    with pytest.raises(NotAllowed) as refused:
        confirm_lift(stop_id=stop.pk, by=other, at=every.at)
    assert refused.value.code == "not_permitted"
    assert confirm_lift(stop_id=stop.pk, by=ana, at=every.at).lifted_at == every.at


@pytest.mark.parametrize("scope", [StopScope.EVERYTHING, StopScope.DESTINATION, StopScope.PERSON])
def test_a_head_stops_nothing_that_is_not_theirs(every, scope):
    with pytest.raises(NotAllowed):
        place(every, builders.actor_with(Role.UNIT_HEAD), scope)


def test_a_wish_to_lift_that_nobody_confirmed_within_a_day_is_over(every, ana, sven):
    stop = place(every, ana)
    ask_lift(stop_id=stop.pk, reason="It is mended.", by=ana, at=every.at)
    with pytest.raises(Conflict) as refused:
        confirm_lift(stop_id=stop.pk, by=sven, at=every.at + LIFT_ASK_LIFE)
    assert refused.value.code == "lift_not_asked"


def test_a_wish_that_was_set_aside_lifts_nothing(every, ana, sven):
    stop = place(every, ana)
    ask_lift(stop_id=stop.pk, reason="It is mended.", by=ana, at=every.at)
    keep_stop(stop_id=stop.pk, by=sven, at=every.at)
    with pytest.raises(Conflict):
        confirm_lift(stop_id=stop.pk, by=sven, at=every.at)


@pytest.mark.parametrize("scope", list(StopScope))
def test_the_same_is_stopped_once_and_can_be_drilled_meanwhile(every, ana, scope):
    place(every, ana, scope)
    place(every, ana, scope, drill=True)
    with pytest.raises(Conflict) as refused:
        place(every, ana, scope)
    assert refused.value.code == "stopped_already"


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        pytest.param("  ", "no_reason", id="none"),
        pytest.param("x" * 501, "reason_too_long", id="too long to stand in every refusal"),
    ],
)
def test_a_stop_needs_a_reason(every, ana, reason, code):
    with pytest.raises(Invalid) as refused:
        place(every, ana, reason=reason)
    assert refused.value.code == code


def test_a_stop_without_a_name_stops_nothing_by_accident(every, ana):
    for scope, target in [(StopScope.INITIATIVE, ""), (StopScope.EVERYTHING, "letters")]:
        with pytest.raises(Invalid) as refused:
            place_stop(scope=scope, target=target, reason=WHY, by=ana, at=every.at)
        assert refused.value.code == "wrong_target"


def test_those_who_send_and_those_who_lift_are_told_and_a_drill_tells_nobody(every, ana, sven):
    place(every, ana, drill=True)
    assert not {kind for kind in kinds_told(every.lead_person) if kind.startswith("gateway.")}
    stop = place(every, ana)
    ask_lift(stop_id=stop.pk, reason="It is mended.", by=ana, at=every.at)
    assert {"gateway.stopped", "gateway.stop_lift_asked"} <= kinds_told(sven.person)
    confirm_lift(stop_id=stop.pk, by=sven, at=every.at)
    assert {"gateway.stopped", "gateway.stop_lifted"} <= kinds_told(every.lead_person)


def test_another_unit_sees_nothing_of_a_stop_of_an_initiative(every, ana):
    stranger = builders.actor_with(Role.SECURITY_ANALYST, builders.unit("Retail"))
    stop, wide = place(every, ana), place(every, ana, StopScope.DESTINATION)
    for act in (lambda: shown(stop, stranger, every.at), lambda: lift(stop, stranger, ana, every.at)):
        with pytest.raises(NotFound):
            act()
    seen = selectors.stops(standing=standing_of(stranger.person), at=every.at)
    assert [row.id for row in seen.rows] == [wide.pk]


def test_the_stopped_person_sees_it_and_does_not_lift_it(every, ana, sven):
    stopped = builders.actor_with(Role.SECURITY_ANALYST)
    login = every.lead_person.__class__.objects.get(pk=stopped.person).login
    stop = place_stop(scope=StopScope.PERSON, target=login, reason=WHY, by=ana, at=every.at)
    told = selectors.stops_in_force(standing_of(stopped.person), every.at)
    assert [row.id for row in told] == [stop.pk]
    with pytest.raises(NotAllowed) as refused:
        ask_lift(stop_id=stop.pk, reason="I am fine.", by=stopped, at=every.at)
    assert refused.value.code == "own_stop"


def test_a_builder_is_told_of_what_concerns_them_and_of_nothing_else(every, ana):
    place(every, ana)
    place(every, ana, StopScope.DESTINATION)
    told = selectors.stops_in_force(standing_of(every.lead_person.pk), every.at)
    assert [row.scope for row in told] == [StopScope.INITIATIVE]
    assert [row.scope for row in selectors.stops_in_force(standing_of(ana.person), every.at)] == [
        StopScope.DESTINATION,
        StopScope.INITIATIVE,
    ]


def test_a_process_that_was_alive_and_says_nothing_is_named(every, ana):
    for process, late in (("gate:1", timedelta(seconds=2)), ("gate:2", timedelta(minutes=1))):
        beat(process=process, kind="gateway", detail={}, by=GATEWAY, at=every.at - late)
    row = shown(place(every, ana, drill=True), ana, every.at).row
    assert (row.missing, row.slowest_ms) == (["gate:1"], None)


def test_a_list_of_stops_takes_as_many_queries_for_two_as_for_twenty(every, ana, django_assert_max_num_queries):
    for _ in range(20):
        place(every, ana, drill=True)
    standing = standing_of(ana.person)
    with django_assert_max_num_queries(4):
        assert len(selectors.stops(standing=standing, at=every.at).rows) == 20


def test_of_two_who_confirm_at_once_one_lifts(committed_db):
    every = sender()
    ana, sven, third = (builders.actor_with(Role.SECURITY_APPROVER) for _ in range(3))
    stop = place(every, ana)
    ask_lift(stop_id=stop.pk, reason="It is mended.", by=ana, at=every.at)

    def confirm(by):
        try:
            return confirm_lift(stop_id=stop.pk, by=by, at=every.at) and "lifted"
        except DomainError as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        outcomes = list(both.map(confirm, (sven, third)))
    assert sorted(outcomes) == ["lifted", "lifted_already"]
    assert Stop.objects.get(pk=stop.pk).lifted_by_id in {sven.person, third.person}
