"""Rulings: given once, carried out in one go, appealed once, and made by silence when nobody rules."""

from datetime import timedelta

import pytest

import builders
import contesting
import scope
from contesting import DAY, appeal, award, claim, rule
from governance.core.actors import CLOCK, INSTALLER
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.initiatives import selectors
from governance.initiatives.models import Claim, Initiative
from governance.initiatives.rules import Involvement, Outcome, Part, Plan, Share
from governance.initiatives.services import add_member, preview_ruling
from governance.initiatives.services.tending import tend_contests
from governance.notices.models import Notice
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of

pytestmark = pytest.mark.django_db


def owner_of(thing):
    thing.refresh_from_db()
    return thing.accountable_unit


def test_an_award_changes_the_owner_and_says_how(contest, portal, theirs, arbiter, recorded):
    ruling = rule(contest, award(theirs), by=arbiter)
    assert owner_of(portal) == theirs.unit
    assert ruling.applied_at == contesting.AT
    assert recorded.kinds(portal.pk) == [
        "initiatives.contest_ruled",
        "initiatives.ruling_applied",
        "initiatives.owner_changed",
    ]


def test_the_loser_may_not_claim_again_without_something_new(contest, portal, mine, theirs, arbiter, at):
    rule(contest, award(mine), by=arbiter)
    later = at + 31 * DAY
    tend_contests(by=CLOCK, at=later)
    with pytest.raises(Conflict, match="lost_lately"):
        claim(portal, theirs, at=later)
    assert claim(portal, theirs, at=later, new_evidence="A contract of 30 March.").state == "contested"


def test_nobody_claims_while_a_ruling_may_be_appealed(contest, portal, mine, third, arbiter):
    rule(contest, award(mine), by=arbiter)
    with pytest.raises(Conflict, match="just_ruled"):
        claim(portal, third)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"reasons": " "}, "no_reasons", id="without reasons"),
        pytest.param({"days": -1}, "bad_effective_date", id="in the past"),
        pytest.param({"days": 366}, "bad_effective_date", id="in two years"),
    ],
)
def test_a_ruling_is_sound(contest, theirs, arbiter, change, code):
    with pytest.raises(Invalid, match=code):
        rule(contest, award(theirs), by=arbiter, **change)


def test_only_the_arbiter_rules(contest, theirs, chief):
    with pytest.raises(NotAllowed, match="not_the_arbiter"):
        rule(contest, award(theirs), by=chief)


def test_an_arbiter_rules_once(contest, mine, theirs, arbiter):
    rule(contest, award(theirs), by=arbiter)
    with pytest.raises(Conflict, match="not_open"):
        rule(contest, award(mine), by=arbiter)


def test_a_later_date_is_kept_by_the_clock(contest, portal, mine, theirs, arbiter, at):
    ruling = rule(contest, award(theirs), by=arbiter, days=7)
    tend_contests(by=CLOCK, at=ruling.effective_at - timedelta(seconds=1))
    assert owner_of(portal) == mine.unit
    for _ in range(2):
        tend_contests(by=CLOCK, at=ruling.effective_at)
    assert owner_of(portal) == theirs.unit


def test_a_split_makes_initiatives_of_the_parts(contest, portal, mine, theirs, arbiter, at):
    builder = builders.person(Role.BUILDER, theirs.unit)
    add_member(initiative_id=portal.pk, person_id=builder.pk, by=mine.head, at=at)
    plan = Plan(Outcome.SPLIT, mine.pk, (Part("Portal replies", "Answer in the portal.", theirs.pk),))
    rule(contest, plan, by=arbiter)
    part = Initiative.objects.get(title="Portal replies")
    assert (part.accountable_unit, owner_of(portal)) == (theirs.unit, mine.unit)
    assert selectors.is_member(part.pk, builder.pk)
    assert Claim.objects.get(unit=theirs.unit).lost_at is None


def test_a_split_names_only_data_that_it_may_use(contest, mine, theirs, arbiter):
    plan = Plan(Outcome.SPLIT, mine.pk, (Part("Portal replies", "Answer.", theirs.pk, (str(mine.pk),)),))
    with pytest.raises(Invalid, match="no_such_grant"):
        rule(contest, plan, by=arbiter)


def test_a_merge_lets_it_go_up_in_another(contest, portal, mine, theirs, arbiter):
    other = scope.initiative(theirs.unit, by=theirs.head, title="Replies")
    rule(contest, Plan(Outcome.MERGE, into=other.pk), by=arbiter)
    assert (owner_of(portal), portal.state) == (theirs.unit, "rejected")
    assert selectors.is_member(other.pk, mine.person.pk)


def test_a_merge_into_nothing_is_refused(contest, mine, arbiter):
    with pytest.raises(Invalid, match="no_target"):
        rule(contest, Plan(Outcome.MERGE, into=mine.pk), by=arbiter)


def test_sharing_names_the_part_of_every_unit(contest, portal, mine, theirs, third, arbiter):
    shares = (Share(theirs.pk, Involvement.RESPONSIBLE), Share(third.pk, Involvement.INFORMED))
    rule(contest, Plan(Outcome.SHARE, mine.pk, shares=shares), by=arbiter)
    page = selectors.initiative(portal.code, standing=standing_of(third.person.pk))
    assert [(row.unit, row.involvement) for row in page.involved] == [("Digital", "responsible"), ("IT", "informed")]


