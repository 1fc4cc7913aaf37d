"""What becomes of remits, grants and requests when initiatives change hands, are cut in parts, or go up in one another."""

import pytest

import asking
import builders
import contesting
import scope
from contesting import award, contest_about, rule
from governance.approvals.models import Request
from governance.core.canonical import digest
from governance.core.errors import Invalid
from governance.initiatives.models import Initiative
from governance.initiatives.rules import Outcome, Part, Plan
from governance.organisation.roles import Role
from governance.remits import services as remits
from governance.remits.models import Grant, Remit

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(group):
    return contesting.headed("Digital")


@pytest.fixture
def arbiter(group):
    return builders.actor_with(Role.ARBITER, group)


@pytest.fixture
def contest(assistant, theirs, arbiter):
    contesting.claim(assistant, theirs)
    return contest_about(assistant)


@pytest.fixture
def approved(request_for_letters, deciders):
    return asking.approve(request_for_letters, *deciders)


def part_for(side, *datasets):
    return Part("Portal replies", "Answer in the portal.", side.pk, tuple(datasets))


def test_an_open_request_goes_on_under_the_new_owner(request_for_letters, contest, theirs, arbiter, deciders):
    rule(contest, award(theirs), by=arbiter)
    request = Request.objects.get(pk=request_for_letters.pk)
    assert (request.state, request.unit) == ("in_review", theirs.unit)
    assert asking.approve(request, *deciders).state == "approved"


def test_grants_run_on_and_drafts_name_the_new_owner(approved, assistant, contest, theirs, arbiter, owner, at):
    draft = remits.start_draft(initiative_id=assistant.pk, by=owner, at=at)
    rule(contest, award(theirs), by=arbiter)
    draft.refresh_from_db()
    assert draft.body["unit"] == theirs.unit.ref
    assert Grant.objects.get(remit_id=approved.subject_id).state == "active"


def test_a_split_carries_rights_over_on_the_same_terms(approved, assistant, contest, claims, theirs, arbiter):
    before = Grant.objects.get(remit_id=approved.subject_id)
    rule(contest, Plan(Outcome.SPLIT, claims.pk, (part_for(theirs, "letters"),)), by=arbiter)
    part = Initiative.objects.get(title="Portal replies")
    carried, remit = Grant.objects.get(initiative=part), Remit.objects.get(initiative=part)
    same = ("dataset_id", "purpose", "mode", "destination_id", "terms_id", "conditions", "ends_at", "state")
    assert [getattr(carried, name) for name in same] == [getattr(before, name) for name in same]
    assert (remit.state, remit.digest, part.state) == ("approved", digest(remit.body), "active")
    assert remit.body["unit"] == theirs.unit.ref
    before.refresh_from_db()
    assert before.state == "superseded"


def test_a_part_takes_no_data_that_was_not_approved(approved, contest, claims, theirs, arbiter, handbook):
    with pytest.raises(Invalid, match="no_such_grant"):
        rule(contest, Plan(Outcome.SPLIT, claims.pk, (part_for(theirs, handbook.ref),)), by=arbiter)


def test_a_merge_ends_rights_and_drafts_them_where_it_goes_up(approved, contest, theirs, arbiter):
    target = scope.initiative(theirs.unit, by=theirs.head, title="Replies")
    rule(contest, Plan(Outcome.MERGE, into=target.pk), by=arbiter)
    draft = Remit.objects.get(initiative=target)
    assert (draft.state, [each["dataset"] for each in draft.body["grants"]]) == ("draft", ["letters"])
    assert Grant.objects.get(remit_id=approved.subject_id).state == "revoked"


def test_a_dissolved_units_data_and_patterns_go_to_its_successor(data_office, letters, group, admin, at):
    builders.services.dissolve_unit(unit_id=data_office.pk, by=admin, at=at)
    letters.refresh_from_db()
    assert letters.steward_unit == group
