"""Rounds over a scarce dataset: requests enter, nothing that is granted stops, and one award applies to all grants."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

import asking
import builders
import scope
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.remits import selectors, services
from governance.remits.allocations import Lot
from governance.remits.models import Allocation, Entry, Grant

pytestmark = pytest.mark.django_db
AT = builders.AT
CLOSED = AT + timedelta(days=15)
GETS = Lot(awarded=True)
NOT = Lot(awarded=False, reason="The other helps more people.")


def mark(dataset, by, *, scarcity="scarce", at=AT, **changed):
    told = {"scarcity": scarcity, "why": "One licence only.", "until": None, "round_days": 14} | changed
    return services.mark_dataset(dataset_id=dataset.pk, **told, by=by, at=at)


@pytest.fixture
def marked(letters, steward):
    return mark(letters, steward)


@pytest.fixture
def rivals(marked, letters, tenant, claims, retail, owner, outsider, deciders):
    """Two requests for one dataset, by two units."""
    ours = scope.initiative(claims, title="Ours", by=owner)
    theirs = scope.initiative(retail, title="Theirs", by=outsider)
    asked = [
        asking.sent(each, [asking.grant(letters, tenant)], by=by) for each, by in ((ours, owner), (theirs, outsider))
    ]
    return [Entry.objects.get(remit=request.subject_id) for request in asked]


def give(rivals, first, second, by, *, division="shared", at=CLOSED):
    lots = {rivals[0].pk: first, rivals[1].pk: second}
    return services.award(
        allocation_id=rivals[0].allocation_id, division=division, reasons="Weighed.", lots=lots, by=by, at=at
    )


def approve(entry, deciders, at=AT):
    request = asking.Request.objects.get(subject_id=entry.remit_id)
    return asking.approve(request, *deciders, at=at)


def grants(entry):
    return list(Grant.objects.filter(remit=entry.remit_id).values_list("state", flat=True))


def test_rival_requests_enter_one_round_in_their_order(rivals):
    assert Allocation.objects.count() == 1
    assert [entry.state for entry in rivals] == ["waiting", "waiting"]


def test_what_was_asked_before_the_mark_enters_too(letters, tenant, assistant, owner, deciders, steward):
    asking.sent(assistant, [asking.grant(letters, tenant)], by=owner)
    mark(letters, steward)
    assert Entry.objects.count() == 1


def test_an_approved_request_waits_for_the_award(rivals, deciders):
    approve(rivals[0], deciders)
    assert grants(rivals[0]) == ["pending"]


def test_one_award_applies_to_all(rivals, deciders, steward):
    for entry in rivals:
        approve(entry, deciders)
    give(rivals, GETS, NOT, steward)
    assert (grants(rivals[0]), grants(rivals[1])) == (["active"], [])
    assert Entry.objects.get(pk=rivals[1].pk).reason == NOT.reason


@pytest.mark.parametrize(("lot", "left"), [pytest.param(GETS, ["active"], id="won"), pytest.param(NOT, [], id="lost")])
def test_who_is_approved_later_gets_their_lot_then(lot, left, rivals, deciders, steward):
    give(rivals, lot, replace(lot, awarded=not lot.awarded, reason="Later."), steward)
    approve(rivals[0], deciders, at=CLOSED)
    assert grants(rivals[0]) == left


def test_in_sequence_each_begins_on_its_day(rivals, deciders, steward):
    for entry in rivals:
        approve(entry, deciders)
    first = replace(GETS, starts=date(2026, 4, 1), ends=date(2026, 4, 30))
    second = replace(GETS, starts=date(2026, 5, 1), ends=date(2026, 5, 31))
    give(rivals, first, second, steward, division="sequence")
    turns = [Grant.objects.get(remit=entry.remit_id) for entry in rivals]
    assert turns[0].ends_at == turns[1].starts_at


def test_grants_there_are_stay_and_their_renewal_enters_no_round(letters, tenant, assistant, owner, deciders, steward):
    request = asking.approve(asking.sent(assistant, [asking.grant(letters, tenant)], by=owner), *deciders)
    mark(letters, steward)
    asking.sent(assistant, [asking.grant(letters, tenant, ends="2026-10-01")], by=owner)
    assert Grant.objects.get(remit=request.subject_id).state == "active"
    assert not Entry.objects.exists()


def test_a_withdrawn_request_leaves_the_round_and_keeps_its_place_when_sent_again(rivals, steward):
    request = asking.Request.objects.get(subject_id=rivals[0].remit_id)
    asking.say(asking.DecisionKind.REQUEST_CHANGES, request, by=steward, comment="Fewer.")
    assert Entry.objects.get(pk=rivals[0].pk).state == "withdrawn"
    remit = asking.Remit.objects.get(pk=rivals[0].remit_id)
    by = builders.actor(remit.drafted_by)
    services.submit(remit_id=remit.pk, revision=remit.revision, by=by, at=AT + timedelta(days=1))
    again = Entry.objects.get(pk=rivals[0].pk)
    assert (again.state, again.entered_at) == ("waiting", rivals[0].entered_at)


def test_a_request_after_the_close_enters_the_next_round(rivals, letters, tenant, claims, owner):
    late = scope.initiative(claims, title="Late", by=owner)
    asking.sent(late, [asking.grant(letters, tenant)], by=owner, at=CLOSED)
    assert Allocation.objects.count() == 2


def test_nothing_is_awarded_while_others_may_still_ask(rivals, steward):
    with pytest.raises(Conflict, match="still_open"):
        give(rivals, GETS, NOT, steward, at=AT)


def test_it_is_awarded_once(rivals, steward):
    give(rivals, GETS, NOT, steward)
    with pytest.raises(Conflict, match="awarded_already"):
        give(rivals, NOT, GETS, steward)


def test_a_refusal_says_why(rivals, steward):
    with pytest.raises(Invalid, match="no_reason_for_refusal"):
        give(rivals, GETS, Lot(awarded=False), steward)


def test_only_the_steward_awards_and_marks(rivals, owner, letters):
    with pytest.raises(NotAllowed):
        give(rivals, GETS, NOT, owner)
    with pytest.raises(NotAllowed):
        mark(letters, owner)


def test_nobody_awards_a_round_with_their_own_request(rivals, owner_person, data_office):
    builders.services.give_role(
        person_id=owner_person.pk, role=Role.DATA_STEWARD, unit_id=data_office.pk, by=builders.INSTALLER, at=AT
    )
    with pytest.raises(NotAllowed, match="own_request"):
        give(rivals, GETS, NOT, builders.actor(owner_person))


def test_the_clock_closes_a_round_and_tells_the_steward(rivals, steward):
    assert services.close_rounds(by=builders.INSTALLER, at=CLOSED) == 1
    assert selectors.allocations_to_decide(standing_of(steward.person), at=CLOSED) == 1


def test_a_requester_sees_their_place_and_rivals_by_unit_only(rivals, outsider, claims):
    page = selectors.allocation(rivals[0].allocation_id, standing=standing_of(outsider.person))
    rival, own = page.entries
    assert (page.row.place, page.row.entries) == (2, 2)
    assert (rival.unit, rival.title, rival.purpose_text, rival.whole) == (claims.name, "", "", False)
    assert own.title == "Theirs"


def test_who_has_no_part_in_it_sees_no_round(rivals):
    stranger = builders.actor_with(Role.REQUESTER, builders.unit("Elsewhere"))
    with pytest.raises(NotFound):
        selectors.allocation(rivals[0].allocation_id, standing=standing_of(stranger.person))


def test_a_case_is_made_until_the_award(rivals, owner, steward):
    def state():
        told = {"expected_value": "1,000 hours a year", "beneficiaries": "Claimants"}
        return services.state_case(entry_id=rivals[0].pk, **told, by=owner, at=AT)

    assert state().expected_value == "1,000 hours a year"
    give(rivals, GETS, NOT, steward)
    with pytest.raises(Conflict, match="decided_already"):
        state()


def test_a_dataset_tells_who_uses_asks_and_plans(rivals, letters, tenant, claims, owner, steward, deciders):
    asking.draft(scope.initiative(claims, title="Planned", by=owner), [asking.grant(letters, tenant)], by=owner)
    use = selectors.dataset_use(letters, standing=standing_of(steward.person))
    assert sorted((row.title, row.stage) for row in use.uses) == [
        ("Ours", "asked"),
        ("Planned", "planned"),
        ("Theirs", "asked"),
    ]