def test_a_responsible_unit_adds_builders_of_its_own(contest, portal, mine, theirs, third, arbiter, at):
    shares = (Share(theirs.pk, Involvement.RESPONSIBLE), Share(third.pk, Involvement.INFORMED))
    rule(contest, Plan(Outcome.SHARE, mine.pk, shares=shares), by=arbiter)
    builder = builders.person(Role.BUILDER, theirs.unit)
    add_member(initiative_id=portal.pk, person_id=builder.pk, by=theirs.head, at=at)
    with pytest.raises(NotAllowed):
        add_member(initiative_id=portal.pk, person_id=third.person.pk, by=third.head, at=at)


def test_an_appeal_goes_to_the_head_of_the_top_unit_when_no_arbiter_is_higher(contest, mine, theirs, arbiter, chief):
    rule(contest, award(theirs), by=arbiter)
    appeal(contest, mine)
    contest.refresh_from_db()
    assert (contest.state, contest.level, contest.arbiter_id) == ("appealed", 2, chief.person)
    assert contest.interim_unit == theirs.unit


def test_an_appeal_goes_to_the_arbiter_above_the_first(group, arbiter):
    division = builders.unit("Insurance")
    near = builders.actor_with(Role.ARBITER, division)
    one, two = contesting.headed("One", parent=division), contesting.headed("Two", parent=division)
    thing = scope.initiative(one.unit, by=one.head)
    claim(thing, two)
    contest = contesting.contest_about(thing)
    rule(contest, award(two), by=near)
    appeal(contest, one)
    contest.refresh_from_db()
    assert contest.arbiter_id == arbiter.person


def test_the_second_ruling_is_final(contest, portal, mine, theirs, arbiter, chief, at):
    first = rule(contest, award(theirs), by=arbiter)
    appeal(contest, mine)
    second = rule(contest, award(mine), by=chief)
    contest.refresh_from_db()
    assert (contest.state, owner_of(portal), second.appeal_of) == ("final", mine.unit, first)
    with pytest.raises(Conflict, match="not_appealable"):
        appeal(contest, theirs)


@pytest.mark.parametrize(
    ("winner", "days", "error", "code"),
    [
        pytest.param("theirs", 0, NotAllowed, "not_a_loser", id="the winner"),
        pytest.param("mine", 30, Conflict, "appeal_too_late", id="a loser who slept"),
    ],
)
def test_who_may_not_appeal(contest, mine, theirs, arbiter, at, winner, days, error, code):
    rule(contest, award({"mine": mine, "theirs": theirs}[winner]), by=arbiter)
    with pytest.raises(error, match=code):
        appeal(contest, theirs, at=at + days * DAY)


def test_an_appeal_stops_what_has_not_taken_effect(contest, portal, mine, theirs, arbiter, chief, at):
    first = rule(contest, award(theirs), by=arbiter, days=7)
    appeal(contest, mine)
    tend_contests(by=CLOCK, at=first.effective_at)
    assert owner_of(portal) == mine.unit
    rule(contest, award(mine), by=chief, at=at + 8 * DAY)
    tend_contests(by=CLOCK, at=at + 20 * DAY)
    first.refresh_from_db()
    assert (owner_of(portal), first.applied_at) == (mine.unit, None)


def test_silence_on_an_appeal_lets_the_first_ruling_stand(contest, portal, mine, theirs, arbiter, chief):
    rule(contest, award(theirs), by=arbiter, days=7)
    appeal(contest, mine)
    contest.refresh_from_db()
    tend_contests(by=CLOCK, at=contest.due_at)
    contest.refresh_from_db()
    assert (contest.state, owner_of(portal)) == ("final", theirs.unit)
    assert contest.rulings.get(level=2).reasons.endswith("so the first ruling stands.")


def test_silence_may_be_appealed(contest, portal, mine, theirs, chief):
    tend_contests(by=CLOCK, at=contest.due_at)
    appeal(contest, theirs, at=contest.due_at + DAY)
    contest.refresh_from_db()
    rule(contest, award(theirs), by=chief, at=contest.due_at)
    assert owner_of(portal) == theirs.unit


def test_what_nobody_appeals_becomes_final(contest, mine, arbiter, at):
    rule(contest, award(mine), by=arbiter)
    tend_contests(by=CLOCK, at=at + 30 * DAY)
    contest.refresh_from_db()
    assert (contest.state, contest.closed_at) == ("final", at + 30 * DAY)


def test_the_review_is_asked_for_once(contest, mine, arbiter, at):
    rule(contest, award(mine), by=arbiter)
    for days in (179, 181, 182):
        tend_contests(by=CLOCK, at=at + days * DAY)
    assert Notice.objects.filter(person_id=arbiter.person, kind="initiatives.review").count() == 1


def test_what_people_write_stays_out_of_the_log(contest, mine, theirs, arbiter, recorded):
    rule(contest, award(theirs), by=arbiter, reasons="Synthetic Sally never built it.")
    appeal(contest, mine, reasons="Synthetic Sally did.")
    assert "Sally" not in recorded.text()


def test_a_preview_changes_nothing_and_refuses_what_a_ruling_would(contest, portal, mine, theirs, arbiter, at):
    said = {"contest_id": contest.pk, "reasons": "Synthetic.", "effective": at.date(), "by": arbiter, "at": at}
    preview_ruling(plan=award(theirs), review=at.date() + DAY, **said)
    contest.refresh_from_db()
    assert (contest.state, owner_of(portal), contest.rulings.count()) == ("open", mine.unit, 0)
    with pytest.raises(Invalid, match="bad_review_date"):
        preview_ruling(plan=award(theirs), review=at.date(), **said)


def test_a_process_does_not_rule(contest, mine):
    with pytest.raises(Invalid, match="no_person"):
        rule(contest, award(mine), by=INSTALLER)
