"""Contests: opened by a second claim, owned by somebody meanwhile, ruled on by somebody of neither side, and ended."""

import pytest

import builders
import contesting
import scope
from contesting import DAY, claim, contest_about
from governance.core.actors import CLOCK, INSTALLER
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.initiatives import services
from governance.initiatives.models import Accountability, Claim
from governance.initiatives.rules import InitiativeState
from governance.initiatives.services.tending import tend_contests
from governance.notices.models import Notice
from governance.organisation.roles import Role
from governance.organisation.services import add_closure, deactivate_person, take_role

pytestmark = pytest.mark.django_db


def told(person_id, kind):
    return Notice.objects.filter(person_id=person_id, kind=f"initiatives.{kind}").count()


def state(contest, side, text="It is ours.", **more):
    return services.write_statement(
        contest_id=contest.pk, unit_id=side.pk, text=text, **({"by": side.head, "at": contesting.AT} | more)
    )


def test_a_contest_names_owner_arbiter_and_date(contest, portal, mine, arbiter, at, recorded):
    assert (contest.interim_unit, contest.standing_unit) == (mine.unit, mine.unit)
    assert contest.arbiter_id == arbiter.person
    assert contest.due_at.astimezone(at.tzinfo).date().isoformat() == "2026-03-30"  # 20 working days after 2 March
    portal.refresh_from_db()
    assert portal.accountable_unit == mine.unit


def test_everybody_concerned_is_told(contest, mine, theirs, arbiter):
    assert told(arbiter.person, "rule") == 1
    assert told(mine.person.pk, "contested") == 1


def test_a_third_claim_joins_the_contest(contest, portal, third):
    assert claim(portal, third).contest == contest
    assert portal.contests.count() == 1


def test_nobody_of_a_claiming_unit_rules(portal, theirs, group):
    partial = builders.person(Role.ARBITER, group, name="Ada Arbiter")
    builders.services.join_unit(person_id=partial.pk, unit_id=theirs.pk, by=INSTALLER, at=contesting.AT)
    claim(portal, theirs)
    assert contest_about(portal).arbiter is None


def test_the_nearest_arbiter_above_both_sides_rules(group, arbiter):
    division = builders.unit("Insurance")
    near = builders.actor_with(Role.ARBITER, division)
    one, two = contesting.headed("One", parent=division), contesting.headed("Two", parent=division)
    thing = scope.initiative(one.unit, by=one.head)
    claim(thing, two)
    assert contest_about(thing).arbiter_id == near.person


def test_a_third_side_from_elsewhere_moves_the_contest_up(group, arbiter, third):
    division = builders.unit("Insurance")
    builders.actor_with(Role.ARBITER, division)
    one, two = contesting.headed("One", parent=division), contesting.headed("Two", parent=division)
    thing = scope.initiative(one.unit, by=one.head)
    claim(thing, two)
    claim(thing, third)
    assert contest_about(thing).arbiter_id == arbiter.person


def test_a_contest_without_an_arbiter_gets_one_as_soon_as_there_is_one(portal, theirs, group, at):
    claim(portal, theirs)
    chosen = builders.person(Role.ARBITER, group)
    tend_contests(by=CLOCK, at=at)
    assert contest_about(portal).arbiter_id == chosen.pk


@pytest.mark.parametrize("leaves", [True, False], ids=["who leaves", "who loses the role"])
def test_an_arbiter_is_followed_by_another(contest, arbiter, group, at, leaves):
    successor = builders.person(Role.ARBITER, group, name="Sam Successor")
    tend_contests(by=CLOCK, at=at)
    contest.refresh_from_db()
    assert contest.arbiter_id == arbiter.person
    if leaves:
        deactivate_person(person_id=arbiter.person, by=INSTALLER, at=at)
    else:
        take_role(person_id=arbiter.person, role=Role.ARBITER, unit_id=group.pk, by=INSTALLER, at=at)
    tend_contests(by=CLOCK, at=at + DAY)
    contest.refresh_from_db()
    assert contest.arbiter_id == successor.pk


