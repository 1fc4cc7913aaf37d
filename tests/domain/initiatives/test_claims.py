"""Claims: units say that they own an initiative, and on what ground."""

import pytest

import builders
import scope
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.initiatives import selectors, services
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def summaries(owner, claims):
    return scope.initiative(claims, title="Summaries", by=owner)


@pytest.fixture
def rival(retail):
    return builders.actor_with(Role.UNIT_HEAD, retail)


def claim(initiative, unit, by, *, basis="budget", evidence="Cost centre 4711", at=builders.AT):
    return services.assert_claim(
        initiative_id=initiative.pk, unit_id=unit.pk, basis=basis, evidence=evidence, by=by, at=at
    )


def row_of(initiative, reader):
    return selectors.initiative(initiative.code, standing=standing_of(reader.person)).row


def test_the_owners_claim_contests_nothing(summaries, owner, claims):
    claim(summaries, claims, owner)
    row = row_of(summaries, owner)
    assert (row.claims, row.contested) == (1, False)


def test_a_second_unit_makes_it_contested_and_pauses_nothing(summaries, owner, rival, retail, claims):
    claim(summaries, claims, owner)
    claim(summaries, retail, rival, basis="data")
    row = row_of(summaries, owner)
    assert (row.claims, row.contested, row.state) == (2, True, "idea")
    assert row.unit == claims.name


def test_both_sides_are_shown(summaries, owner, rival, retail, claims):
    claim(summaries, claims, owner)
    claim(summaries, retail, rival, basis="data", evidence="We keep the tickets.")
    shown = selectors.initiative(summaries.code, standing=standing_of(owner.person)).claims
    assert [(each.unit, each.basis, each.is_owner, bool(each.may_withdraw)) for each in shown] == [
        (claims.name, "budget", True, True),
        (retail.name, "data", False, False),
    ]


def test_a_claiming_unit_sees_what_it_claims(summaries, rival, retail):
    claim(summaries, retail, rival)
    assert row_of(summaries, rival).contested


def test_nobody_claims_for_another_unit(summaries, outsider, claims):
    with pytest.raises(NotAllowed):
        claim(summaries, claims, outsider)


def test_a_unit_claims_once(summaries, owner, claims):
    claim(summaries, claims, owner)
    with pytest.raises(Conflict, match="claimed_already"):
        claim(summaries, claims, owner)


def test_a_claim_without_evidence_is_refused(summaries, owner, claims):
    with pytest.raises(Invalid, match="no_evidence"):
        claim(summaries, claims, owner, evidence=" ")


def test_a_withdrawn_claim_ends_the_contest_and_can_be_made_again(summaries, owner, rival, retail, at):
    first = claim(summaries, retail, rival)
    services.withdraw_claim(claim_id=first.pk, by=rival, at=at)
    assert not row_of(summaries, owner).contested
    with pytest.raises(Conflict, match="wrong_state"):
        services.withdraw_claim(claim_id=first.pk, by=rival, at=at)
    claim(summaries, retail, rival)
    assert row_of(summaries, owner).contested


def test_the_other_side_withdraws_nothing(summaries, owner, rival, retail, at):
    theirs = claim(summaries, retail, rival)
    with pytest.raises(NotAllowed):
        services.withdraw_claim(claim_id=theirs.pk, by=owner, at=at)


def test_contested_ones_are_found(summaries, owner, rival, retail, claims):
    scope.initiative(claims, by=owner)
    claim(summaries, retail, rival)
    found = selectors.initiatives(standing=standing_of(owner.person), contested=True)
    assert [row.code for row in found.rows] == [summaries.code]
    assert found.total == 1


def test_both_kinds_of_event_tell_of_the_initiative(summaries, rival, retail, at, recorded):
    made = claim(summaries, retail, rival)
    services.withdraw_claim(claim_id=made.pk, by=rival, at=at)
    assert recorded.kinds(summaries.pk)[-2:] == ["initiatives.claim_asserted", "initiatives.claim_withdrawn"]
