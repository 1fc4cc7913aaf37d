"""Transfers: one head offers, the other accepts; and a unit that is dissolved leaves no orphan."""

import pytest
from django.db import IntegrityError, transaction

import builders
import contesting
import scope
from contesting import DAY, claim, contest_about
from governance.core.actors import CLOCK
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.initiatives import services
from governance.initiatives.models import Accountability, Claim, Transfer
from governance.organisation.roles import Role
from governance.organisation.selectors import unit
from governance.organisation.services import dissolve_unit

pytestmark = pytest.mark.django_db


def offer(thing, to, *, by, reason="They run the portal.", at=contesting.AT):
    return services.offer_transfer(initiative_id=thing.pk, unit_id=to.pk, reason=reason, by=by, at=at)


def answer(transfer, *, by, accept=True, at=contesting.AT):
    return services.answer_transfer(transfer_id=transfer.pk, accept=accept, by=by, at=at)


def owner_of(thing):
    thing.refresh_from_db()
    return thing.accountable_unit


def test_both_heads_together_change_the_owner(portal, mine, theirs, at, recorded):
    made = offer(portal, theirs, by=mine.head)
    assert owner_of(portal) == mine.unit
    answer(made, by=theirs.head, at=at + DAY)
    assert owner_of(portal) == theirs.unit
    history = list(Accountability.objects.filter(initiative=portal).values_list("unit__name", "through", "since"))
    assert history == [("Claims", "proposal", at), ("Digital", "transfer", at + DAY)]
    assert recorded.kinds(portal.pk)[-1] == "initiatives.owner_changed"


def test_no_unit_is_accountable_twice_at_one_moment(portal, theirs):
    with pytest.raises(IntegrityError), transaction.atomic():
        portal.accountabilities.create(unit=theirs.unit, since=portal.created_at, through="transfer")


def test_a_declined_offer_changes_nothing(portal, mine, theirs):
    made = answer(offer(portal, theirs, by=mine.head), by=theirs.head, accept=False)
    assert (made.state, owner_of(portal)) == ("declined", mine.unit)


def test_only_heads_hand_over(portal, mine, theirs):
    requester = builders.actor_with(Role.REQUESTER, mine.unit)
    with pytest.raises(NotAllowed, match="not_permitted"):
        offer(portal, theirs, by=requester)
    with pytest.raises(NotAllowed, match="not_permitted"):
        answer(offer(portal, theirs, by=mine.head), by=requester)


def test_whoever_heads_both_does_not_do_it_alone(portal, theirs, chief):
    with pytest.raises(NotAllowed, match="own_offer"):
        answer(offer(portal, theirs, by=chief), by=chief)


def test_an_offer_says_why(portal, mine, theirs):
    with pytest.raises(Invalid, match="no_reason"):
        offer(portal, theirs, by=mine.head, reason=" ")


def test_one_offer_at_a_time(portal, mine, theirs, third, at):
    made = offer(portal, theirs, by=mine.head)
    with pytest.raises(Conflict, match="offered_already"):
        offer(portal, third, by=mine.head)
    services.withdraw_transfer(transfer_id=made.pk, by=mine.head, at=at)
    assert offer(portal, third, by=mine.head).state == "offered"


def test_an_offer_runs_out(portal, mine, theirs, at):
    made = offer(portal, theirs, by=mine.head)
    assert services.expire_transfers(by=CLOCK, at=made.expires_at - DAY) == 0
    assert services.expire_transfers(by=CLOCK, at=made.expires_at) == 1
    with pytest.raises(Conflict, match="not_open"):
        answer(made, by=theirs.head, at=made.expires_at)


def test_two_heads_settle_a_contest_between_them(contest, portal, mine, theirs):
    answer(offer(portal, theirs, by=mine.head), by=theirs.head)
    contest.refresh_from_db()
    assert (contest.state, owner_of(portal)) == ("ended", theirs.unit)
    assert Claim.objects.get(unit=theirs.unit).state == "owner"


def test_they_do_not_settle_it_over_a_third(contest, portal, mine, theirs, third):
    claim(portal, third)
    with pytest.raises(Conflict, match="contested"):
        offer(portal, theirs, by=mine.head)


def test_what_a_dissolved_unit_owned_goes_to_its_successor(portal, mine, theirs, admin, at):
    dissolve_unit(unit_id=mine.pk, successor_id=theirs.pk, by=admin, at=at + DAY)
    assert owner_of(portal) == theirs.unit
    with pytest.raises(NotFound, match="no_such_unit"):
        unit(mine.pk)


def test_or_to_the_unit_above(portal, mine, group, admin, at):
    dissolve_unit(unit_id=mine.pk, by=admin, at=at)
    assert owner_of(portal) == group


def test_its_claims_end_and_so_do_contests_with_one_side_left(contest, portal, mine, theirs, third, admin, at):
    dissolve_unit(unit_id=theirs.pk, successor_id=third.pk, by=admin, at=at)
    contest.refresh_from_db()
    assert (contest.state, owner_of(portal)) == ("ended", mine.unit)
    assert Claim.objects.get(unit=theirs.unit).state == "withdrawn"


def test_a_contest_goes_on_with_the_successor_of_the_owner(contest, portal, mine, theirs, third, admin, at):
    claim(portal, mine)
    dissolve_unit(unit_id=mine.pk, successor_id=third.pk, by=admin, at=at)
    contest.refresh_from_db()
    assert (contest.state, contest.standing_unit, contest.interim_unit) == ("open", third.unit, third.unit)


def test_a_contest_whose_owners_successor_is_the_other_side_ends(contest, portal, mine, theirs, admin, at):
    dissolve_unit(unit_id=mine.pk, successor_id=theirs.pk, by=admin, at=at)
    contest.refresh_from_db()
    assert (contest.state, owner_of(portal)) == ("ended", theirs.unit)


def test_offers_to_a_dissolved_unit_end(portal, mine, theirs, third, admin, at):
    offer(portal, theirs, by=mine.head)
    dissolve_unit(unit_id=theirs.pk, successor_id=third.pk, by=admin, at=at)
    assert Transfer.objects.get().state == "withdrawn"


@pytest.mark.parametrize(
    ("which", "code"),
    [pytest.param("top", "top_unit", id="the top unit"), pytest.param("full", "has_units", id="a unit with units")],
)
def test_a_unit_that_cannot_be_dissolved(group, mine, theirs, admin, at, which, code):
    builders.unit("Team", parent=mine.unit)
    with pytest.raises(Conflict, match=code):
        dissolve_unit(unit_id={"top": group, "full": mine}[which].pk, by=admin, at=at)


def test_nobody_proposes_for_a_dissolved_unit(mine, theirs, chief, admin, at):
    dissolve_unit(unit_id=mine.pk, successor_id=theirs.pk, by=admin, at=at)
    with pytest.raises(NotFound, match="no_such_unit"):
        scope.initiative(mine.unit, by=chief)


def test_a_dissolved_units_contest_elsewhere_is_left_alone(contest, portal, third, admin, at):
    dissolve_unit(unit_id=third.pk, by=admin, at=at)
    assert contest_about(portal).state == "open"