def test_a_side_states_its_case_and_rewrites_it(contest, theirs, recorded):
    assert state(contest, theirs).revision == 1
    assert state(contest, theirs, "It was always ours.", revision=1).revision == 2
    with pytest.raises(Conflict, match="stale_revision"):
        state(contest, theirs, "Twice.", revision=1)
    assert "always ours" not in recorded.text()


def test_only_sides_make_statements_and_only_for_themselves(contest, third, theirs, mine):
    with pytest.raises(NotAllowed, match="not_a_side"):
        state(contest, third)
    with pytest.raises(NotAllowed, match="not_permitted"):
        state(contest, theirs, by=mine.head)


@pytest.mark.parametrize("text", [" ", "x" * 8001], ids=["nothing", "a book"])
def test_a_statement_says_something_and_not_too_much(contest, theirs, text):
    with pytest.raises(Invalid, match="bad_statement"):
        state(contest, theirs, text)


def test_a_comment_reaches_both_sides(contest, mine, theirs, at):
    services.comment_contest(contest_id=contest.pk, text="When was it built?", by=theirs.head, at=at)
    assert contest.comments.get().text == "When was it built?"
    assert told(mine.person.pk, "contest_commented") == 1


def test_a_contest_with_one_side_left_ends(contest, portal, mine, theirs, at, recorded):
    services.withdraw_claim(claim_id=Claim.objects.get(unit=theirs.unit).pk, by=theirs.head, at=at)
    contest.refresh_from_db()
    portal.refresh_from_db()
    assert (contest.state, portal.accountable_unit) == ("ended", mine.unit)
    assert recorded.kinds(portal.pk)[-2:] == ["initiatives.claim_withdrawn", "initiatives.contest_ended"]
    claim(portal, theirs)
    assert portal.contests.count() == 2


def test_half_way_everybody_is_reminded_once(contest, arbiter, at):
    half = contest.remind_at
    tend_contests(by=CLOCK, at=half - DAY)
    assert told(arbiter.person, "contest_due") == 0
    for _ in range(2):
        tend_contests(by=CLOCK, at=half)
    assert told(arbiter.person, "contest_due") == 1


def test_silence_confirms_the_interim_owner_and_says_so(contest, portal, mine, theirs, recorded):
    tend_contests(by=CLOCK, at=contest.due_at - DAY)
    contest.refresh_from_db()
    assert contest.state == "open"
    for _ in range(2):
        tend_contests(by=CLOCK, at=contest.due_at)
    contest.refresh_from_db()
    ruling = contest.rulings.get()
    assert (contest.state, ruling.outcome, ruling.unit, ruling.ruled_by) == ("ruled", "confirm", mine.unit, None)
    assert ruling.reasons == "Nobody ruled by the due date, so the interim owner is confirmed."
    assert recorded.kinds(portal.pk).count("initiatives.contest_ruled") == 1


def test_the_history_names_one_unit_at_any_time(portal, mine):
    period = Accountability.objects.get(initiative=portal)
    assert (period.unit, period.since, period.through) == (mine.unit, portal.created_at, "proposal")


def test_what_is_retired_is_not_fought_over_any_more(contest, portal, mine, at):
    for state in (InitiativeState.PROPOSED, InitiativeState.ACTIVE):
        services.move_initiative(initiative_id=portal.pk, to=state, by=INSTALLER, at=at)
    services.retire_initiative(initiative_id=portal.pk, by=mine.head, at=at)
    contest.refresh_from_db()
    assert contest.state == "ended"


def test_a_contest_lasts_as_many_days_as_its_owner_works(portal, mine, theirs, at):
    closed = {"reason": "Works holiday", "first_date": at.date() + DAY, "last_date": at.date() + 4 * DAY}
    add_closure(unit_id=mine.pk, **closed, by=INSTALLER, at=at)
    claim(portal, theirs)
    assert contest_about(portal).due_at.date().isoformat() == "2026-04-03"
