"""Two people act on one thing at the same moment: exactly one valid outcome, no error that nobody understands."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

import builders
import contesting
import scope
from contesting import award, claim, contest_about, rule
from governance.core.errors import DomainError
from governance.initiatives.models import Contest, Ruling
from governance.organisation.roles import Role

pytestmark = pytest.mark.usefixtures("committed_db")


def at_once(*acts):
    """Do all of it at the same moment; return what each came to: a row's state, or the code of a refusal."""

    def run(act):
        try:
            return act()
        except DomainError as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


@pytest.fixture
def sides():
    return [contesting.headed(name) for name in ("Claims", "Digital", "IT")]


@pytest.fixture
def arbiter(sides):
    return builders.actor_with(Role.ARBITER, builders.organisation())


@pytest.fixture
def portal(sides, arbiter):
    return scope.initiative(sides[0].unit, by=sides[0].head, title="Letters")


def test_three_claims_at_once_are_one_contest(portal, sides):
    at_once(*(lambda side=side: claim(portal, side).state for side in sides))
    assert Contest.objects.count() == 1
    assert set(contest_about(portal).claims.values_list("unit__name", "state")) == {
        ("Claims", "contested"),
        ("Digital", "contested"),
        ("IT", "contested"),
    }


def test_one_unit_claiming_twice_at_once_claims_once(portal, sides):
    outcomes = at_once(*(lambda: claim(portal, sides[1]).unit.name for _ in range(3)))
    assert sorted(outcomes) == ["Digital", "claimed_already", "claimed_already"]


def test_two_rulings_at_once_are_one(portal, sides, arbiter):
    claim(portal, sides[1])
    contest = contest_about(portal)
    outcomes = at_once(*(lambda side=side: rule(contest, award(side), by=arbiter).outcome for side in sides[:2]))
    assert sorted(outcomes) == ["award", "not_open"]
    portal.refresh_from_db()
    assert portal.accountable_unit_id == Ruling.objects.get().unit_id


def test_a_claim_and_a_ruling_at_once_are_one_after_the_other(portal, sides, arbiter):
    claim(portal, sides[1])
    contest = contest_about(portal)
    ruled, claimed = at_once(
        lambda: rule(contest, award(sides[1]), by=arbiter).outcome, lambda: claim(portal, sides[2]).unit.name
    )
    assert ruled == "award"
    assert claimed in {"just_ruled", "IT"}
    portal.refresh_from_db()
    assert portal.accountable_unit == sides[1].unit
    assert Contest.objects.count() == 1


def test_an_appeal_twice_at_once_is_one(portal, sides, arbiter):
    claim(portal, sides[1])
    contest = contest_about(portal)
    rule(contest, award(sides[1]), by=arbiter)
    outcomes = at_once(*(lambda: contesting.appeal(contest, sides[0]).unit.name for _ in range(2)))
    assert sorted(outcomes) == ["Claims", "not_appealable"]
