"""A training set of which nobody knows whether the provider has it: noticed once, settled by a person who can look there. All data is synthetic."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

import builders
import everything
import scope
from governance.core.errors import Conflict, NotAllowed, NotFound
from governance.core.ids import uuid7
from governance.gateway.rules import PUBLICATION_DUE_AFTER, PublicationState
from governance.gateway.services.publications import notice_possibly_sent, settle_publication
from governance.gateway.services.tuning import END
from governance.notices.models import Notice
from governance.organisation.roles import Role
from governance.training.models import ReleaseRequest, TrainingSet
from governance.training.rules import TrainingSetState

CLOCK = builders.INSTALLER
SOON, LATE = PUBLICATION_DUE_AFTER - timedelta(seconds=1), PUBLICATION_DUE_AFTER


@pytest.fixture
def every(group):
    unit, at = builders.unit("Claims"), builders.AT
    lead = builders.actor_with(Role.REQUESTER, unit)
    row = TrainingSet.objects.create(
        initiative=scope.initiative(unit, by=lead),
        title="Letters",
        digest=everything.DIGEST,
        bytes=1,
        storage_ref="synthetic",
        state=TrainingSetState.RELEASABLE,
        uploaded_by_id=lead.person,
        uploaded_at=at,
    )
    sent = everything.possibly_sent(row, scope.destination(), at=at)
    return SimpleNamespace(unit=unit, lead=lead, training_set=row, publication=sent, at=at)


@pytest.fixture
def steward(every):
    return builders.actor_with(Role.DATA_STEWARD, every.unit)


@pytest.fixture
def sending(every):
    """A gateway began to send it and wrote nothing since."""
    row = every.publication
    row.state, row.ended_at = PublicationState.SENDING, None
    row.save()
    return row


def settle(every, arrived, *, by, publication=None):
    number = publication or every.publication.pk
    return settle_publication(
        publication_id=number, training_set_id=every.training_set.pk, arrived=arrived, by=by, at=every.at
    )


def state_of(row):
    row.refresh_from_db()
    return PublicationState(row.state)


def told(person):
    return Notice.objects.filter(person_id=person, kind="gateway.set_possibly_sent").count()


@pytest.mark.parametrize(("later", "state"), [(SOON, "sending"), (LATE, "unknown")], ids=["in time", "overdue"])
def test_one_whose_gateway_is_gone_was_possibly_sent(every, sending, later, state):
    notice_possibly_sent(by=CLOCK, at=every.at + later)
    assert state_of(sending) == state


def test_those_who_can_look_are_told_once(every, steward):
    assert notice_possibly_sent(by=CLOCK, at=every.at) == 1
    assert notice_possibly_sent(by=CLOCK, at=every.at + LATE) == 0
    assert (told(steward.person), told(every.lead.person)) == (1, 0)


def test_what_is_not_there_may_be_sent_again_by_the_same_release(every, steward):
    settle(every, False, by=steward)
    every.publication.permit.refresh_from_db()
    assert (state_of(every.publication), every.publication.permit.used_at) == (PublicationState.FAILED, None)
    assert every.publication.settled_by_id == steward.person


def test_what_is_there_has_left_and_its_release_stays_used(every, steward):
    settle(every, True, by=steward)
    every.publication.permit.refresh_from_db()
    every.training_set.refresh_from_db()
    assert state_of(every.publication) is PublicationState.ARRIVED
    assert every.publication.permit.used_at is not None
    assert every.training_set.state == TrainingSetState.RELEASED


@pytest.mark.parametrize("arrived", [True, False])
def test_what_was_settled_is_not_settled_again(every, steward, arrived):
    settle(every, True, by=steward)
    with pytest.raises(Conflict) as refused:
        settle(every, arrived, by=builders.actor_with(Role.IT_APPROVER, every.unit))
    assert refused.value.code == "not_possibly_sent"
    assert state_of(every.publication) is PublicationState.ARRIVED


def test_one_on_its_way_is_not_settled(every, sending, steward):
    with pytest.raises(Conflict):
        settle(every, False, by=steward)


@pytest.mark.parametrize(
    ("settled", "state", "used"), [(True, "arrived", True), (None, "sent", True)], ids=["settled", "not settled"]
)
def test_a_gateway_that_was_alive_after_all_is_believed_unless_a_person_was_first(
    every, sending, steward, settled, state, used
):
    notice_possibly_sent(by=CLOCK, at=every.at + LATE)
    if settled is not None:
        settle(every, settled, by=steward)
    late = {"id": sending.pk, "state": PublicationState.SENT, "provider_id": "file-1", "at": every.at + 2 * LATE}
    with connection.cursor() as cursor:
        cursor.execute(END, late)
    sending.permit.refresh_from_db()
    assert (state_of(sending), sending.permit.used_at is not None) == (state, used)


def test_whoever_asked_for_the_release_does_not_settle_it(every, steward):
    row = every.publication
    ReleaseRequest.objects.create(
        training_set=row.training_set,
        destination=row.destination,
        terms=row.permit.terms,
        asked_by_id=steward.person,
        asked_at=every.at,
        permit=row.permit,
    )
    with pytest.raises(NotAllowed) as refused:
        settle(every, False, by=steward)
    assert refused.value.code == "own_release"
    notice_possibly_sent(by=CLOCK, at=every.at)
    assert told(steward.person) == 0


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.BUILDER, Role.PLATFORM_ADMIN])
def test_others_do_not_settle_it(every, role):
    with pytest.raises(NotAllowed):
        settle(every, False, by=builders.actor_with(role, every.unit))


def test_another_call_is_none_of_this_set(every, steward):
    with pytest.raises(NotFound):
        settle(every, True, by=steward, publication=uuid7())


def test_each_step_is_in_the_log(every, steward, recorded):
    notice_possibly_sent(by=CLOCK, at=every.at)
    settle(every, True, by=steward)
    kinds = recorded.kinds(f"training_set:{every.training_set.pk}")
    assert kinds == ["training.set_possibly_sent", "training.set_settled"]
