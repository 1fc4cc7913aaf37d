"""Claims: units say that they own an initiative or a capability, on what ground, and in whose name."""

import pytest

import builders
import contesting
import scope
from contesting import DAY, claim, contest_about, headed
from governance.core.actors import CLOCK
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.initiatives import selectors, services
from governance.initiatives.rules import STANDS_AFTER
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of

pytestmark = pytest.mark.django_db


def row_of(initiative, reader):
    return selectors.initiative(initiative.code, standing=standing_of(reader.person)).row


def test_the_owners_claim_contests_nothing(portal, mine):
    assert claim(portal, mine).state == "owner"
    row = row_of(portal, mine.head)
    assert (row.claims, row.contested) == (1, False)


def test_a_second_unit_makes_it_contested_and_pauses_nothing(portal, mine, theirs):
    claim(portal, mine)
    claim(portal, theirs, basis="data")
    row = row_of(portal, mine.head)
    assert (row.claims, row.contested, row.state, row.unit) == (2, True, "idea", "Claims")


def test_both_sides_are_shown(portal, mine, theirs):
    claim(portal, mine)
    claim(portal, theirs, basis="data", evidence="We keep the tickets.")
    shown = selectors.initiative(portal.code, standing=standing_of(mine.head.person)).claims
    assert [(each.unit, each.basis, each.state, each.is_owner, bool(each.may_withdraw)) for each in shown] == [
        ("Claims", "budget", "contested", True, True),
        ("Digital", "data", "contested", False, False),
    ]


def test_a_claiming_unit_sees_what_it_claims(portal, theirs):
    claim(portal, theirs)
    assert row_of(portal, theirs.head).contested


def test_a_requester_claims_in_the_name_of_the_head(portal, theirs, recorded):
    requester = builders.actor_with(Role.REQUESTER, theirs.unit)
    made = claim(portal, theirs, by=requester)
    assert (made.vouched_by_id, made.made_by_id) == (theirs.person.pk, requester.person)
    assert recorded.about(portal.pk)[0]["detail"]["head"] == str(theirs.person.pk)


def test_a_unit_without_a_head_is_vouched_for_by_the_head_above(portal, theirs):
    team = builders.unit("Portal team", parent=theirs.unit)
    assert claim(portal, contesting.Headed(team, theirs.person)).state == "contested"


def test_a_part_in_it_is_no_contest(portal, theirs):
    assert claim(portal, theirs, accountable=False).state == "uncontested"
    assert contest_about(portal) is None


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        pytest.param({"evidence": " "}, Invalid, "no_evidence", id="saying so is not enough"),
        pytest.param({"evidence": "x" * 4001}, Invalid, "evidence_too_long", id="nobody reads a book"),
        pytest.param({"basis": "seniority"}, Invalid, "unknown_basis", id="grounds come from a list"),
    ],
)
def test_a_claim_shows_something_for_it(portal, theirs, change, error, code):
    with pytest.raises(error, match=code):
        claim(portal, theirs, **change)


def test_another_units_head_vouches_for_nothing(portal, mine, theirs):
    with pytest.raises(Invalid, match="not_the_head"):
        claim(portal, contesting.Headed(theirs.unit, mine.person), by=theirs.head)


def test_nobody_claims_for_another_unit(portal, mine, theirs):
    with pytest.raises(NotAllowed):
        claim(portal, mine, by=theirs.head)


def test_a_unit_claims_once(portal, theirs):
    claim(portal, theirs)
    with pytest.raises(Conflict, match="claimed_already"):
        claim(portal, theirs)


def test_the_other_side_withdraws_nothing(portal, mine, theirs, at):
    made = claim(portal, theirs)
    with pytest.raises(NotAllowed):
        services.withdraw_claim(claim_id=made.pk, by=mine.head, at=at)


def test_who_may_not_see_an_initiative_learns_of_no_claim_on_it(portal, theirs, at):
    made = claim(portal, theirs)
    with pytest.raises(NotFound):
        services.withdraw_claim(claim_id=made.pk, by=headed("Far away").head, at=at)


def test_contested_ones_are_found(portal, mine, theirs):
    scope.initiative(mine.unit, by=mine.head)
    claim(portal, theirs)
    found = selectors.initiatives(standing=standing_of(mine.head.person), contested=True)
    assert ([row.code for row in found.rows], found.total) == ([portal.code], 1)


def test_a_capability_belongs_to_whoever_claims_it_first_when_nobody_else_does(drafting, theirs, at):
    made = claim(drafting, theirs)
    assert services.confirm_standing(by=CLOCK, at=at + STANDS_AFTER - DAY) == 0
    assert services.confirm_standing(by=CLOCK, at=at + STANDS_AFTER) == 1
    drafting.refresh_from_db()
    made.refresh_from_db()
    assert (drafting.accountable_unit, made.state) == (theirs.unit, "owner")


def test_two_claims_on_a_capability_are_a_contest_that_who_runs_it_owns_meanwhile(drafting, mine, theirs, at):
    claim(drafting, mine)
    claim(drafting, theirs, basis="run", at=at + DAY)
    drafting.refresh_from_db()
    assert drafting.accountable_unit == contest_about(drafting).interim_unit == theirs.unit
    assert services.confirm_standing(by=CLOCK, at=at + 90 * DAY) == 0


@pytest.fixture
def drafting(arbiter, at):
    return services.add_capability(title="Document drafting", purpose_text="Drafts of any kind.", by=arbiter, at=at)
