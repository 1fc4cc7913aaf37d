"""Figures of waiting, compared with a small world whose waits are known by hand."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

import asking
import builders
import scope as things
from governance.approvals.rules import DecisionKind
from governance.insights.kept import kept
from governance.insights.open_requests import ages, open_requests
from governance.insights.pace import pace, side_by_side, weeks
from governance.insights.scope import scope_for
from governance.insights.waiting import answers, waits
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from harness.databases import connected_to

pytestmark = pytest.mark.django_db
AT, HOUR = asking.AT, asking.HOUR
LATER = AT + timedelta(days=30)
# Hours after being sent at which steward, IT and then security said yes, for each request of Claims.
CLAIMS = [(2, 10, 14), (4, 6, 30), (6, 20, 26)]


@pytest.fixture
def reader(laid, group):
    return standing_of(builders.person(Role.EXECUTIVE, group).pk)


@pytest.fixture
def figures(reader):
    return scope_for(reader, at=LATER)


@pytest.fixture(scope="module")
def laid(server, django_db_setup, django_db_blocker):
    """The world, laid once for the tests of this file, in a database of the file's own."""
    name = server.clone()
    with django_db_blocker.unblock(), connected_to(name):
        with transaction.atomic():
            made = _lay()
            connection.run_on_commit.clear()  # as in a test that is rolled back: no task starts, no letter leaves
        yield made
    server.drop(name)


def _lay() -> SimpleNamespace:
    """Three requests of Claims decided as CLAIMS says; of Retail one refused by IT after 5 hours and one still open."""
    group = builders.organisation()
    claims, retail, office = builders.unit("Claims"), builders.unit("Retail"), builders.unit("Data Office")
    owner, outsider = builders.actor_with(Role.REQUESTER, claims), builders.actor_with(Role.REQUESTER, retail)
    steward = builders.actor_with(Role.DATA_STEWARD, office)
    it, security = builders.actor_with(Role.IT_APPROVER, group), builders.actor_with(Role.SECURITY_APPROVER, group)
    letters = things.dataset(office, title="Claims letters", ref="letters", classification="confidential")
    asked = [asking.grant(letters, things.destination(title="Our tenant", ref="tenant", **asking.OUR_TENANT))]
    for hours in CLAIMS:
        request = asking.sent(things.initiative(claims, by=owner), asked, by=owner)
        for decider, hour in zip((steward, it, security), hours, strict=True):
            asking.say(DecisionKind.APPROVE, request, by=decider, at=AT + hour * HOUR)
    refused = asking.sent(things.initiative(retail, by=outsider), asked, by=outsider)
    asking.say(DecisionKind.APPROVE, refused, by=steward, at=AT + HOUR)
    asking.say(DecisionKind.REJECT, refused, by=it, comment="Not there.", at=AT + 5 * HOUR)
    still_open = asking.sent(things.initiative(retail, by=outsider), asked, by=outsider)
    return SimpleNamespace(request=still_open, retail=retail)


@pytest.fixture
def world(laid, db):
    """The request that is still open."""
    return laid.request


@pytest.fixture
def retail(laid):
    return laid.retail


def shown(named):
    return {each.name: (round(each.wait.half, 6), round(each.wait.most, 6), each.wait.number) for each in named}


def test_waits_of_stages_tiers_and_units_are_those_counted_by_hand(world, figures):
    found = waits(figures)
    # Security waits from the last of steward and IT: 14 - 10, 30 - 6 and 26 - 20 hours.
    assert shown(found.stages) == {"Data stewards": (3, 5.4, 4), "IT": (8, 17, 4), "Security": (6, 20.4, 3)}
    assert shown(found.tiers) == {"low": (6, 20, 11)}
    assert shown(found.units) == {"Claims": (6, 20.8, 9), "Retail": (3, 4.6, 2)}


def test_each_role_is_timed_by_its_answers(world, figures):
    found = shown(answers(figures).roles)
    assert found == {"data_steward": (3, 5.4, 4), "it_approver": (8, 17, 4), "security_approver": (6, 20.4, 3)}


def test_who_waits_for_whom_begins_with_those_who_wait_now(world, figures):
    found = [(pair.asking, pair.role, pair.deciding, pair.waiting) for pair in answers(figures).pairs]
    assert found[:2] == [("Retail", "data_steward", "Data Office", 1), ("Retail", "it_approver", "", 1)]
    assert ("Claims", "security_approver", "", 0) in found


def test_the_pace_is_from_being_sent_to_a_yes_or_no(world, figures):
    found = pace(figures)
    assert (found.wait.half, found.wait.number, found.approved, found.before) == (20, 4, 3, None)


def test_side_by_side_is_the_longer_of_the_two_and_says_who_was_spared(world, figures):
    [found] = side_by_side(figures)
    assert (found.first, found.second, found.in_line.number) == ("Data stewards and IT", "Security", 3)
    assert (found.in_line.half, found.beside.half, found.saved_hours) == (26, 20, 6)
    assert found.spared == 1


def test_weeks_count_what_was_sent_and_what_was_decided(world, figures):
    counted = {each.week.isoformat(): (each.asked, each.decided) for each in weeks(figures, zone="Europe/Zurich")}
    assert counted["2026-03-02"] == (5, 4)
    assert sum(asked for asked, _ in counted.values()) == 5
    assert len(counted) == 14


def test_what_is_open_is_counted_by_age_and_listed(world, figures):
    assert [(age.from_days, age.to_days, age.number) for age in ages(figures)][-1] == (30, None, 1)
    [row] = open_requests(figures).rows
    assert (row.number, row.stages, row.roles) == (
        world.number, ("Data stewards", "IT"), (Role.DATA_STEWARD, Role.IT_APPROVER),
    )  # fmt: skip
    assert open_requests(figures, role="security_approver").total == 0
    assert open_requests(figures, older_than_days=31).total == 0


def test_outside_of_the_period_nothing_is_counted(world, reader):
    empty = scope_for(reader, at=AT)
    assert (waits(empty).stages, answers(empty).roles, pace(empty).wait, side_by_side(empty)) == ((), (), None, [])


def test_the_head_of_a_unit_sees_figures_of_that_unit_alone(world, retail):
    head = standing_of(builders.person(Role.UNIT_HEAD, retail).pk)
    found = scope_for(head, at=LATER)
    assert [row.name for row in waits(found).units] == ["Retail"]
    assert {pair.asking for pair in answers(found).pairs} == {"Retail"}


def test_what_is_kept_is_for_exactly_the_units_and_the_period(world, figures, reader, retail):
    assert kept(waits, figures) == kept(waits, figures) == waits(figures)
    head = standing_of(builders.person(Role.UNIT_HEAD, retail).pk)
    assert [row.name for row in kept(waits, scope_for(head, at=LATER)).units] == ["Retail"]
    assert kept(waits, scope_for(reader, at=AT)).stages == ()


def test_what_is_kept_is_not_read_again(world, figures, django_assert_num_queries):
    kept(answers, figures)
    with django_assert_num_queries(0):
        assert kept(answers, figures).roles
